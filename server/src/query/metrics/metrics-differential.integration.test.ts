/**
 * The in-memory evaluator is the judge of metrics: random traces, random queries, equal series, whichever way the
 * answer is found. Longer runs: CLEW_TEST_SEED=… CLEW_TEST_SEEDS=20 CLEW_DIFFERENTIAL_METRICS=500 npx vitest run --project integration
 * metrics-differential
 */
import type { TraceData } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomCondition, randomMetricsQuery } from '@clew/testkit/random-query';
import { type MetricsExpression, type MetricsQuery, parseQuery, printQuery, type SpansetFilter } from '@clew/traceql';
import { evaluateMetrics } from '@clew/traceql/evaluate';
import { labelsText } from '@clew/traceql/evaluate/series';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../../store/reader.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { type MetricsResult, queryMetrics } from './query-metrics.ts';

// Fixed, so that a run can be repeated by everybody; longer runs name other seeds.
const SEED = Number(process.env.CLEW_TEST_SEED ?? 247595344);
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_METRICS ?? 40);
const MINUTE_NANO = 60_000_000_000n;
/** Some steps are whole minutes, so that sums a minute serve where they can. */
const STEPS = [MINUTE_NANO, 7n * MINUTE_NANO, 60n * MINUTE_NANO, 100n * MINUTE_NANO, 95_000_000_000n, 61_000_000_007n];

const TRACES = 80;
let engine: TestStore;
let store: ClickHouseSpanStore;
// Of the seed at hand: each has a world and a tenant of its own, all in one engine.
let seed = SEED;
let tenant = '';
let random = new Random(SEED);
let world: TraceData = { resourceSpans: [] };
let vocabulary = buildVocabulary(world);

beforeAll(async () => {
  engine = await startTestStore();
  // Each world is stored before it is asked about: what is known of its attributes stays known.
  store = new ClickHouseSpanStore(engine, {}, undefined, true);
  // What must never be counted: the same traces with other content, of another tenant.
  await insert(buildSmallWorld(new Random(SEED), TRACES), 'somebody else');
});

function insert(data: TraceData, name: string): Promise<void> {
  return engine.insert(data, name, Number(WORLD_END_UNIX_NANO / 1_000_000n));
}

async function useSeed(next: number): Promise<void> {
  seed = next;
  tenant = `seed ${seed}`;
  random = new Random(seed);
  world = buildSmallWorld(random, TRACES);
  vocabulary = buildVocabulary(world);
  await insert(world, tenant);
}

afterAll(() => engine.close());

