/**
 * Structure, groups and aggregates of many random queries over the columns that one statement reads for all of them,
 * against the in-memory evaluator: what search-differential asks query by query, in bulk.
 * Longer runs: CLEW_TEST_SEED=… CLEW_TEST_SEEDS=20 CLEW_DIFFERENTIAL_ROWS=1000 npx vitest run --project integration
 * rows-differential
 */
import type { Span, TraceData, TraceId } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomPipeline } from '@clew/testkit/random-query';
import { type FieldExpression, isSameExpression, type Pipeline, printExpression, printPipeline } from '@clew/traceql';
import { type ColumnPlan, planColumns, preparePipeline } from '@clew/traceql/columnar';
import { compilePipeline, wholeTrace } from '@clew/traceql/evaluate/compile-pipeline';
import { valueKey } from '@clew/traceql/evaluate/plain-value';
import type { NamedValue } from '@clew/traceql/evaluate/spanset';
import { splitTraces, type TraceSpans } from '@clew/traceql/evaluate/trace-spans';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import type { SpanRows } from '../store/span-store.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const SEEDS = Number(process.env.CLEW_TEST_SEEDS ?? 1);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_ROWS ?? 300);
const TRACES = 50;
/** Queries whose columns one statement reads. */
const TOGETHER = 25;
/** Long expressions cost the engine most of its time, and compile-filter asks them in bulk: characters of a query. */
const LONG_QUERY = 200;
/** A busy machine is no difference. */
const PATIENT = { timeoutMs: 300_000 };

let engine: TestStore;
let store: ClickHouseSpanStore;

beforeAll(async () => {
  engine = await startTestStore();
  // Each world is stored before it is asked about: what is known of its attributes stays known.
  store = new ClickHouseSpanStore(engine, {}, undefined, true);
});

afterAll(() => engine.close());

interface World {
  readonly random: Random;
  readonly seed: number;
  readonly tenant: string;
  readonly data: TraceData;
}

/** The columns of all of them, each once. */
function joined(plans: readonly ColumnPlan[]): ColumnPlan {
  const once = (lists: readonly (readonly FieldExpression[])[]): FieldExpression[] => {
    const all: FieldExpression[] = [];
    for (const one of lists.flat()) if (!all.some((other) => isSameExpression(other, one))) all.push(one);
    return all;
  };
  return {
    conditions: once(plans.map(({ conditions }) => conditions)),
    groups: once(plans.map(({ groups }) => groups)),
    numbers: once(plans.map(({ numbers }) => numbers)),
    needsAllSpans: true,
  };
}

/** A span in a form that both sides have. */
function spanText(id: string, start: bigint, name: string): string {
  return `${id} ${start} ${name}`;
}

/** Of an aggregate the number only: see search-differential. */
function attributeText({ name, value }: NamedValue): string {
  if (value.type === 'nil') return `${name}=nil`;
  if (value.type === 'float' || (!name.startsWith('by(') && typeof value.value === 'bigint')) {
    return `${name}=${Number(value.value).toPrecision(12)}`;
  }
  return `${name}=${valueKey(value)}`;
}

function setText(attributes: readonly NamedValue[], spans: readonly string[]): string {
  return `${attributes.map(attributeText).join(', ')}: ${spans.toSorted().join(' | ')}`;
}

function wantedSets(pipeline: Pipeline, trace: TraceSpans): string[] {
  const text = ({ spanId, startTimeUnixNano, name }: Span) => spanText(spanId, startTimeUnixNano, name);
  return compilePipeline(pipeline)(trace, wholeTrace(trace))
    .map(({ attributes, spans }) =>
      setText(
        attributes,
        spans.map((position) => text(trace.spans[position].span)),
      ),
    )
    .toSorted();
}

/** @returns whether it finds some of the traces and not all. */
function check(
  pipeline: Pipeline,
  columns: ColumnPlan,
  rows: SpanRows,
  traces: ReadonlyMap<TraceId, TraceSpans>,
  label: string,
): boolean {
  const run = preparePipeline(pipeline, columns);
  let found = 0;
  expect(rows.traceIds.length, label).toBe(traces.size);
  for (const [at, traceId] of rows.traceIds.entries()) {
    const trace = traces.get(traceId);
    if (trace === undefined) expect.fail(`${label}: there is no trace ${traceId}`);
    const sets = run(rows.table, at).map(({ attributes, rows: kept }) => {
      const spans = Array.from(kept, (row) => {
        const { spanId, startUnixNano, name } = rows.span(row);
        return spanText(spanId, startUnixNano, name);
      });
      return setText(attributes, spans);
    });
    expect(sets.toSorted(), `${label}, trace ${traceId}`).toEqual(wantedSets(pipeline, trace));
    if (sets.length > 0) found++;
  }
  return found > 0 && found < traces.size;
}

/** Random pipelines whose columns SQL can say; how many were passed over. */
function randomPipelines({ random, tenant, data }: World): { readonly pipelines: Pipeline[]; readonly passed: number } {
  const vocabulary = buildVocabulary(data);
  const search = store.openSearch(tenant, PATIENT);
  const pipelines: Pipeline[] = [];
  let passed = 0;
  while (pipelines.length < QUERIES) {
    const pipeline = randomPipeline(random, vocabulary);
    const { conditions, groups, numbers } = planColumns(pipeline);
    const isShort = [...conditions, ...groups, ...numbers].map(printExpression).join('').length < LONG_QUERY;
    const isSaid =
      conditions.every((one) => search.decides(one)) && [...groups, ...numbers].every(search.reads, search);
    if (isShort && isSaid) pipelines.push(pipeline);
    else passed++;
  }
  return { pipelines, passed };
}

const ALL_SEEDS = Array.from({ length: SEEDS }, (_, at) => SEED + at);

describe.each(ALL_SEEDS)('pipelines over columns of the store and the evaluator (seed %i)', (seed) => {
  const random = new Random(seed);
  const world: World = { random, seed, tenant: `seed ${seed}`, data: buildSmallWorld(random, TRACES) };
  const traces = new Map(splitTraces(world.data).map((trace) => [trace.traceId, trace]));

  beforeAll(() => engine.insert(world.data, world.tenant, Number(WORLD_END_UNIX_NANO / 1_000_000n)));

  it(`agree on ${QUERIES} random pipelines`, { timeout: 300_000 + QUERIES * 1_000 }, async () => {
    const { pipelines, passed } = randomPipelines(world);
    const failures: string[] = [];
    let telling = 0;
    for (let done = 0; done < QUERIES && failures.length < 10; done += TOGETHER) {
      const some = pipelines.slice(done, done + TOGETHER);
      const columns = joined(some.map(planColumns));
      const search = store.openSearch(world.tenant, PATIENT);
      const rows = await search.spanRows({ columns, traceIds: [...traces.keys()], required: [] });
      if (rows === undefined) expect.fail(`seed ${seed}: too many rows`);
      for (const [at, pipeline] of some.entries()) {
        const label = `seed ${seed}, pipeline ${done + at}: ${printPipeline(pipeline)}`;
        try {
          if (check(pipeline, columns, rows, traces, label)) telling++;
        } catch (error) {
          failures.push(`${label}\n${error instanceof Error ? error.message.slice(0, 800) : String(error)}`);
        }
      }
    }
    expect(failures.join('\n\n')).toBe('');
    console.log(`seed ${seed}: ${QUERIES} pipelines, ${telling} find some traces and not all, ${passed} passed over`);
    expect(telling / QUERIES).toBeGreaterThan(0.25);
  });
});
