/** Searches over traces that lie in several days, have gaps, or were stored in parts; what an answer says of itself. */
import type { Attribute, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { type SearchRequest, searchTraces } from './search.ts';

const TENANT = 'days';
const NOON = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;
const HOUR = 3_600_000_000_000n;
const DAY = 24n * HOUR;
const RECEIVED_MS = Date.UTC(2026, 10, 20, 12, 30);
/** The hour before noon of the last day. */
const LAST_HOUR = { fromUnixNano: NOON - HOUR, toUnixNano: NOON };
const ALL_DAYS = { fromUnixNano: NOON - 5n * DAY, toUnixNano: NOON + DAY };

let engine: TestStore;
let store: ClickHouseSpanStore;

const traceIdOf = (number: number) => number.toString(16).padStart(32, '0') as TraceId;
const spanIdOf = (number: number) => number.toString(16).padStart(16, '0') as SpanId;

interface Spare {
  readonly trace: number;
  readonly id: number;
  readonly parent?: number;
  readonly name: string;
  readonly start: bigint;
  readonly attributes?: readonly Attribute[];
}

function spanOf({ trace, id, parent, name, start, attributes = [] }: Spare): Span {
  return {
    traceId: traceIdOf(trace),
    spanId: spanIdOf(id),
    parentSpanId: parent === undefined ? ('' as SpanId) : spanIdOf(parent),
    traceState: '',
    flags: 1,
    name,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 1_000_000n,
    attributes,
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
}

function dataOf(spans: readonly Spare[]): TraceData {
  const resource = {
    attributes: [{ key: 'service.name', value: { type: 'string' as const, value: 'shop' } }],
    droppedAttributesCount: 0,
  };
  const scope = { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 };
  return {
    resourceSpans: [{ resource, schemaUrl: '', scopeSpans: [{ scope, schemaUrl: '', spans: spans.map(spanOf) }] }],
  };
}

const route: Attribute = { key: 'http.route', value: { type: 'string', value: '/cart' } };

/** Trace 1: its root four days before its last span. Trace 2: the same within an hour. */
const LONG: readonly Spare[] = [
  { trace: 1, id: 1, name: 'root', start: NOON - 4n * DAY },
  { trace: 1, id: 2, parent: 1, name: 'middle', start: NOON - 2n * DAY },
  { trace: 1, id: 3, parent: 2, name: 'leaf', start: NOON - 30n * 60_000_000_000n, attributes: [route] },
  { trace: 2, id: 1, name: 'root', start: NOON - HOUR / 2n },
  { trace: 2, id: 3, parent: 1, name: 'leaf', start: NOON - HOUR / 4n },
];

/** Trace 3: a span whose parent was never stored. Trace 4: two roots. Trace 5: one span stored twice. */
const BROKEN: readonly Spare[] = [
  { trace: 3, id: 1, name: 'root', start: NOON - 20n },
  { trace: 3, id: 3, parent: 2, name: 'leaf', start: NOON - 10n },
  { trace: 4, id: 1, name: 'root', start: NOON - 20n },
  { trace: 4, id: 2, name: 'second root', start: NOON - 19n },
  { trace: 4, id: 3, parent: 2, name: 'leaf', start: NOON - 10n },
  { trace: 5, id: 1, name: 'root', start: NOON - 20n },
  { trace: 5, id: 3, parent: 1, name: 'leaf', start: NOON - 10n },
  { trace: 5, id: 3, parent: 1, name: 'leaf', start: NOON - 10n },
];

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(dataOf(LONG), TENANT, RECEIVED_MS);
  await engine.insert(dataOf(BROKEN), TENANT, RECEIVED_MS);
  // Of somebody else: the same ids, and what the queries look for.
  const foreign = { trace: 2, id: 9, parent: 3, name: 'foreign', start: NOON - 5n };
  await engine.insert(dataOf([foreign]), 'other', RECEIVED_MS);
});

afterAll(() => engine.close());

