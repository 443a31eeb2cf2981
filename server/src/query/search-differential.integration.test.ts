/**
 * Searches of the whole language against the in-memory evaluator: the same traces, order, pages, sets and values.
 * Longer runs: CLEW_TEST_SEED=… CLEW_TEST_SEEDS=20 CLEW_DIFFERENTIAL_QUERIES=1000 npx vitest run --project integration
 * search-differential: so many seeds, each with a world and a tenant of its own, all in one engine.
 */
import type { FoundAttribute, FoundSpan, FoundTrace } from '@clew/contract';
import { durationNano, type TraceData } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomSpansetQuery } from '@clew/testkit/random-query';
import { parseQuery, printQuery, type SpansetQuery } from '@clew/traceql';
import { evaluateQuery, type TraceResult } from '@clew/traceql/evaluate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { TimeRange } from '../store/span-store.ts';
import { foundAttribute } from './search/found-span.ts';
import { planSearch } from './search/plan-search.ts';
import { shownFields } from './search/shown-fields.ts';
import { searchTraces } from './search.ts';

// Fixed, so that a run can be repeated by everybody; longer runs name other seeds.
const SEED = Number(process.env.CLEW_TEST_SEED ?? 247595344);
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_QUERIES ?? 40);
const TRACES = 150;
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
/** Spans shown of each set: all that a set can have in this world. */
const ALL_SPANS = 100;
/** Nothing is to be cut short, however busy the machine is. */
const PATIENCE_MS = 120_000;
/** Queries at work at the same time. */
const PARALLEL = 4;

let engine: TestStore;
/** As a small store reads: the whole range at once, without asking when the traces were. */
let small: ClickHouseSpanStore;
/** As a large one does. */
let large: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  // Each world is stored before it is asked about: what is known of its attributes stays known.
  small = new ClickHouseSpanStore(engine, {}, undefined, true);
  large = new ClickHouseSpanStore(engine, { sliceAboveSpans: 0, timesAboveSpans: 0 }, undefined, true);
  // What must never be seen: the same traces with other content, of another tenant.
  await insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else');
});

function insert(world: TraceData, tenant: string): Promise<void> {
  return engine.insert(world, tenant, Number(WORLD_END_UNIX_NANO / 1_000_000n));
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
  readonly tenant: string;
  readonly data: TraceData;
}

interface Case {
  readonly world: World;
  readonly store: ClickHouseSpanStore;
  readonly text: string;
  readonly range: TimeRange;
  readonly label: string;
}

function randomRange(random: Random): TimeRange {
  if (random.chance(0.4)) return WORLD;
  const minute = (): bigint => BigInt(random.below(360)) * 60_000_000_000n;
  const [a, b] = [WORLD_START_UNIX_NANO + minute(), WORLD_START_UNIX_NANO + minute()];
  if (a === b) return WORLD;
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a };
}

async function allPages({ world, store, text, range, label }: Case, firstLimit: number): Promise<FoundTrace[]> {
  const found: FoundTrace[] = [];
  let cursor: string | undefined;
  do {
    const options = { timeoutMs: PATIENCE_MS };
    const request = { tenant: world.tenant, text, range, limit: firstLimit, spansPerTrace: ALL_SPANS, cursor, options };
    const answer = await searchTraces(store, request);
    expect(answer.statistics, label).toMatchObject({ complete: true });
    found.push(...answer.traces);
    cursor = answer.cursor;
  } while (cursor !== undefined);
  return found;
}

function parse(text: string): SpansetQuery {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new TypeError(`not a query of spansets: ${text}`);
  return query;
}

/**
 * Of an aggregate the number only: sums of doubles depend on the order of storage in the last digits, and of an int
 * and a double that are equal either may be the least.
 */
