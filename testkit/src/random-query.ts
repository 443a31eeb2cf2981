/**
 * Random queries of the whole language, aimed at given traces so that they find some and not all: for differential
 * tests. Every query can be printed, read back, and passes `validateQuery`.
 */
import {
  type AggregateFunction,
  buildIntrinsic,
  buildStatic,
  type FieldExpression,
  type Hint,
  type MetricsAggregate,
  type MetricsExpression,
  type MetricsQuery,
  type Pipeline,
  type PipelineStage,
  type ScalarComparison,
  type ScalarExpression,
  type SeriesStage,
  type SpansetExpression,
  type SpansetFilter,
  type SpansetOperator,
  type SpansetQuery,
  type Static,
} from '@clew/traceql';
import { WORLD_START_UNIX_NANO } from './build-small-world.ts';
import type { FilterVocabulary } from './filter-vocabulary.ts';
import type { Random } from './random.ts';
import { randomCondition, randomField, randomNumericField } from './random-condition.ts';

export { randomCondition, randomField, randomNumericField } from './random-condition.ts';

const NOWHERE = { from: 0, to: 0 } as const;
const STRUCTURAL = ['>', '>>', '<', '<<', '~'] as const;
const COMPARISONS: readonly ScalarComparison[] = ['=', '!=', '<', '<=', '>', '>='];

/** A query that finds spans. */
export function randomSpansetQuery(random: Random, vocabulary: FilterVocabulary): SpansetQuery {
  const hints = random.chance(0.1) ? [randomHint(random)] : [];
  return { kind: 'spanset-query', pipeline: randomPipeline(random, vocabulary), hints, at: NOWHERE };
}

/** A query that measures spans. */
export function randomMetricsQuery(random: Random, vocabulary: FilterVocabulary): MetricsQuery {
  const weights: Hint = { name: 'extrapolate', value: { type: 'bool', value: random.chance(0.3) }, at: NOWHERE };
  const hints = [
    ...(random.chance(0.15) ? [weights] : []),
    ...[randomHint(random)].filter(({ name }) => name !== 'extrapolate' && random.chance(0.1)),
  ];
  const expression = random.chance(0.1)
    ? randomCompare(random, vocabulary)
    : randomMetrics(random, vocabulary, random.chance(0.2) ? 2 : 0);
  return { kind: 'metrics-query', expression, hints, at: NOWHERE };
}

/** A hint that changes nothing about the spans that are found, or about their series. */
function randomHint(random: Random): Hint {
  const flag: Static = { type: 'bool', value: random.chance(0.5) };
  const name = random.pick([
    ...(['most_recent', 'sample', 'span_sample', 'trace_sample', 'exemplars', 'extrapolate', 'debug'] as const),
  ]);
  if (name === 'exemplars' && random.chance(0.5)) return { name, value: { type: 'int', value: 3n }, at: NOWHERE };
  return { name, value: flag, at: NOWHERE };
}

/** Spanset queries of a few stages. */
export function randomPipeline(random: Random, vocabulary: FilterVocabulary, maxStages = 4): Pipeline {
  const first = random.chance(0.05) ? randomStage(random, vocabulary) : undefined;
  const canBeFirst = first !== undefined && first.kind !== 'coalesce';
  const stages: PipelineStage[] = [
    canBeFirst ? first : randomSpansets(random, vocabulary, random.pick([0, 0, 1, 1, 1, 1, 2, 2, 3])),
  ];
  if (random.chance(0.55)) {
    const further = random.between(1, Math.max(1, maxStages - 1));
    for (let i = 0; i < further; i++) stages.push(randomStage(random, vocabulary));
  }
  return { stages, at: NOWHERE };
}

function randomStage(random: Random, vocabulary: FilterVocabulary): PipelineStage {
  switch (random.below(7)) {
    case 0:
      return randomSpansets(random, vocabulary, random.below(2));
    case 1:
    case 2:
      return { kind: 'group', by: randomGroup(random, vocabulary), at: NOWHERE };
    case 3:
      return { kind: 'coalesce', at: NOWHERE };
    case 4:
      return { kind: 'select', fields: random.list(1, 3, () => randomField(random, vocabulary)), at: NOWHERE };
    default:
      return randomScalarFilter(random, vocabulary);
  }
}

function randomGroup(random: Random, vocabulary: FilterVocabulary): FieldExpression {
  if (random.chance(0.85)) return randomField(random, vocabulary);
  const condition = randomCondition(random, vocabulary, 0);
  // Literals alone are nothing to group by.
  if (random.chance(0.5) && namesField(condition)) return condition;
  const right = buildStatic({ type: 'int', value: BigInt(random.between(2, 4)) });
  return { kind: 'arithmetic', operator: '%', left: buildIntrinsic('span:childCount'), right, at: NOWHERE };
}

