/**
 * What narrows a search never loses anything: random queries of the whole language over random traces, without the
 * store. Longer runs: CLEW_TEST_SEED=… CLEW_DIFFERENTIAL_NARROWINGS=50000 npx vitest run --project unit narrowing
 */
import { buildSmallWorld } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomMetricsQuery, randomSpansetQuery } from '@clew/testkit/random-query';
import {
  type FieldExpression,
  isSameQuery,
  type MetricsExpression,
  normalizeFilter,
  type Pipeline,
  parseQuery,
  printPipeline,
  printQuery,
  type Query,
} from '@clew/traceql';
import { planColumns } from '@clew/traceql/columnar';
import { compileCondition } from '@clew/traceql/evaluate/compile-expression';
import { compilePipeline, wholeTrace } from '@clew/traceql/evaluate/compile-pipeline';
import { splitTraces, type TraceSpans } from '@clew/traceql/evaluate/trace-spans';
import { describe, expect, it } from 'vitest';
import type { LinkRequirement } from '../../store/span-store.ts';
import { necessaryCondition } from './necessary-condition.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_NARROWINGS ?? 2_000);
const TRACES = 10;
/** Queries asked of the same traces. */
const QUERIES_OF_A_WORLD = 250;

function pipelinesOf(query: Query): readonly Pipeline[] {
  return query.kind === 'spanset-query' ? [query.pipeline] : measuredPipelines(query.expression);
}

function measuredPipelines(expression: MetricsExpression): readonly Pipeline[] {
  if (expression.kind === 'static') return [];
  if (expression.kind === 'metrics-pipeline') return [expression.pipeline];
  return [...measuredPipelines(expression.left), ...measuredPipelines(expression.right)];
}

function countOf(condition: FieldExpression, trace: TraceSpans): number {
  const holds = compileCondition(condition);
  return [...trace.spans.keys()].filter((position) => holds(trace, position)).length;
}

/** Whether a span that satisfies the condition stands in the relation, by ids, to the one at the position. */
function isLinked({ relation, condition }: LinkRequirement, trace: TraceSpans, position: number): boolean {
  const holds = compileCondition(condition);
  const { spanId, parentSpanId } = trace.spans[position].span;
  return trace.spans.some(({ span }, other) => {
    const isOther =
      relation === 'parent'
        ? span.spanId === parentSpanId
        : span.parentSpanId === (relation === 'child' ? spanId : parentSpanId);
    return isOther && holds(trace, other);
  });
}

/** @returns how many of the traces are found. */
function checkNarrowing(pipeline: Pipeline, traces: readonly TraceSpans[], label: string): number {
  const { span, link, trace: required } = necessaryCondition(pipeline);
  const holds = compileCondition(span);
  const judge = compilePipeline(pipeline);
  let found = 0;
  for (const trace of traces) {
    const sets = judge(trace, wholeTrace(trace));
    if (sets.length === 0) continue;
    found++;
    const lost = sets
      .flatMap(({ spans }) => spans)
      .filter((position) => !holds(trace, position) || (link !== undefined && !isLinked(link, trace, position)));
    expect(
      lost.map((position) => trace.spans[position].span.spanId),
      `${label}: spans that were lost`,
    ).toEqual([]);
    const lacking = required.filter(({ condition, atLeast }) => countOf(condition, trace) < atLeast);
    expect(lacking, `${label}: trace ${trace.traceId} was lost`).toEqual([]);
  }
  return found;
}

/** What SQL is compiled from, and what it was made of, hold of the same spans. */
function checkNormalForms(pipeline: Pipeline, traces: readonly TraceSpans[], label: string): void {
  for (const condition of planColumns(pipeline).conditions) {
    const [as, normal] = [compileCondition(condition), compileCondition(normalizeFilter(condition))];
    for (const trace of traces) {
      const differing = [...trace.spans.keys()].filter((at) => as(trace, at) !== normal(trace, at));
      expect(differing, `${label}: normal form`).toEqual([]);
    }
  }
}

describe(`random queries of the whole language (seed ${SEED})`, () => {
  const title = `read back as printed, and what narrows them loses nothing: ${QUERIES} queries`;

  it(title, { timeout: 60_000 + QUERIES * 50 }, () => {
    const random = new Random(SEED);
    let [pipelines, telling] = [0, 0];
    for (let done = 0; done < QUERIES; done += QUERIES_OF_A_WORLD) {
      const world = buildSmallWorld(random, TRACES);
      const vocabulary = buildVocabulary(world);
      const traces = splitTraces(world);
      for (let i = done; i < Math.min(QUERIES, done + QUERIES_OF_A_WORLD); i++) {
        const query = random.chance(0.75)
          ? randomSpansetQuery(random, vocabulary)
          : randomMetricsQuery(random, vocabulary);
        const text = printQuery(query);
        const label = `seed ${SEED}, query ${i}: ${text}`;
        expect(isSameQuery(parseQuery(text), query), label).toBe(true);
        for (const pipeline of pipelinesOf(query)) {
          const found = checkNarrowing(pipeline, traces, `${label} (${printPipeline(pipeline)})`);
          checkNormalForms(pipeline, traces, label);
          pipelines++;
          if (found > 0 && found < TRACES) telling++;
        }
      }
    }
    console.log(
      `seed ${SEED}: ${QUERIES} queries, ${pipelines} pipelines, ${telling} of them find some traces, not all`,
    );
    // Queries that find all or nothing would prove little.
    expect(telling / pipelines).toBeGreaterThan(0.25);
  });
});