function comparable({ name, type, value }: FoundAttribute): string {
  const isAggregate = /^(?:count|min|max|sum|avg)\(/.test(name);
  if (type === 'double' || (isAggregate && type === 'int')) return `${name} ${Number(value).toPrecision(12)}`;
  return `${name} ${type} ${value}`;
}

/** What a finding says, in a form that does not depend on the order of spans that are equal in all that orders them. */
function actual({ traceId, matchedCount, spansets }: FoundTrace) {
  return {
    traceId,
    matchedCount,
    spansets: spansets.map(({ attributes, matchedCount: count, spans }) => ({
      attributes: attributes.map(comparable),
      count,
      spans: spans.map(shownSpan).toSorted(),
    })),
  };
}

function shownSpan({ spanId, name, startTimeUnixNano, durationNano: length, attributes = [] }: FoundSpan): string {
  return [spanId, name, startTimeUnixNano, length, ...attributes.map(comparable)].join('|');
}

function expected({ traceId, spansets }: TraceResult) {
  return {
    traceId,
    matchedCount: spansets.reduce((sum, set) => sum + set.matchedCount, 0),
    spansets: spansets.map(({ attributes, matchedCount: count, spans }) => ({
      attributes: attributes.map((attribute) => comparable(foundAttribute(attribute))),
      count,
      spans: spans
        .map(({ span, selected }) => {
          const values = selected.map((value) => comparable(foundAttribute(value)));
          return [span.spanId, span.name, span.startTimeUnixNano, durationNano(span), ...values].join('|');
        })
        .toSorted(),
    })),
  };
}

function judge({ world, text, range }: Case) {
  const query = parse(text);
  const { named } = shownFields(query.pipeline);
  return evaluateQuery(query, world.data, { range, show: named }).map(expected);
}

/** The first trace that is not what it should be, as text. */
function firstDifference(found: readonly object[], wanted: readonly object[]): string | undefined {
  for (let at = 0; at < Math.max(found.length, wanted.length); at++) {
    const [is, should] = [JSON.stringify(found[at]), JSON.stringify(wanted[at])];
    if (is !== should) return `trace ${at} of ${wanted.length} is ${is} and should be ${should}`;
  }
  return undefined;
}

/** @returns the share of queries that find some traces and not all. */
async function check(world: World, texts: readonly string[]): Promise<number> {
  const { random, seed, tenant } = world;
  let telling = 0;
  const failures: string[] = [];
  for (let done = 0; done < texts.length; done += PARALLEL) {
    const cases = texts.slice(done, done + PARALLEL).map((text): Case => {
      const range = randomRange(random);
      const store = random.chance(0.3) ? large : small;
      const { tier } = planSearch(parse(text), store.openSearch(tenant));
      const way = `by ${tier} as ${store === large ? 'large' : 'small'}`;
      const label = `seed ${seed}: ${text} in ${range.fromUnixNano}..${range.toUnixNano} ${way}`;
      return { world, store, text, range, label };
    });
    await Promise.all(
      cases.map(async (one) => {
        const wanted = judge(one);
        if (wanted.length > 0 && wanted.length < TRACES) telling++;
        const found = await allPages(one, random.between(20, 200));
        const difference = firstDifference(found.map(actual), wanted);
        if (difference !== undefined) failures.push(`${one.label}: ${difference}`);
      }),
    );
  }
  expect(failures.slice(0, 20), `${failures.length} of ${texts.length}`).toEqual([]);
  return telling / texts.length;
}

describe.each(Array.from({ length: SEEDS }, (_, at) => SEED + at))('searches and the evaluator (seed %i)', (seed) => {
  const random = new Random(seed);
  const world: World = { random, seed, tenant: `seed ${seed}`, data: buildSmallWorld(random, TRACES) };

  beforeAll(() => insert(world.data, world.tenant));

  // Queries of the first seed's world tell what there is to tell.
  it.runIf(seed === SEED)('agree on queries of every kind', { timeout: 300_000 }, async () => {
    expect(await check(world, FIXED)).toBeGreaterThan(0.5);
  });

  it(`agree on ${QUERIES} random queries`, { timeout: 120_000 + QUERIES * 5_000 }, async () => {
    const vocabulary = buildVocabulary(world.data);
    const texts = Array.from({ length: QUERIES }, () => printQuery(randomSpansetQuery(random, vocabulary)));
    // A test of queries that find all or nothing would prove little.
    expect(await check(world, texts)).toBeGreaterThan(0.25);
  });
});
