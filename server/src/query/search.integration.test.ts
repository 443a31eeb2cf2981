import type { FoundTrace } from '@clew/contract';
import type { SpanId, TraceData, TraceId } from '@clew/model';
import { TraceqlError } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { TimeRange } from '../store/span-store.ts';
import { QueryError } from './query-error.ts';
import { type SearchRequest, searchTraces } from './search.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const MINUTE = 60_000_000_000n;
const RANGE: TimeRange = { fromUnixNano: NOW - 600n * MINUTE, toUnixNano: NOW };
const TRACES = 23;

let engine: TestStore;
let store: ClickHouseSpanStore;

/** Trace n began n minutes ago: a root of a shop and, in every third, a payment that failed. */
function traces(): TraceData {
  const span = (trace: number, id: number, status: number, name: string) => ({
    traceId: (trace + 1).toString(16).padStart(32, '0') as TraceId,
    spanId: (trace * 10 + id).toString(16).padStart(16, '0') as SpanId,
    parentSpanId: (id === 1 ? '' : (trace * 10 + 1).toString(16).padStart(16, '0')) as SpanId,
    traceState: '',
    flags: 1,
    name,
    kind: 2,
    startTimeUnixNano: NOW - BigInt(trace + 1) * MINUTE + BigInt(id),
    endTimeUnixNano: NOW - BigInt(trace + 1) * MINUTE + BigInt(id) + 1_000_000n * BigInt(id),
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: status, message: '' },
  });
  const numbers = Array.from({ length: TRACES }, (_, trace) => trace);
  const service = (name: string, spans: ReturnType<typeof span>[]) => ({
    resource: {
      attributes: [{ key: 'service.name', value: { type: 'string' as const, value: name } }],
      droppedAttributesCount: 0,
    },
    scopeSpans: [{ scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 }, spans, schemaUrl: '' }],
    schemaUrl: '',
  });
  return {
    resourceSpans: [
      service(
        'shop',
        numbers.map((trace) => span(trace, 1, 0, 'GET /')),
      ),
      service(
        'pay',
        numbers.filter((trace) => trace % 3 === 0).map((trace) => span(trace, 2, 2, 'charge')),
      ),
    ],
  };
}

beforeAll(async () => {
  engine = await startTestStore();
  // The client as it is: it fits what the reader asks for.
  store = new ClickHouseSpanStore(engine.client);
  await engine.insert(traces(), 'acme', NOW_MS);
});

afterAll(() => engine.close());

const ask = (request: Partial<SearchRequest>) =>
  searchTraces(store, { tenant: 'acme', text: '{ }', range: RANGE, limit: 10, spansPerTrace: 3, ...request });