function randomRange(): TimeRange {
  const time = (): bigint => WORLD_START_UNIX_NANO + BigInt(random.below(360 * 60)) * 1_000_000_000n;
  if (random.chance(0.5)) return { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
  const [a, b] = [time(), time()];
  return a < b ? { fromUnixNano: a, toUnixNano: b } : { fromUnixNano: b, toUnixNano: a + 1n };
}

/** Label texts with their points, as far as doubles can be told apart after sums in another order. */
function comparable(
  series: readonly { labels: Parameters<typeof labelsText>[0]; values: Iterable<number | undefined> }[],
) {
  return new Map(
    series.map(({ labels, values }) => [
      labels.map(({ name, value }) => `${name} ${value.type} ${labelsText([{ name, value }])}`).join(', '),
      Array.from(values, (value) => value ?? Number.NaN),
    ]),
  );
}

function expectSame(found: MetricsResult, wanted: ReturnType<typeof evaluateMetrics>, label: string): void {
  expect(found.statistics.complete, `${label}: ${found.statistics.incompleteReason}`).toBe(true);
  const [actual, expected] = [comparable(found.series), comparable(wanted.series)];
  expect([...actual.keys()].toSorted(), label).toEqual([...expected.keys()].toSorted());
  for (const [name, values] of expected) {
    const others = actual.get(name) ?? [];
    const differs = values.findIndex((value, bucket) => !isClose(value, others[bucket]));
    if (differs >= 0)
      expect.fail(`${label}: series ${name}, bucket ${differs}: ${others[differs]}, not ${values[differs]}`);
    expect(others.length, label).toBe(values.length);
  }
}

function isClose(a: number, b: number | undefined): boolean {
  if (b === undefined) return false;
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/** Most random pipelines relate spans: some are made a single filter, so that SQL has its share. */
function randomQuery(): MetricsQuery {
  const query = randomMetricsQuery(random, vocabulary);
  if (random.chance(0.4)) return query;
  const filter = (): SpansetFilter => ({
    kind: 'spanset-filter',
    expression: randomCondition(random, vocabulary, 2),
    at: query.at,
  });
  const simpler = (expression: MetricsExpression): MetricsExpression => {
    if (expression.kind === 'static') return expression;
    if (expression.kind === 'metrics-pipeline') {
      return { ...expression, pipeline: { ...expression.pipeline, stages: [filter()] } };
    }
    return { ...expression, left: simpler(expression.left), right: simpler(expression.right) };
  };
  return { ...query, expression: simpler(query.expression) };
}

/** Spans related, grouped and counted by conditions that SQL can say. */
function randomRelatedQuery(): string {
  const filter = () =>
    random.pick([
      ...['{ }', '{ status = error }', '{ kind = server || kind = client }', '{ name = "charge" }'],
      ...['{ span.attempts > 1 }', '{ nestedSetParent < 0 }', '{ resource.service.name = "cart" }'],
    ]);
  const operator = random.pick(['>', '>>', '<', '<<', '~', '!>', '!>>', '&>', '&>>', '&<<', '&~', '&&', '||']);
  const further = random.pick([
    ...['', '', '| count() > 1', '| by(name) | count() > 1', '| avg(duration) > 1ms', '| { kind != internal }'],
  ]);
  const measure = random.pick([
    ...['rate()', 'count_over_time()', 'quantile_over_time(duration, 0.5, 0.9)', 'histogram_over_time(duration)'],
    ...['avg_over_time(span.attempts)', 'max_over_time(duration)', 'sum_over_time(span.ratio)'],
  ]);
  const by = ['resource.service.name', 'name', '.region', 'rootName', 'status'].filter(() => random.chance(0.25));
  return `${filter()} ${operator} ${filter()} ${further} | ${measure}${by.length === 0 ? '' : ` by(${by.join(', ')})`}`;
}

/** What the sums a minute can answer. */
function randomMinutesQuery(): string {
  const conditions = [
    ...['', 'status = error', 'kind = server', 'name = "charge"', 'name =~ ".*pay"', 'nestedSetParent < 0'],
    ...['resource.service.name = "cart"', 'status != ok && name != "send"', '!(kind = client) || parent = nil'],
  ];
  const measure = random.pick([
    ...['rate()', 'count_over_time()', 'min_over_time(duration)', 'max_over_time(duration)'],
    ...['sum_over_time(duration)', 'avg_over_time(duration)'],
  ]);
  const by = ['resource.service.name', 'name', 'kind', 'status'].filter(() => random.chance(0.3));
  const hint = random.chance(0.2) ? ' with(extrapolate=false)' : '';
  return `{ ${random.pick(conditions)} } | ${measure}${by.length === 0 ? '' : ` by(${by.join(', ')})`}${hint}`;
}

interface Case {
  readonly text: string;
  readonly range: TimeRange;
  readonly stepNano: bigint | undefined;
  readonly useMinutes?: boolean;
  readonly label: string;
}

/** A busy machine must not make answers incomplete. */
const options = { timeoutMs: 120_000 };

async function ask({ text, range, stepNano, useMinutes = true, label }: Case): Promise<MetricsResult> {
  const request = {
    tenant,
    text,
    range,
    stepNano,
    instant: stepNano === undefined,
    useMinutes,
    explain: true,
    options,
  };
  return queryMetrics(store, request).catch((error: unknown) => expect.fail(`${label}: ${error}`));
}

function judged({ text, range, stepNano, label }: Case): ReturnType<typeof evaluateMetrics> {
  const query = parseQuery(text);
  if (query.kind !== 'metrics-query') expect.fail(label);
  return evaluateMetrics(query, world, { range, ...(stepNano && { stepNano }) });
}

const ALL_SEEDS = Array.from({ length: SEEDS }, (_, at) => SEED + at);

describe.each(ALL_SEEDS)(`metrics and the evaluator (seed %i, ${QUERIES} queries)`, (ownSeed) => {
  beforeAll(() => useSeed(ownSeed));

  const timeout = 120_000 + QUERIES * 3_000;

  it('find equal series', { timeout }, async () => {
    const ways = new Map<string, number>();
    let telling = 0;
    for (let i = 0; i < QUERIES; i++) {
      const text = random.chance(0.25) ? randomRelatedQuery() : printQuery(randomQuery());
      const range = randomRange();
      const stepNano = random.chance(0.15) ? undefined : random.pick(STEPS);
      const label = `seed ${seed}, query ${i}: ${text} in ${range.fromUnixNano}..${range.toUnixNano} by ${stepNano}`;
      const one = { text, range, stepNano, label };
      const wanted = judged(one);
      const found = await ask(one);
      expectSame(found, wanted, label);
      const way = found.statistics.source === 'minutes' ? 'minutes' : (found.plan?.tier ?? '');
      ways.set(way, (ways.get(way) ?? 0) + 1);
      if (wanted.series.length > 0) telling++;
    }
    console.log(`answered by ${[...ways].map(([way, count]) => `${way}: ${count}`).join(', ')}`);
    // A test of queries that never find anything would prove little.
    expect(telling / QUERIES).toBeGreaterThan(0.25);
  });

  it('are equal from sums a minute and from spans', { timeout }, async () => {
    let ofMinutes = 0;
    const count = Math.ceil(QUERIES / 5);
    for (let i = 0; i < count; i++) {
      const text = randomMinutesQuery();
      const range = randomRange();
      const stepNano = random.pick([1n, 5n, 60n]) * MINUTE_NANO;
      const label = `seed ${seed}, minutes ${i}: ${text} in ${range.fromUnixNano}..${range.toUnixNano} by ${stepNano}`;
      const one = { text, range, stepNano, label };
      const wanted = judged(one);
      for (const useMinutes of [true, false]) {
        const found = await ask({ ...one, useMinutes });
        expectSame(found, wanted, `${label}, from ${found.statistics.source}`);
        if (useMinutes && found.statistics.source === 'minutes') ofMinutes++;
        if (!useMinutes) expect(found.statistics.source).toBe('spans');
      }
    }
    // by(resource.service.name) asks the spans where a service has no name.
    expect(ofMinutes / count).toBeGreaterThan(0.15);
  });
});