const ask = (text: string, request: Partial<SearchRequest> = {}) =>
  searchTraces(store, {
    tenant: TENANT,
    text,
    range: ALL_DAYS,
    limit: 20,
    spansPerTrace: 10,
    options: { timeoutMs: 120_000 },
    ...request,
  });

const numbersOf = (traces: readonly { readonly traceId: string }[]) =>
  traces.map(({ traceId }) => Number(`0x${traceId}`));

describe('a search over whole traces', () => {
  it.each([
    ['{ name = "root" } >> { name = "leaf" }', [5, 2, 1]],
    ['{ name = "leaf" } << { name = "root" }', [5, 2, 1]],
    ['{ name = "root" } &>> { name = "leaf" }', [5, 2, 1]],
    ['{ name = "root" } > { name = "leaf" }', [5, 2]],
    ['{ name = "root" } !>> { name = "leaf" }', [4, 3]],
    ['{ } | count() = 3', [5, 4, 1]],
    ['{ nestedSetLeft = 0 }', [3]],
    ['{ parent.name = "x" || span:childCount = 2 }', [5]],
    ['{ name = "second root" } > { name = "leaf" }', [4]],
    ['({ name = "root" } | count() = 1) >> ({ name = "leaf" } | count() > 1)', [5]],
  ])('%s is right across days, gaps, several roots and copies', async (text, expected) => {
    const { traces, statistics } = await ask(text);
    expect(numbersOf(traces).toSorted()).toEqual(expected.toSorted());
    expect(statistics.complete).toBe(true);
  });

  it('finds the other half of a relation days before the searched hour', async () => {
    const { traces } = await ask('{ name = "root" } >> { name = "leaf" }', { range: LAST_HOUR });
    expect(numbersOf(traces)).toEqual([5, 2, 1]);
    expect(traces[2]).toMatchObject({
      matchedCount: 1,
      spanCount: 3,
      durationNano: String(4n * DAY - HOUR / 2n + 1_000_000n),
    });
  });

  it('leaves out what the relation finds before the searched hour', async () => {
    const { traces } = await ask('{ name = "leaf" } << { }', { range: LAST_HOUR });
    // Of trace 1 only spans of earlier days are ancestors of a leaf; of trace 4 the second root is one.
    expect(numbersOf(traces)).toEqual([4, 5, 2]);
  });

  it('sees a span that arrives late', async () => {
    const text = '{ name = "leaf" } >> { name = "late" }';
    expect((await ask(text)).traces).toEqual([]);
    await engine.insert(
      dataOf([{ trace: 2, id: 7, parent: 3, name: 'late', start: NOON - HOUR / 8n }]),
      TENANT,
      RECEIVED_MS,
    );
    expect(numbersOf((await ask(text)).traces)).toEqual([2]);
  });

  it('sees an attribute of a new type where what is known of attributes is kept', async () => {
    const keeping = new ClickHouseSpanStore(engine, {}, undefined, true);
    const request = { tenant: 'keys', range: { fromUnixNano: 0n, toUnixNano: NOON }, limit: 10, spansPerTrace: 1 };
    const find = async () => (await searchTraces(keeping, { ...request, text: '{ span.size > 1 }' })).traces.length;
    const spanWith = (trace: number, value: Attribute['value']) =>
      dataOf([{ trace, id: 1, name: 'sized', start: NOON - 5n, attributes: [{ key: 'size', value }] }]);
    await engine.insert(spanWith(1, { type: 'int', value: 7n }), 'keys', RECEIVED_MS);
    expect(await find()).toBe(1);
    await engine.insert(spanWith(2, { type: 'double', value: 7.5 }), 'keys', RECEIVED_MS);
    keeping.attributeKeysStored();
    expect(await find()).toBe(2);
  });

  it('never relates spans of different tenants', async () => {
    expect((await ask('{ name = "leaf" } > { name = "foreign" }')).traces).toEqual([]);
    expect((await ask('{ } > { name = "foreign" }', { tenant: 'other' })).traces).toEqual([]);
    expect((await ask('{ name = "foreign" }', { tenant: 'other' })).traces).toHaveLength(1);
  });

  it.each([1, 2, 3])('gives structural results once each in pages of %i', async (limit) => {
    const found: number[] = [];
    let cursor: string | undefined;
    do {
      const answer = await ask('{ } >> { name = "leaf" } | count() > 0', { limit, cursor });
      found.push(...numbersOf(answer.traces));
      cursor = answer.cursor;
    } while (cursor !== undefined);
    expect(found).toEqual([5, 4, 2, 1]);
  });
});

