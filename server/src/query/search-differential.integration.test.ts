/**
 * Searches of the whole language against the in-memory evaluator: the same traces, order, pages, sets, values and facts
 * of whole traces. The spans are those of two tenants that are read as one, and came in several requests.
 * Longer runs: CLEW_TEST_SEED=… CLEW_TEST_SEEDS=20 CLEW_DIFFERENTIAL_QUERIES=1000 npx vitest run --project integration
 * search-differential: so many seeds, each with a world and a tenant of its own, all in one engine.
 */
import type { FoundTrace } from '@clew/contract';
import type { TraceData } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { dealSpans } from '@clew/testkit/deal-spans';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { comparableTrace, firstDifference, SearchJudge } from '@clew/testkit/judge-search';
import { Random } from '@clew/testkit/random';
import { randomSpansetQuery } from '@clew/testkit/random-query';
import { parseQuery, printQuery, type SpansetQuery } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadGate } from '../store/admission/read-gate.ts';
import type { ReadGateLimits } from '../store/admission/read-gate-limits.ts';
import { QUERY_CONNECTIONS } from '../store/engine/engine-limits.ts';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from '../store/read/read-limits.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { TimeRange } from '../store/span-store.ts';
import { planSearch } from './search/plan-search.ts';
import { shownFields } from './search/shown-fields.ts';
import { searchTraces } from './search.ts';

// Fixed, so that a run can be repeated by everybody; longer runs name other seeds.
const SEED = Number(process.env.CLEW_TEST_SEED ?? 247595344);
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_QUERIES ?? 40);
const TRACES = 150;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
/** With what a broken clock says before 1970 as unsigned numbers, the end of what can be stored in order. */
const EVER: TimeRange = { fromUnixNano: 0n, toUnixNano: 2n ** 63n - 1n };
/** Spans shown of each set: all that a set can have in this world. */
const ALL_SPANS = 100;
/** Nothing is to be cut short, however busy the machine is. */
const PATIENCE_MS = 10 * 60_000;
/** Queries at work at the same time. */
const PARALLEL = 4;
/** As the program reads. Without it statements wait for a connection of the engine, which ends after 15 seconds. */
const GATE: ReadGateLimits = {
  maxRunning: QUERY_CONNECTIONS,
  maxRunningPerTenant: QUERY_CONNECTIONS,
  maxWaiting: 100,
  maxWaitingPerTenant: 100,
  maxWaitMs: PATIENCE_MS,
  memoryBytes: QUERY_CONNECTIONS * DEFAULT_READ_LIMITS.maxMemoryBytes,
  maxThreads: 2,
};

let engine: TestStore;
/** As a small store reads: the whole range at once, without asking when the traces were. */
let small: ClickHouseSpanStore;
/** As a large one does. */
let large: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  // Each world is stored before it is asked about: what is known of its attributes stays known.
  const gate = new ReadGate(GATE);
  const patient = { maxTimeoutMs: PATIENCE_MS };
  small = new ClickHouseSpanStore(engine, patient, gate, true);
  large = new ClickHouseSpanStore(engine, { ...patient, sliceAboveSpans: 0, timesAboveSpans: 0 }, gate, true);
  // What must never be seen: the same traces with other content, of another tenant.
  await insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else');
}, PATIENCE_MS);

async function insert(world: TraceData, ...tenants: readonly string[]): Promise<void> {
  const parts = dealSpans(new Random(SEED), world, 3 * tenants.length);
  for (const [at, part] of parts.entries()) {
    await engine.insert(part, tenants[at % tenants.length], Number(WORLD_END_UNIX_NANO / 1_000_000n));
  }
}

afterAll(() => engine.close());

const FIXED = `
{ }
{ resource.service.name = "cart" }
{ .region = "eu" && duration > 1ms }
{ span.odd = "a" }
{ status = error } >> { name = "charge" }
{ status = error } > { kind = client }
{ name = "GET /cart" } < { }
{ name = "charge" } << { status = ok }
{ status = error } ~ { status = ok }
{ status = error } !> { kind = client }
{ status = error } !>> { }
{ name = "charge" } !~ { name = "send" }
{ .region = "eu" } &>> { status = error }
{ .attempts > 1 } &> { .attempts > 1 }
{ .retried = true } &~ { }
{ status = error } && { status = ok }
{ status = error } || { name = "send" }
({ name = "charge" } && { name = "send" }) >> { status = error }
{ } | count() > 4
{ .region = "eu" } | count() > 1
{ } | by(resource.service.name) | count() > 2
{ } | by(name) | by(status) | count() > 1
{ status = error } | by(.region) | coalesce()
{ } | avg(duration) > 1s
{ } | max(duration) > 1ms | { status = error }
{ } | sum(.attempts) > 4 | { status = error }
{ } | min(.ratio) + 1 > 1.2 * count() - 4
{ span:childCount > 2 }
{ nestedSetParent < 0 }
{ nestedSetParent < 0 && status = error } >> { }
{ nestedSetLeft > 2 && nestedSetRight < 9 }
{ parent = nil }
{ parent.span.attempts > 1 }
{ duration * 2 > 1s }
{ .attempts + 1 > .ratio }
{ (status = error) = (kind = client) }
{ } | select(.region, parent.span.attempts, nestedSetLeft)
{ rootName = "charge" && traceDuration > 1s }
{ instrumentation:name = "lib" } | select(instrumentation:version)
({ status = error } | count() > 1) >> { kind = client }
{ name = "charge" } | { status = error } >> { }
`
  .trim()
  .split('\n');

