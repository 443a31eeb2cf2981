/** Orders, spans as rows, totals and facets against a brute-force count with the in-memory evaluator. */
import { findAttribute, type ResourceSpans, type Span, type TraceId } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { parseQuery } from '@clew/traceql';
import { evaluateQuery } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { SpanOrder, TraceOrder } from '../store/span-order.ts';
import { countMatches, findFacets } from './find-facets.ts';
import { searchTraces } from './search.ts';
import { searchSpans } from './search-spans.ts';

// Fixed, so that a run can be repeated by everybody; longer runs name other seeds.
const SEED = Number(process.env.CLEW_TEST_SEED ?? 5081);
const TENANT = 'ordered';
const options = { timeoutMs: 120_000 };
const world = buildSmallWorld(new Random(SEED), 150);
/** Cuts traces in two: the facts of a trace are those of all of it nevertheless. */
const RANGE = {
  fromUnixNano: WORLD_START_UNIX_NANO + (WORLD_END_UNIX_NANO - WORLD_START_UNIX_NANO) / 4n,
  toUnixNano: WORLD_END_UNIX_NANO,
};
const FILTERS = [
  '{ }',
  '{ status = error }',
  '{ resource.service.name = "cart" }',
  '{ .region = "eu" || kind = client }',
];

let engine: TestStore;
let store: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  const receivedUnixMs = Number(WORLD_END_UNIX_NANO / 1_000_000n);
  await engine.insert(world, TENANT, receivedUnixMs);
  await engine.insert(buildSmallWorld(new Random(SEED), 150), 'somebody else', receivedUnixMs);
});

afterAll(() => engine.close());

interface Row {
  readonly span: Span;
  readonly resource: ResourceSpans['resource'];
}

function allRows(): Row[] {
  return world.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ span, resource }))),
  );
}

function matchesOf(text: string): Row[] {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new Error('a test asks for spans');
  return evaluateQuery(query, world, { range: RANGE }).flatMap(({ spansets }) =>
    spansets.flatMap(({ spans }) => spans),
  );
}

const compare = (a: bigint | string, b: bigint | string): number => (a < b ? -1 : Number(a > b));
const max = (values: readonly bigint[]): bigint => [...values].sort(compare).at(-1) ?? 0n;
const min = (values: readonly bigint[]): bigint => [...values].sort(compare)[0];
const duration = (span: Span): bigint => BigInt.asIntN(64, span.endTimeUnixNano - span.startTimeUnixNano);

function grouped<Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

function factOf(order: TraceOrder, spans: readonly Span[]): bigint {
  if (order === 'spans') return BigInt(spans.length);
  if (order === 'errors') return BigInt(spans.filter(({ status }) => status.code === 2).length);
  // Signed: a time after 2262 counts as one before 1970.
  const starts = spans.map(({ startTimeUnixNano }) => BigInt.asIntN(64, startTimeUnixNano));
  const ends = spans.map(({ endTimeUnixNano }) => BigInt.asIntN(64, endTimeUnixNano));
  return BigInt.asIntN(64, max([...starts, ...ends]) - min(starts));
}

function orderedTraces(text: string, order: TraceOrder): TraceId[] {
  const byTrace = grouped(allRows(), ({ span }) => span.traceId);
  const found = [...new Set(matchesOf(text).map(({ span }) => span.traceId))];
  const fact = (traceId: TraceId) =>
    factOf(
      order,
      (byTrace.get(traceId) ?? []).map(({ span }) => span),
    );
  return found.sort((a, b) => compare(fact(b), fact(a)) || compare(b, a));
}

async function allTraces(text: string, order: TraceOrder, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const request = { tenant: TENANT, text, range: RANGE, limit, spansPerTrace: 3, order, cursor, options };
    const answer = await searchTraces(store, request);
    expect(answer.order).toBe(order);
    expect(answer.statistics.complete).toBe(true);
    expect(answer.traces.length).toBeLessThanOrEqual(limit);
    ids.push(...answer.traces.map(({ traceId }) => traceId));
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return ids;
}

