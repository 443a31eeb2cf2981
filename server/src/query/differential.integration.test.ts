/**
 * The in-memory evaluator is the judge of the SQL compiler: random traces, random filters, equal results.
 * Longer runs: CLEW_DIFFERENTIAL_FILTERS=20000 CLEW_TEST_SEED=… npx vitest run --project integration differential
 */
import type { TraceData, TraceId } from '@clew/model';
import { Random } from '@clew/testkit/random';
import { buildVocabulary, randomFilter } from '@clew/testkit/random-filter';
import { type FieldExpression, printExpression } from '@clew/traceql';
import { evaluateFilter } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { TimeRange, TraceMatch, TracePosition } from '../store/span-store.ts';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from './small-world.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const FILTERS = Number(process.env.CLEW_DIFFERENTIAL_FILTERS ?? 250);
const TENANT = 'differential';
const TRACES = 150;

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
    const limit = random.between(1, 60);
    const { value, statistics } = await store.findTraces(TENANT, filter, range, limit, after);
    expect(statistics.complete).toBe(true);
    found.push(...value);
    if (value.length < limit) return found;
    after = value[value.length - 1];
  }
}

function randomRange(): TimeRange {
  if (random.chance(0.4)) return { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
  const minute = (): bigint => BigInt(random.below(360)) * 60_000_000_000n;
  const [a, b] = [WORLD_START_UNIX_NANO + minute(), WORLD_START_UNIX_NANO + minute()];
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a };
}

describe(`SQL and the evaluator (seed ${SEED}, ${FILTERS} filters)`, () => {
  it('find the same spans, in the same order, page by page', { timeout: 60_000 + FILTERS * 2_000 }, async () => {
    let hits = 0;
    for (let i = 0; i < FILTERS; i++) {
      const filter = randomFilter(random, vocabulary);
      const range = randomRange();
      const label = `seed ${SEED}, filter ${i}: { ${printExpression(filter)} } in ${range.fromUnixNano}..${range.toUnixNano}`;
      const expected = expectedMatches(world, filter, range);
      if (expected.length > 0 && expected.length < TRACES) hits++;
      const found = await allPages(filter, range).catch((error: unknown) => {
        throw new Error(`${label}: ${String(error)}`);
      });
      expect(found, label).toEqual(
        expected.map(({ traceId, newestMatchUnixNano, spanIds }) => ({
          traceId,
          newestMatchUnixNano,
          matchedCount: spanIds.length,
        })),
      );
      const traceIds = found.map(({ traceId }) => traceId);
      const { value: spans } = await store.matchedSpans(TENANT, filter, range, traceIds, 1_000);
      for (const { traceId, spanIds } of expected) {
        const ids = (spans.get(traceId) ?? []).map(({ spanId }) => spanId);
        expect(ids.toSorted(), `${label}, spans of ${traceId}`).toEqual(spanIds.toSorted());
      }
    }
    // A test of filters that never or always match would prove little.
    expect(hits).toBeGreaterThan(FILTERS / 4);
  });
});