/** The traces of a seed, and where they are. */
interface World {
  readonly random: Random;
  readonly seed: number;
  /** Two at once. */
  readonly tenant: string;
  readonly data: TraceData;
  readonly judge: SearchJudge;
}

interface Case {
  readonly world: World;
  readonly store: ClickHouseSpanStore;
  readonly text: string;
  readonly range: TimeRange;
  /** Spans shown of each set. */
  readonly shown: number;
  /** Traces as they are found, in place of whole pages. */
  readonly isWatched: boolean;
  readonly label: string;
}

function randomRange(random: Random): TimeRange {
  if (random.chance(0.4)) return WORLD;
  if (random.chance(0.1)) return EVER;
  const minute = (): bigint => BigInt(random.below(360)) * 60_000_000_000n;
  const [a, b] = [WORLD_START_UNIX_NANO + minute(), WORLD_START_UNIX_NANO + minute()];
  if (a === b) return WORLD;
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a };
}

async function allPages(one: Case, firstLimit: number): Promise<FoundTrace[]> {
  const { world, store, text, range, shown, isWatched, label } = one;
  const found: FoundTrace[] = [];
  const watched = { isWatched, onFound: (traces: readonly FoundTrace[]) => found.push(...traces) };
  let cursor: string | undefined;
  do {
    const options = { timeoutMs: PATIENCE_MS };
    const request = { tenant: world.tenant, text, range, limit: firstLimit, spansPerTrace: shown, cursor, options };
    const answer = await searchTraces(store, { ...request, ...(isWatched && watched) });
    expect(answer.statistics, label).toMatchObject({ complete: true });
    if (!isWatched) found.push(...answer.traces);
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return found;
}

function parse(text: string): SpansetQuery {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new TypeError(`not a query of spansets: ${text}`);
  return query;
}

function judge({ world, text, range, shown }: Case) {
  const query = parse(text);
  return world.judge.judge(query, { range, shown, show: shownFields(query.pipeline).named });
}

/** @returns the share of queries that find some traces and not all. */
async function check(world: World, texts: readonly string[]): Promise<number> {
  const { random, seed, tenant } = world;
  let telling = 0;
  const failures: string[] = [];
  for (let done = 0; done < texts.length; done += PARALLEL) {
    const cases = texts.slice(done, done + PARALLEL).map((text, at): Case => {
      const range = randomRange(random);
      const store = random.chance(0.3) ? large : small;
      const { tier } = planSearch(parse(text), store.openSearch(tenant));
      const way = `by ${tier} as ${store === large ? 'large' : 'small'}`;
      const shown = random.chance(0.3) ? random.between(0, 3) : ALL_SPANS;
      const place = `in ${range.fromUnixNano}..${range.toUnixNano}`;
      const isWatched = at % 2 === 1;
      const label = `seed ${seed}: ${text} ${place} ${way}, ${shown} spans of a set${isWatched ? ', watched' : ''}`;
      return { world, store, text, range, shown, isWatched, label };
    });
    await Promise.all(
      cases.map(async (one) => {
        const wanted = judge(one);
        if (wanted.length > 0 && wanted.length < TRACES) telling++;
        const found = await allPages(one, random.between(20, 200)).catch((error: unknown) => {
          console.error(`${one.label}: ${String(error)}`);
          throw error;
        });
        const difference = firstDifference(
          found.map((trace) => comparableTrace(trace, one.shown)),
          wanted,
        );
        if (difference === undefined) return;
        failures.push(`${one.label}: ${difference}`);
        // Now: a run that is cut off before its end should have said it.
        console.error(failures.at(-1));
      }),
    );
  }
  expect(failures.slice(0, 20), `${failures.length} of ${texts.length}`).toEqual([]);
  return telling / texts.length;
}

describe.each(Array.from({ length: SEEDS }, (_, at) => SEED + at))('searches and the evaluator (seed %i)', (seed) => {
  const random = new Random(seed);
  const data = buildSmallWorld(random, TRACES);
  const tenants = [`seed ${seed} a`, `seed ${seed} b`];
  const world: World = { random, seed, tenant: tenants.join('|'), data, judge: new SearchJudge(data) };

  beforeAll(() => insert(data, ...tenants), PATIENCE_MS);

  // Queries of the first seed's world tell what there is to tell.
  it.runIf(seed === SEED)('agree on queries of every kind', { timeout: 2 * PATIENCE_MS }, async () => {
    expect(await check(world, FIXED)).toBeGreaterThan(0.5);
  });

  it(`agree on ${QUERIES} random queries`, { timeout: PATIENCE_MS + QUERIES * 15_000 }, async () => {
    const vocabulary = buildVocabulary(world.data);
    const texts = Array.from({ length: QUERIES }, () => printQuery(randomSpansetQuery(random, vocabulary)));
    // A test of queries that find all or nothing would prove little.
    expect(await check(world, texts)).toBeGreaterThan(0.25);
  });

  it('agree when every trace is on a page of its own', { timeout: 120_000 }, async () => {
    const range = { ...WORLD, toUnixNano: WORLD_START_UNIX_NANO + 10n * 60_000_000_000n };
    const label = `seed ${seed}: { } in ${range.fromUnixNano}..${range.toUnixNano}, a trace a page`;
    const one: Case = { world, store: large, text: '{ }', range, shown: ALL_SPANS, isWatched: false, label };
    const found = (await allPages(one, 1)).map((trace) => comparableTrace(trace, ALL_SPANS));
    expect(found.length, label).toBeGreaterThan(3);
    expect(firstDifference(found, judge(one)), label).toBeUndefined();
  });
});