function namesField(expression: FieldExpression): boolean {
  switch (expression.kind) {
    case 'static':
      return false;
    case 'attribute':
    case 'intrinsic':
      return true;
    case 'not':
    case 'negate':
      return namesField(expression.operand);
    default:
      return namesField(expression.left) || namesField(expression.right);
  }
}

function randomFilterStage(random: Random, vocabulary: FilterVocabulary): SpansetFilter {
  const all = buildStatic({ type: 'bool', value: true });
  const expression = random.chance(0.12) ? all : randomCondition(random, vocabulary, random.below(3));
  return { kind: 'spanset-filter', expression, at: NOWHERE };
}

/** Filters with operators between them, at most `depth` operators deep. */
export function randomSpansets(random: Random, vocabulary: FilterVocabulary, depth: number): SpansetExpression {
  if (depth === 0) return randomFilterStage(random, vocabulary);
  if (random.chance(0.12)) {
    const further = random.list(1, 2, () => randomStage(random, vocabulary));
    const stages = [randomSpansets(random, vocabulary, random.below(depth)), ...further];
    const wrapped: SpansetExpression = { kind: 'wrapped-pipeline', pipeline: { stages, at: NOWHERE }, at: NOWHERE };
    const operator = randomOperator(random);
    return {
      kind: 'spanset-operation',
      operator,
      ...inSomeOrder(random, wrapped, randomSpansets(random, vocabulary, random.below(depth))),
    };
  }
  return {
    kind: 'spanset-operation',
    operator: randomOperator(random),
    left: randomSpansets(random, vocabulary, random.below(depth)),
    right: randomSpansets(random, vocabulary, random.below(depth)),
    at: NOWHERE,
  };
}

function inSomeOrder(random: Random, a: SpansetExpression, b: SpansetExpression) {
  return random.chance(0.5) ? { left: a, right: b, at: NOWHERE } : { left: b, right: a, at: NOWHERE };
}

function randomOperator(random: Random): SpansetOperator {
  const relation = random.pick(STRUCTURAL);
  switch (random.below(10)) {
    case 0:
      return '&&';
    case 1:
      return '||';
    case 2:
    case 3:
      return `!${relation}`;
    case 4:
    case 5:
      return `&${relation}`;
    default:
      return relation;
  }
}

/** `count() > 1`, `avg(duration) < 5ms`, `sum(.a) / count() >= 2` */
export function randomScalarFilter(
  random: Random,
  vocabulary: FilterVocabulary,
): PipelineStage & { kind: 'scalar-filter' } {
  const left = randomScalar(random, vocabulary);
  const right: ScalarExpression = random.chance(0.15)
    ? randomAggregate(random, vocabulary)
    : { kind: 'static', static: numberFor(random, vocabulary, left), at: NOWHERE };
  const isCount = left.kind === 'aggregate' && left.function === 'count';
  const operator = random.pick(isCount ? COMPARISONS : (['<', '<=', '>', '>='] as const));
  if (random.chance(0.15)) return { kind: 'scalar-filter', operator, left: right, right: left, at: NOWHERE };
  return { kind: 'scalar-filter', operator, left, right, at: NOWHERE };
}

function randomScalar(random: Random, vocabulary: FilterVocabulary): ScalarExpression {
  const aggregate = randomAggregate(random, vocabulary);
  if (random.chance(0.8)) return aggregate;
  const right: ScalarExpression = random.chance(0.5)
    ? randomAggregate(random, vocabulary)
    : { kind: 'static', static: { type: 'int', value: BigInt(random.between(1, 3)) }, at: NOWHERE };
  return {
    kind: 'scalar-arithmetic',
    operator: random.pick(['+', '-', '*', '/', '%', '^'] as const),
    ...(random.chance(0.8) ? { left: aggregate, right } : { left: right, right: aggregate }),
    at: NOWHERE,
  };
}

function randomAggregate(random: Random, vocabulary: FilterVocabulary): ScalarExpression {
  const name: AggregateFunction = random.pick(['count', 'count', 'min', 'max', 'sum', 'avg']);
  if (name === 'count') return { kind: 'aggregate', function: name, at: NOWHERE };
  return { kind: 'aggregate', function: name, field: randomNumericField(random, vocabulary), at: NOWHERE };
}

/** Near what the aggregate may be. */
function numberFor(random: Random, vocabulary: FilterVocabulary, scalar: ScalarExpression): Static {
  const durations = vocabulary.intrinsics.duration;
  const isOfDuration = scalar.kind === 'aggregate' && scalar.field?.kind === 'intrinsic';
  if (isOfDuration && durations.length > 0 && random.chance(0.7)) return random.pick(durations);
  if (random.chance(0.2)) return { type: 'float', value: random.pick([0.5, 1.5, 2.25, 100]) };
  return { type: 'int', value: BigInt(random.between(0, 4)) };
}

