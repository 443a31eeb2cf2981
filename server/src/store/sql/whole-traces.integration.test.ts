/** What a statement about ten minutes knows of traces that last for days, and what it reads for that. */
import type { Span, SpanId, TraceData, TraceId } from '@clew/model';
import { parseFilterSyntax } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import type { TimeRange } from '../span-store.ts';
import { compileBounds } from './compile-filter.ts';
import { startInRange } from './start-range.ts';
import { TenantScope } from './tenant-scope.ts';

const HOUR = 3_600_000_000_000n;
const DAY = 24n * HOUR;
const START = 1_760_000_000_000_000_000n;
const LONG = '11'.repeat(16) as TraceId;
const SHORT = '22'.repeat(16) as TraceId;
const TENANT = 'acme';

function span(traceId: TraceId, id: number, parent: number, startTimeUnixNano: bigint, name: string): Span {
  const idOf = (number: number): SpanId => (number === 0 ? '' : number.toString(16).padStart(16, '0')) as SpanId;
  return {
    traceId,
    spanId: idOf(id),
    parentSpanId: idOf(parent),
    traceState: '',
    flags: 0,
    name,
    kind: 1,
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + 1_000_000_000n,
    attributes: [{ key: 'step', value: { type: 'int', value: BigInt(id) } }],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
}

function dataOf(service: string, spans: readonly Span[]): TraceData {
  const resource = {
    attributes: [{ key: 'service.name', value: { type: 'string' as const, value: service } }],
    droppedAttributesCount: 0,
  };
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans, schemaUrl: '' }], schemaUrl: '' }] };
}

let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
  const receive = (service: string, one: Span): Promise<void> =>
    store.insert(dataOf(service, [one]), TENANT, Number(one.startTimeUnixNano / 1_000_000n));
  // A trace of three days: each day's spans lie in a partition of their own.
  await receive('nightly', span(LONG, 1, 0, START, 'migrate'));
  await receive('worker', span(LONG, 2, 1, START + DAY, 'copy'));
  await receive('worker', span(LONG, 3, 2, START + 2n * DAY, 'check'));
  await receive('worker', span(LONG, 4, 3, START + 3n * DAY, 'done'));
  await receive('web', span(SHORT, 5, 0, START + 2n * DAY, 'GET /'));
  await receive('web', span(SHORT, 6, 5, START + 2n * DAY + 1_000_000_000n, 'check'));
});

afterAll(() => store.close());

/** Trace ids and names of the spans in the range that satisfy the filter. */
async function found(filter: string, range: TimeRange, traceIds?: readonly TraceId[]): Promise<string[]> {
  const scope = new TenantScope(TENANT);
  const { sql } = compileBounds(parseFilterSyntax(filter).expression, { scope, range, ...(traceIds && { traceIds }) });
  const source = scope.from('spans', [startInRange(range, scope.parameters), sql]);
  const { text, parameters } = scope.statement(
    `SELECT concat(substring(lower(hex(trace_id)), 1, 2), ' ', name) AS one ${source} ORDER BY one`,
  );
  const { rows } = await store.client.selectJson<{ one: string }>(text, parameters);
  return rows.map(({ one }) => one);
}

const around = (time: bigint): TimeRange => ({ fromUnixNano: time - HOUR / 12n, toUnixNano: time + HOUR / 12n });

describe('a trace of three days', () => {
  const cases: readonly [string, bigint, readonly string[]][] = [
    ['{ traceDuration > 2d }', 2n, ['11 check']],
    ['{ traceDuration > 3d }', 3n, ['11 done']],
    ['{ traceDuration > 4d }', 2n, []],
    ['{ traceDuration < 1h }', 2n, ['22 GET /', '22 check']],
    ['{ rootName = "migrate" }', 1n, ['11 copy']],
    ['{ rootName = "migrate" && name = "check" }', 2n, ['11 check']],
    ['{ rootServiceName != "web" }', 3n, ['11 done']],
    ['{ rootServiceName = "nightly" || rootName = "GET /" }', 2n, ['11 check', '22 GET /', '22 check']],
    ['{ !(rootName != nil) }', 2n, []],
    ['{ traceDuration > 1000 * duration }', 2n, ['11 check']],
    ['{ rootName = name }', 2n, ['22 GET /']],
    ['{ rootName != name && traceDuration > 1d }', 2n, ['11 check']],
    ['{ parent.span.step = 2 }', 2n, ['11 check']],
    ['{ parent.step < 4 }', 3n, ['11 done']],
    ['{ parent.resource.service.name = "nightly" }', 1n, ['11 copy']],
    ['{ parent.span.step = 9 }', 2n, []],
  ];

  it.each(cases)('is seen whole by %s on day %s', async (filter, day, expected) => {
    expect(await found(filter, around(START + day * DAY))).toEqual(expected);
  });

  it.each(cases)('is seen whole by %s on day %s where the traces are known', async (filter, day, expected) => {
    expect(await found(filter, around(START + day * DAY), [LONG, SHORT])).toEqual(expected);
  });
});
