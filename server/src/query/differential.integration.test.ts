/**
 * The in-memory evaluator is the judge of the SQL compiler: random traces, random filters, equal results.
 * Longer runs: CLEW_DIFFERENTIAL_FILTERS=20000 CLEW_TEST_SEED=… npx vitest run --project integration differential
 */
import type { TraceData, TraceId } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { buildVocabulary, randomFilter } from '@clew/testkit/random-filter';
import { buildStatic, type FieldExpression, printExpression } from '@clew/traceql';
import { evaluateFilter } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { TimeRange, TraceMatch, TracePosition } from '../store/span-store.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const FILTERS = Number(process.env.CLEW_DIFFERENTIAL_FILTERS ?? 50);
const TENANT = 'differential';
const TRACES = 150;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
const EVERYTHING: FieldExpression = buildStatic({ type: 'bool', value: true });

/** Nothing is to be cut short, however busy the machine is. */
const PATIENT = { timeoutMs: 120_000 };

const random = new Random(SEED);
const world = buildSmallWorld(random, TRACES);
const vocabulary = buildVocabulary(world);
let engine: TestStore;
let store: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  const receivedUnixMs = Number(WORLD_END_UNIX_NANO / 1_000_000n);
  await engine.insert(world, TENANT, receivedUnixMs);
  // What must never be seen: the same traces with other content, of another tenant.
  await engine.insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else', receivedUnixMs);
});

afterAll(() => engine.close());

/** What findTraces should answer: by newest match, then trace id, both descending. */
function expectedMatches(data: TraceData, filter: FieldExpression, range: TimeRange) {
  const traces = new Map<TraceId, { traceId: TraceId; newestMatchUnixNano: bigint; spanIds: string[] }>();
  for (const { span } of evaluateFilter(filter, data, { range })) {
    const trace = traces.get(span.traceId) ?? { traceId: span.traceId, newestMatchUnixNano: 0n, spanIds: [] };
    if (span.startTimeUnixNano > trace.newestMatchUnixNano) trace.newestMatchUnixNano = span.startTimeUnixNano;
    trace.spanIds.push(span.spanId);
    traces.set(span.traceId, trace);
  }
  return [...traces.values()].sort((a, b) => {
    if (a.newestMatchUnixNano !== b.newestMatchUnixNano) return a.newestMatchUnixNano > b.newestMatchUnixNano ? -1 : 1;
    return a.traceId > b.traceId ? -1 : 1;
  });
}

async function allPages(filter: FieldExpression, range: TimeRange): Promise<TraceMatch[]> {
  const found: TraceMatch[] = [];
  let after: TracePosition | undefined;
  for (;;) {
    const limit = random.between(5, 90);
    const { value, statistics } = await store.findTraces(TENANT, filter, range, limit, after, PATIENT);
    expect(statistics.complete).toBe(true);
    found.push(...value);
    if (value.length < limit) return found;
    after = value[value.length - 1];
  }
}

function randomRange(): TimeRange {
  if (random.chance(0.4)) return WORLD;
  const minute = (): bigint => BigInt(random.below(360)) * 60_000_000_000n;
  const [a, b] = [WORLD_START_UNIX_NANO + minute(), WORLD_START_UNIX_NANO + minute()];
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a };
}

/** Filters at work at the same time: the engine's connections. */
const PARALLEL = 4;

interface Case {
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly label: string;
  readonly expected: ReturnType<typeof expectedMatches>;
}

/** Runs a check over random filters; the share of filters that match some traces but not all. */
async function forFilters(count: number, check: (one: Case) => Promise<void>): Promise<number> {
  let telling = 0;
  for (let done = 0; done < count; done += PARALLEL) {
    const cases = Array.from({ length: Math.min(PARALLEL, count - done) }, (_, i): Case => {
      const filter = randomFilter(random, vocabulary);
      const range = randomRange();
      const text = `{ ${printExpression(filter)} } in ${range.fromUnixNano}..${range.toUnixNano}`;
      const label = `seed ${SEED}, filter ${done + i}: ${text}`;
      return { filter, range, label, expected: expectedMatches(world, filter, range) };
    });
    telling += cases.filter(({ expected }) => expected.length > 0 && expected.length < TRACES).length;
    await Promise.all(cases.map(check));
  }
  return telling / count;
}

describe(`SQL and the evaluator (seed ${SEED}, ${FILTERS} filters)`, () => {
  const timeout = 120_000 + FILTERS * 2_000;

  it('find the same spans', { timeout }, async () => {
    const allTraceIds = [...new Set(expectedMatches(world, EVERYTHING, WORLD).map(({ traceId }) => traceId))];
    const telling = await forFilters(FILTERS, async ({ filter, range, label, expected }) => {
      const { value: spans, statistics } = await store.matchedSpans(TENANT, filter, range, allTraceIds, 1_000, PATIENT);
      expect(statistics.complete, label).toBe(true);
      const found = [...spans].map(([traceId, list]) => `${traceId} ${list.map(({ spanId }) => spanId).toSorted()}`);
      const wanted = expected.map(({ traceId, spanIds }) => `${traceId} ${spanIds.toSorted()}`);
      expect(found.toSorted(), label).toEqual(wanted.toSorted());
    });
    // A test of filters that never or always match would prove little.
    expect(telling).toBeGreaterThan(0.25);
  });

  it('find the same traces in the same order, page by page', { timeout }, async () => {
    await forFilters(Math.ceil(FILTERS / 5), async ({ filter, range, label, expected }) => {
      const found = await allPages(filter, range);
      const wanted = expected.map(({ traceId, newestMatchUnixNano, spanIds }) => {
        return { traceId, newestMatchUnixNano, matchedCount: spanIds.length };
      });
      expect(found, label).toEqual(wanted);
    });
  });

  it('agree when every trace is on a page of its own', { timeout }, async () => {
    const range = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_START_UNIX_NANO + 50n * 60_000_000_000n };
    const expected = expectedMatches(world, EVERYTHING, range);
    const found: string[] = [];
    let after: TracePosition | undefined;
    for (;;) {
      const { value } = await store.findTraces(TENANT, EVERYTHING, range, 1, after, PATIENT);
      if (value.length === 0) break;
      after = value[0];
      found.push(value[0].traceId);
    }
    expect(expected.length).toBeGreaterThan(5);
    expect(found).toEqual(expected.map(({ traceId }) => traceId));
  });
});