function randomMetrics(random: Random, vocabulary: FilterVocabulary, depth: number): MetricsExpression {
  if (depth === 0 || random.chance(0.3)) return randomMetricsPipeline(random, vocabulary);
  const operator = random.pick(['+', '-', '*', '/'] as const);
  const one = randomMetrics(random, vocabulary, depth - 1);
  const number: MetricsExpression = {
    kind: 'static',
    static: random.pick([
      { type: 'int', value: 60n },
      { type: 'float', value: 0.5 },
      { type: 'duration', value: 2_000_000_000n },
    ] as const),
    at: NOWHERE,
  };
  const stages = random.chance(0.2) ? [randomSeriesStage(random)] : [];
  if (random.chance(0.4)) {
    const [left, right] = random.chance(0.5) ? [one, number] : [number, one];
    return { kind: 'metrics-arithmetic', operator, left, right, stages, at: NOWHERE };
  }
  const other = random.chance(0.4) ? randomMetrics(random, vocabulary, depth - 1) : twinOf(random, one);
  return { kind: 'metrics-arithmetic', operator, left: one, right: other, stages, at: NOWHERE };
}

/** The same series of other spans or by another function: labels that often join. */
function twinOf(random: Random, expression: MetricsExpression): MetricsExpression {
  if (expression.kind !== 'metrics-pipeline' || expression.aggregate.kind === 'compare') return expression;
  const { by } = expression.aggregate;
  const name = random.pick(['rate', 'count_over_time'] as const);
  return {
    ...expression,
    aggregate: { kind: 'metrics-function', function: name, quantiles: [], by, at: NOWHERE },
    stages: [],
  };
}

/** Mostly of filters, which SQL can count by itself; now and then of anything. */
function randomMetricsPipeline(random: Random, vocabulary: FilterVocabulary): MetricsExpression {
  const simple: Pipeline = { stages: random.list(1, 2, () => randomFilterStage(random, vocabulary)), at: NOWHERE };
  return {
    kind: 'metrics-pipeline',
    pipeline: random.chance(0.65) ? simple : randomPipeline(random, vocabulary, 3),
    aggregate: randomFunction(random, vocabulary),
    stages: random.chance(0.25) ? random.list(1, 2, () => randomSeriesStage(random)) : [],
    at: NOWHERE,
  };
}

function randomFunction(random: Random, vocabulary: FilterVocabulary): MetricsAggregate {
  const by = random.list(0, 2, () => randomField(random, vocabulary));
  const name = random.pick([
    ...(['rate', 'rate', 'count_over_time', 'min_over_time', 'max_over_time', 'sum_over_time'] as const),
    ...(['avg_over_time', 'quantile_over_time', 'quantile_over_time', 'histogram_over_time'] as const),
  ]);
  const base = { kind: 'metrics-function', function: name, by, at: NOWHERE } as const;
  if (name === 'rate' || name === 'count_over_time') return { ...base, quantiles: [] };
  const field = randomNumericField(random, vocabulary);
  const quantiles =
    name === 'quantile_over_time' ? random.pick([[0.5], [0.9, 0.99], [0, 1], [0.25, 0.5, 0.95], [0.001, 0.999]]) : [];
  return { ...base, field, quantiles };
}

function randomSeriesStage(random: Random): SeriesStage {
  if (random.chance(0.5)) {
    return { kind: 'top', function: random.pick(['topk', 'bottomk']), count: random.between(1, 3), at: NOWHERE };
  }
  return {
    kind: 'series-filter',
    operator: random.pick(COMPARISONS),
    value: random.pick([0, 0.001, 0.5, 1, 2, -1, 1e9]),
    ...(random.chance(0.2) ? { isDuration: true } : {}),
    at: NOWHERE,
  };
}

function randomCompare(random: Random, vocabulary: FilterVocabulary): MetricsExpression {
  const aggregate: MetricsAggregate = {
    kind: 'compare',
    selection: randomFilterStage(random, vocabulary),
    ...(random.chance(0.6) ? { topN: random.between(1, 5), ...randomPart(random) } : {}),
    at: NOWHERE,
  };
  const simple: Pipeline = { stages: [randomFilterStage(random, vocabulary)], at: NOWHERE };
  const pipeline = random.chance(0.7) ? simple : randomPipeline(random, vocabulary, 3);
  return { kind: 'metrics-pipeline', pipeline, aggregate, stages: [], at: NOWHERE };
}

/** Now and then a part of the small world's time. */
function randomPart(random: Random): { readonly startUnixNano?: bigint; readonly endUnixNano?: bigint } {
  if (random.chance(0.6)) return {};
  const first = random.between(0, 300);
  const minute = (count: number): bigint => WORLD_START_UNIX_NANO + BigInt(count) * 60_000_000_000n;
  return { startUnixNano: minute(first), endUnixNano: minute(first + random.between(1, 200)) };
}