async function allSpans(text: string, order: SpanOrder, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const answer = await searchSpans(store, { tenant: TENANT, text, range: RANGE, limit, order, cursor, options });
    expect(answer.order).toBe(order);
    expect(answer.statistics.complete).toBe(true);
    ids.push(...answer.spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return ids;
}

describe(`the order of an answer (seed ${SEED})`, () => {
  it.each(FILTERS)('is that of all traces of the range, page by page, for %s', async (text) => {
    for (const order of ['longest', 'errors', 'spans'] as const) {
      const expected = orderedTraces(text, order);
      expect(expected.length).toBeGreaterThan(40);
      expect(await allTraces(text, order, 40), order).toEqual(expected);
    }
  });

  it.each(FILTERS)('is that of all spans of the range, page by page, for %s', async (text) => {
    for (const order of ['newest', 'longest'] as const) {
      const value = (span: Span) => (order === 'newest' ? span.startTimeUnixNano : duration(span));
      const expected = matchesOf(text)
        .map(({ span }) => span)
        .sort((a, b) => compare(value(b), value(a)) || compare(b.traceId, a.traceId) || compare(b.spanId, a.spanId))
        .map(({ traceId, spanId }) => `${traceId} ${spanId}`);
      expect(await allSpans(text, order, 150), order).toEqual(expected);
    }
  });

  it('is newest first where spans are related, and the answer says so', async () => {
    const text = '{ } >> { status = error }';
    const request = { tenant: TENANT, text, range: RANGE, limit: 5, spansPerTrace: 1, options };
    const newest = await searchTraces(store, request);
    const answer = await searchTraces(store, { ...request, order: 'longest' });
    expect(answer.order).toBe('newest');
    expect(answer.traces).toEqual(newest.traces);
    const spans = await searchSpans(store, { tenant: TENANT, text, range: RANGE, limit: 5, order: 'longest', options });
    expect(spans.order).toBe('newest-traces');
    const expected = new Set(matchesOf(text).map(({ span }) => `${span.traceId} ${span.spanId}`));
    for (const { traceId, spanId } of spans.spans) expect(expected).toContain(`${traceId} ${spanId}`);
    expect(spans.spans.length).toBeGreaterThan(0);
  });

  it('is none at all, and says why, where more traces match than can be put in order', async () => {
    const bounded = new ClickHouseSpanStore(engine, { maxOrderedTraces: 10 });
    const request = { tenant: TENANT, text: '{ }', range: RANGE, limit: 5, spansPerTrace: 1, options };
    for (const order of ['longest', 'spans'] as const) {
      const { traces, cursor, statistics } = await searchTraces(bounded, { ...request, order });
      expect({ traces, cursor, complete: statistics.complete }).toEqual({ traces: [], complete: false });
      expect(statistics.incompleteReason).toContain('more traces match than can be put in order');
    }
  });

  it('refuses the cursor of another order', async () => {
    const request = { tenant: TENANT, text: '{ }', range: RANGE, limit: 5, spansPerTrace: 1, options };
    const { cursor } = await searchTraces(store, { ...request, order: 'longest' });
    const refused = expect.objectContaining({ code: 'QUERY_CURSOR_MISMATCH' });
    await expect(searchTraces(store, { ...request, order: 'errors', cursor })).rejects.toEqual(refused);
  });
});

describe('a span as a row', () => {
  it('has the attributes that select() names', async () => {
    const text = '{ } | select(resource.service.name, duration, .region)';
    const { spans } = await searchSpans(store, {
      tenant: TENANT,
      text,
      range: RANGE,
      limit: 30,
      order: 'newest',
      options,
    });
    for (const row of spans) {
      // Several spans of this world share an id; they may be of different services.
      const sources = allRows().filter(({ span }) => span.traceId === row.traceId && span.spanId === row.spanId);
      const regions = sources.map(({ span, resource }) => {
        const value = findAttribute(span.attributes, 'region') ?? findAttribute(resource.attributes, 'region');
        return value?.type === 'string' ? value.value : undefined;
      });
      const region = row.attributes?.find(({ name }) => name === '.region');
      expect(regions).toContain(region?.type === 'string' ? region.value : undefined);
      expect(row.attributes).toContainEqual({ name: 'duration', type: 'duration', value: row.durationNano });
    }
    expect(spans.length).toBeGreaterThanOrEqual(30);
  });
});

describe('totals and facets', () => {
  it.each(FILTERS)('count what satisfies %s', async (text) => {
    const matches = matchesOf(text);
    const { totals } = await countMatches(store, { tenant: TENANT, text, range: RANGE, options });
    expect(totals).toEqual({
      spanCount: matches.length,
      errorCount: matches.filter(({ span }) => span.status.code === 2).length,
      traceCount: new Set(matches.map(({ span }) => span.traceId)).size,
      isTraceCountExact: true,
    });
    const { facets, spanCount, isSample } = await findFacets(store, { tenant: TENANT, text, range: RANGE, options });
    expect({ spanCount, isSample }).toEqual({ spanCount: matches.length, isSample: false });
    const counts = (of: (row: Row) => string) => {
      return [...grouped(matches, of)].map(([value, rows]) => ({ value, count: rows.length }));
    };
    const names = facets?.find(({ name }) => name === 'name');
    expect(new Set(names?.values.map(({ value, count }) => `${value} ${count}`))).toEqual(
      new Set(counts(({ span }) => span.name).map(({ value, count }) => `${value} ${count}`)),
    );
    // Every key of every plain attribute is there with the number of spans that have it.
    const keys = new Map<string, number>();
    for (const { span } of matches) {
      for (const { key, value } of span.attributes) {
        if (['string', 'int', 'double', 'bool'].includes(value.type)) keys.set(key, (keys.get(key) ?? 0) + 1);
      }
    }
    const spanFacets = facets?.filter(({ name }) => name.startsWith('span.')) ?? [];
    expect(spanFacets.map((facet) => facet.spanCount).sort()).toEqual([...keys.values()].sort());
    expect(facets?.slice(0, 4).map(({ name }) => name)).toEqual(['resource.service.name', 'name', 'status', 'kind']);
  });

  it('are absent where spans are related', async () => {
    const request = { tenant: TENANT, text: '{ } >> { }', range: RANGE, options };
    expect((await countMatches(store, request)).totals).toBeUndefined();
    expect((await findFacets(store, request)).facets).toBeUndefined();
  });
});
