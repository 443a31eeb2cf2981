import { idAt, type SpanId, type SpanValues, type TraceData, type TraceId } from '@clew/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { matchTrace, traceValues } from './trace-spans.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const TRACE = 'ab'.repeat(16) as TraceId;
const OTHER = 'cd'.repeat(16) as TraceId;
const tenant = 'acme';

let engine: TestStore;
let store: ClickHouseSpanStore;

/** Span 1 over 2 to 5; the odd ones ask a database, the last with a text of 300 characters. */
function trace(traceId: TraceId): TraceData {
  const idOf = (number: number): SpanId => number.toString(16).padStart(16, '0') as SpanId;
  const spans = [1, 2, 3, 4, 5].map((number) => ({
    traceId,
    spanId: idOf(number),
    parentSpanId: (number === 1 ? '' : idOf(1)) as SpanId,
    traceState: '',
    flags: 1,
    name: number === 1 ? 'GET /' : 'step',
    kind: 2,
    startTimeUnixNano: NOW + BigInt(number),
    endTimeUnixNano: NOW + BigInt(number * 1_000),
    attributes:
      number % 2 === 1
        ? [{ key: 'db.text', value: { type: 'string' as const, value: number === 5 ? 'x'.repeat(300) : `q${number}` } }]
        : [{ key: 'db.rows', value: { type: 'int' as const, value: BigInt(number) } }],
    droppedAttributesCount: 0,
    events: number === 4 ? [{ name: 'retry', timeUnixNano: NOW, attributes: [], droppedAttributesCount: 0 }] : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: number === 4 ? 2 : 0, message: '' },
  }));
  const attributes = [
    { key: 'service.name', value: { type: 'string' as const, value: 'shop' } },
    { key: 'host.name', value: { type: 'string' as const, value: 'node-7' } },
  ];
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
  return {
    resourceSpans: [
      {
        resource: { attributes, droppedAttributesCount: 0 },
        scopeSpans: [{ scope, spans, schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  };
}

/** Numbers of the spans, ascending. */
function numbers({ spanId, count }: SpanValues): number[] {
  return Array.from({ length: count }, (_, at) => Number.parseInt(idAt(spanId, at), 16)).sort((a, b) => a - b);
}

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(trace(TRACE), tenant, NOW_MS);
  await engine.insert(trace(OTHER), tenant, NOW_MS);
  await engine.insert(trace(TRACE), 'another', NOW_MS);
}, 120_000);

afterAll(() => engine?.close());

describe('the spans of one trace that a query finds', () => {
  const match = async (text: string): Promise<number[]> =>
    numbers(await matchTrace(store, { tenant, traceId: TRACE, text }));

  it('are those of this trace and tenant only, each once', async () => {
    expect(await match('{ }')).toEqual([1, 2, 3, 4, 5]);
    expect(await match('{ .db.text = "q3" }')).toEqual([3]);
    expect(await match('{ status = error } || { status = error }')).toEqual([4]);
    expect(await match('{ .db.text = "nowhere" }')).toEqual([]);
  });

  it('come with the start that tells spans of one id apart', async () => {
    const found = await matchTrace(store, { tenant, traceId: TRACE, text: '{ .db.rows = 4 }' });
    expect([...found.start]).toEqual([NOW + 4n]);
  });

  it('may be related to one another, or found in what only whole traces tell', async () => {
    expect(await match('{ name = "GET /" } >> { .db.rows > 2 }')).toEqual([4]);
    expect(await match('{ .db.rows > 0 } | by(.db.rows)')).toEqual([2, 4]);
    expect(await match('{ event:name = "retry" }')).toEqual([4]);
    expect(await match('{ span:childCount = 4 }')).toEqual([1]);
  });

  it('are none of a trace that is not stored', async () => {
    const nowhere = 'ef'.repeat(16) as TraceId;
    expect(numbers(await matchTrace(store, { tenant, traceId: nowhere, text: '{ }' }))).toEqual([]);
  });

  it('are refused to a metrics query and to a text that is no query', async () => {
    await expect(match('{ } | rate()')).rejects.toMatchObject({ code: 'TRACEQL_TYPE' });
    await expect(match('{ name = }')).rejects.toMatchObject({ name: 'TraceqlError' });
  });
});

describe('one value of every span of a trace', () => {
  const values = async (name: string): Promise<string[]> => {
    const {
      count,
      spanId,
      values: texts = [],
      value = [],
    } = await traceValues(store, { tenant, traceId: TRACE, name });
    const rows = Array.from(
      { length: count },
      (_, at) => `${Number.parseInt(idAt(spanId, at), 16)}=${texts[value[at]]}`,
    );
    return rows.sort();
  };

  it('is its attribute, of any type; spans without it are left out', async () => {
    expect(await values('span.db.rows')).toEqual(['2=2', '4=4']);
    const texts = await values('.db.text');
    expect(texts.slice(0, 2)).toEqual(['1=q1', '3=q3']);
    expect(texts[2]).toBe(`5=${'x'.repeat(255)}…`);
  });

  it('may be of its resource, or an intrinsic', async () => {
    expect(await values('resource.host.name')).toEqual([1, 2, 3, 4, 5].map((number) => `${number}=node-7`));
    expect(await values('status')).toContain('4=error');
    expect(await values('kind')).toContain('1=server');
  });

  it('is nothing where no span has it', async () => {
    expect(await values('span.nowhere')).toEqual([]);
  });

  it('may be of an event of the span', async () => {
    expect(await values('event:name')).toEqual(['4=retry']);
  });

  it('is refused for what is no attribute', async () => {
    await expect(values('{ }')).rejects.toMatchObject({ code: 'QUERY_FIELD_INVALID' });
  });
});
