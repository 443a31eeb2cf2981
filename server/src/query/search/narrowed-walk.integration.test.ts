/**
 * Narrowed candidates of random pipelines against the in-memory evaluator: no trace that is found is missing, or comes
 * behind the frontier that says it is not missing.
 * Longer runs: CLEW_TEST_SEED=… CLEW_DIFFERENTIAL_WALKS=1000 npx vitest run --project integration narrowed-walk
 */
import type { TraceData, TraceId } from '@clew/model';
import { isBehind } from '@clew/model/trace-order';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomPipeline } from '@clew/testkit/random-query';
import { parseQuery, printPipeline, type SpansetQuery } from '@clew/traceql';
import { evaluateQuery } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../../store/reader.ts';
import type { TimeRange, TracePosition } from '../../store/span-store.ts';
import { necessaryCondition } from './necessary-condition.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const WALKS = Number(process.env.CLEW_DIFFERENTIAL_WALKS ?? 12);
const TRACES = 120;
/** Long conditions cost the engine most of its time and are asked in bulk elsewhere: characters of a query. */
const LONG_QUERY = 160;
const TENANT = 'walks';
const MINUTE = 60_000_000_000n;
/** Rounds of a walk that ask for a few candidates. */
const FEW_ROUNDS = 3;
/** A busy machine is no difference. */
const PATIENT = { timeoutMs: 300_000 };

const FIXED = [
  '{ status = error } > { kind = client }',
  '{ name = "GET /cart" } < { }',
  '{ status = error } ~ { status = ok }',
  '{ } > { status = error } | count() > 1',
  '{ .region = "eu" } >> { status = error }',
  '{ status = error } && { status = ok }',
  '{ } | count() > 4',
  '{ .region = "eu" } | count() > 1',
  '({ status = error } | count() > 1) < { }',
  '{ } | { status = error } > { kind = client }',
];

let engine: TestStore;
let store: ClickHouseSpanStore;
const random = new Random(SEED);
const world: TraceData = buildSmallWorld(random, TRACES);

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine, { sliceAboveSpans: 0, timesAboveSpans: 0 }, undefined, true);
  await engine.insert(world, TENANT, Number(WORLD_END_UNIX_NANO / 1_000_000n));
  // The same traces with other content, of another tenant.
  await engine.insert(buildSmallWorld(new Random(SEED), TRACES), 'others', Number(WORLD_END_UNIX_NANO / 1_000_000n));
  // How much is stored is known from here on: a walk may narrow before it is told to.
  await store.openSearch(TENANT, PATIENT).stored();
});

afterAll(() => engine.close());

function spansetQuery(text: string): SpansetQuery {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new TypeError(`not a query of spansets: ${text}`);
  return query;
}

function randomRange(): TimeRange {
  if (random.chance(0.3)) return { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
  const from = WORLD_START_UNIX_NANO + BigInt(random.below(300)) * MINUTE;
  return { fromUnixNano: from, toUnixNano: from + BigInt(random.between(5, 120)) * MINUTE };
}

/** How the walk is asked: narrowed from the start, by itself, or after some candidates that are not. */
type Way = 'told at once' | 'by itself' | 'told later';

interface Walked {
  readonly found: number;
  readonly candidates: number;
}

async function walk(text: string, range: TimeRange, way: Way): Promise<Walked> {
  const label = `seed ${SEED}: ${text} in ${range.fromUnixNano}..${range.toUnixNano}, ${way}`;
  const query = spansetQuery(text);
  const { span, link, trace: required } = necessaryCondition(query.pipeline);
  const missing = new Map(evaluateQuery(query, world, { range }).map((one) => [one.traceId, one.newestUnixNano]));
  const found = missing.size;
  const request = { condition: span, required, link, range, after: undefined };
  const search = store.openSearch(TENANT, PATIENT);
  const candidates = search.candidates(way === 'by itself' ? { ...request, perFinding: 1 } : request);
  const seen = new Set<TraceId>();
  let frontier: TracePosition | undefined;
  for (let round = 0; ; round++) {
    const isNarrowed = way === 'told at once' || (way === 'told later' && round > 0);
    // Few at first: later ones cost a statement each however few they are.
    const asked = round < FEW_ROUNDS ? random.between(1, 12) : random.between(1, 60);
    const batch = await candidates.next(asked, isNarrowed);
    expect(batch.stoppedBy, label).toBeUndefined();
    for (const one of batch.traces) {
      expect(seen.has(one.traceId), `${label}: ${one.traceId} twice`).toBe(false);
      seen.add(one.traceId);
      const newest = missing.get(one.traceId);
      if (newest === undefined) continue;
      expect(newest <= one.newestMatchUnixNano, `${label}: ${one.traceId} is found newer than it was named`).toBe(true);
      expect(
        frontier === undefined || isBehind({ traceId: one.traceId, newestMatchUnixNano: newest }, frontier),
        `${label}: ${one.traceId} comes behind the frontier`,
      ).toBe(true);
      missing.delete(one.traceId);
    }
    frontier = batch.frontier;
    if (batch.isLast) break;
  }
  expect([...missing.keys()], `${label}: lost`).toEqual([]);
  return { found, candidates: seen.size };
}

const WAYS: readonly Way[] = ['told at once', 'by itself', 'told later'];

describe(`narrowed candidates (seed ${SEED})`, () => {
  it.each(FIXED)('%s: none that is found is missing', { timeout: 300_000 }, async (text) => {
    for (const way of WAYS) {
      const { found } = await walk(text, randomRange(), way);
      expect(found).toBeGreaterThanOrEqual(0);
    }
  });

  it(`of ${WALKS} random pipelines: none that is found is missing`, { timeout: 120_000 + WALKS * 5_000 }, async () => {
    const vocabulary = buildVocabulary(world);
    let [walks, telling, candidates, found] = [0, 0, 0, 0];
    // As many more as it takes to have some with findings: walks that cannot miss anything would prove little.
    while (walks < WALKS || (telling < WALKS / 5 && walks < 5 * WALKS)) {
      const pipeline = randomPipeline(random, vocabulary);
      const text = printPipeline(pipeline);
      const { link, trace } = necessaryCondition(pipeline);
      if (text.length > LONG_QUERY || (link === undefined && trace.length === 0)) continue;
      const walked = await walk(text, randomRange(), random.pick(WAYS));
      walks++;
      candidates += walked.candidates;
      found += walked.found;
      if (walked.found > 0) telling++;
    }
    console.log(`seed ${SEED}: ${walks} walks, ${telling} with findings: ${found} of ${candidates} candidates`);
    expect(telling).toBeGreaterThanOrEqual(WALKS / 5);
  });

  it('are fewer than all: the parent of a found span is stored beside it', { timeout: 120_000 }, async () => {
    const range = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
    const all = await walk('{ } >> { }', range, 'by itself');
    const narrowed = await walk('{ status = error } > { status = error }', range, 'told at once');
    expect(narrowed.candidates).toBeLessThan(all.candidates);
  });
});