describe('a search', () => {
  it('answers with whole-trace facts and the matching spans', async () => {
    const { traces, statistics, cursor } = await ask({ text: '{ status = error }', limit: 1 });
    const charge = {
      spanId: '2'.padStart(16, '0'),
      name: 'charge',
      service: 'pay',
      kind: 2,
      statusCode: 2,
      startTimeUnixNano: String(NOW - MINUTE + 2n),
      durationNano: '2000000',
    };
    expect(traces).toEqual([
      {
        traceId: '1'.padStart(32, '0'),
        rootService: 'shop',
        rootName: 'GET /',
        startTimeUnixNano: String(NOW - MINUTE + 1n),
        durationNano: '2000001',
        spanCount: 2,
        errorCount: 1,
        services: [
          { name: 'pay', spanCount: 1, errorCount: 1 },
          { name: 'shop', spanCount: 1, errorCount: 0 },
        ],
        matchedCount: 1,
        matched: [charge],
        spansets: [{ attributes: [], matchedCount: 1, spans: [charge] }],
      },
    ] satisfies FoundTrace[]);
    expect(statistics).toMatchObject({ complete: true });
    expect(statistics.rowsRead).toBeGreaterThan(0);
    expect(cursor).toBeDefined();
  });

  it.each([1, 5, 22, 23, 24, 100])('gives every trace once, newest first, in pages of %i', async (limit) => {
    const found: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      // The clock has moved on: the cursor's own range must count.
      const range = { fromUnixNano: RANGE.fromUnixNano + BigInt(pages), toUnixNano: RANGE.toUnixNano + BigInt(pages) };
      const answer = await ask({ limit, range, spansPerTrace: 0, ...(cursor === undefined ? {} : { cursor }) });
      found.push(...answer.traces.map(({ traceId }) => traceId));
      expect(answer.traces.every(({ matched }) => matched.length === 0)).toBe(true);
      cursor = answer.cursor;
      pages++;
    } while (cursor !== undefined);
    expect(found).toEqual(Array.from({ length: TRACES }, (_, i) => (i + 1).toString(16).padStart(32, '0')));
    expect(pages).toBe(Math.ceil(TRACES / limit));
  });

  it('keeps tenants apart', async () => {
    expect((await ask({ tenant: 'other' })).traces).toEqual([]);
  });

  it('is refused with a code for a wrong query, cursor or both', async () => {
    const { cursor } = await ask({ limit: 1 });
    await expect(ask({ text: '{ name = }' })).rejects.toBeInstanceOf(TraceqlError);
    await expect(ask({ text: '{ name =~ "(" }' })).rejects.toMatchObject({ code: 'TRACEQL_TYPE' });
    await expect(ask({ cursor: 'nonsense' })).rejects.toBeInstanceOf(QueryError);
    await expect(ask({ cursor, text: '{ name = "x" }' })).rejects.toMatchObject({ code: 'QUERY_CURSOR_MISMATCH' });
    await expect(ask({ cursor, tenant: 'other' })).rejects.toMatchObject({ code: 'QUERY_CURSOR_MISMATCH' });
  });

  it('takes the same query with other spaces for the same', async () => {
    const { cursor } = await ask({ limit: 1, text: '{name="GET /"}' });
    expect((await ask({ limit: 1, text: '{ name  =  "GET /" }', cursor })).traces).toHaveLength(1);
  });

  it('is an incomplete answer, not an error, when the time is over', async () => {
    const answer = await ask({ options: { timeoutMs: 0.001 } });
    expect(answer.traces).toEqual([]);
    expect(answer.statistics).toMatchObject({ complete: false, incompleteReason: 'the time limit was reached' });
    expect(answer.cursor).toBeUndefined();
  });

  it('is an incomplete answer when the engine stops at its memory limit', async () => {
    const small = new ClickHouseSpanStore(engine, { maxMemoryBytes: 1 });
    const request = { tenant: 'acme', text: '{ }', range: RANGE, limit: 10, spansPerTrace: 3 };
    const { statistics } = await searchTraces(small, request);
    expect(statistics).toMatchObject({ complete: false, incompleteReason: 'the memory limit was reached' });
  });

  it('is not gone on with once the caller has gone', async () => {
    await expect(ask({ options: { signal: AbortSignal.abort(new Error('gone')) } })).rejects.toThrow('gone');
  });

  it('of a store that is not small reads the newest slices only when these have enough', async () => {
    const large = new ClickHouseSpanStore(engine, { sliceAboveSpans: 0 });
    const request = { tenant: 'acme', text: '{ }', range: RANGE, spansPerTrace: 3, explain: true };
    const slicesFor = async (limit: number) => {
      const { plan } = await searchTraces(large, { ...request, limit });
      return plan?.steps.filter(({ name }) => name === 'candidate traces').length;
    };
    expect(await slicesFor(1)).toBe(1);
    expect(await slicesFor(TRACES + 1)).toBeGreaterThan(1);
  });
});

describe('a search that somebody watches', () => {
  const large = () => new ClickHouseSpanStore(engine, { sliceAboveSpans: 0, timesAboveSpans: 0 });
  const request = { tenant: 'acme', range: RANGE, spansPerTrace: 3, limit: 20 };

  it.each([
    '{ status = error }',
    '{ name = "GET /" } > { status = error }',
    '{ name =~ "GET .*" } | count() > 0',
    '{ span:childCount = 1 }',
  ])('shows what is found of %s before it has looked through the whole range', async (text) => {
    const parts: { readonly ids: readonly string[]; readonly statements: number }[] = [];
    const onFound = (found: readonly FoundTrace[]) => {
      parts.push({ ids: found.map(({ traceId }) => traceId), statements: engine.statements.length });
    };
    await searchTraces(large(), { ...request, text, onFound, isWatched: true });
    const asked = engine.statements.length;
    const whole = await searchTraces(large(), { ...request, text });
    expect(parts.flatMap(({ ids }) => ids)).toEqual(whole.traces.map(({ traceId }) => traceId));
    expect(parts.length).toBeGreaterThan(1);
    expect(parts[0].statements).toBeLessThan(asked - 2);
  });
});