describe('an answer', () => {
  it('has the sets of by() with their values, and the attributes that are named or selected', async () => {
    const { traces } = await ask('{ .http.route != nil } | by(name) | count() > 0 | select(resource.service.name)');
    expect(traces[0].spansets).toMatchObject([
      {
        attributes: [
          { name: 'by(name)', type: 'string', value: 'leaf' },
          { name: 'count()', type: 'int', value: '1' },
        ],
        matchedCount: 1,
        spans: [
          {
            spanId: spanIdOf(3),
            attributes: [
              { name: '.http.route', type: 'string', value: '/cart' },
              { name: 'resource.service.name', type: 'string', value: 'shop' },
            ],
          },
        ],
      },
    ]);
  });

  it('says what it rests on: days stored and skipped, and until when spans are in', async () => {
    const { statistics } = await ask('{ }', { range: LAST_HOUR });
    expect(statistics).toMatchObject({
      complete: true,
      // A start four days before it was received is not believed: it lies with the day of reception.
      partitions: { stored: 2, skipped: 1 },
      storedUntilUnixMs: RECEIVED_MS,
    });
    expect(statistics.tracesInspected).toBeGreaterThan(0);
    expect(statistics.spansInspected).toBeGreaterThan(0);
  });

  it('names attributes that no span has, and what was probably meant', async () => {
    expect((await ask('{ span.http.rout = "/cart" }')).notes).toEqual([
      'No span has span.http.rout. Did you mean span.http.route?',
    ]);
    expect((await ask('{ resource.http.route = "/cart" } >> { }')).notes).toEqual([
      'No resource has resource.http.route. It is stored as span.http.route.',
    ]);
    expect((await ask('{ span.http.route = "/other" }')).notes).toBeUndefined();
  });

  it('explains itself when asked: tier, reasons, and each statement with what it read', async () => {
    const { plan, statistics } = await ask('{ name = "root" } >> { name = "leaf" }', { explain: true });
    expect(plan).toMatchObject({ tier: 'rows', query: '{ name = "root" } >> { name = "leaf" }' });
    expect(plan?.reasons.join(' ')).toContain('all spans');
    expect(plan?.steps.map(({ name }) => name)).toContain('candidate traces');
    for (const { name, sql, parameters, rowsRead, bytesRead, rowsAnswered } of plan?.steps ?? []) {
      // Streamed by the embedded engine: 0 would be a lie.
      const isStreamed = name === 'spans of candidate traces, as columns';
      expect([typeof rowsRead, typeof bytesRead], name).toEqual(
        isStreamed ? ['undefined', 'undefined'] : ['number', 'number'],
      );
      expect(sql).toContain('tenant = {tenant:String}');
      expect(parameters.tenant).toBe(TENANT);
      expect(rowsAnswered).toBeGreaterThanOrEqual(0);
    }
    expect(statistics).toMatchObject({ unknownReads: 1 });
    expect((await ask('{ name = "leaf" }', { explain: true })).plan?.tier).toBe('sql');
    expect((await ask('{ name = "leaf" }')).statistics).not.toHaveProperty('unknownReads');
    expect((await ask('{ nestedSetLeft > 1 }', { explain: true })).plan?.tier).toBe('whole-traces');
    expect((await ask('{ name = "leaf" }')).plan).toBeUndefined();
  });

  it('comes as it is found, in the order of the whole', async () => {
    const parts: string[][] = [];
    const { traces } = await ask('{ name = "leaf" }', {
      onFound: (found) => parts.push(found.map(({ traceId }) => traceId)),
    });
    expect(parts.flat()).toEqual(traces.map(({ traceId }) => traceId));
    expect(traces).toHaveLength(5);
  });
});
