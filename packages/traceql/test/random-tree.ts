/**
 * Random trees of every shape the parser can yield, for the printer: odd names, literals at their limits, deep
 * nesting. They need not pass validation.
 */
import type { Random } from '@clew/testkit/random';
import type {
  FieldExpression,
  FieldReference,
  Hint,
  Intrinsic,
  MetricsAggregate,
  MetricsExpression,
  Pipeline,
  PipelineStage,
  Query,
  ScalarExpression,
  SeriesStage,
  SpansetExpression,
  SpansetFilter,
  SpansetOperator,
  Static,
} from '../src/index.ts';
import { INTRINSIC_TYPES } from '../src/intrinsics.ts';

const at = { from: 0, to: 0 } as const;
const INTRINSICS = Object.keys(INTRINSIC_TYPES) as Intrinsic[]; // The keys of a record over Intrinsic.
const KEYS = [
  ...['a', 'http.route', 'service.name', 'with space', 'a-b+c*d/e%f', '5', '5s', '', '"', '\\', '{}', 'a=b', 'größe'],
  ...['span.a', 'resource.b', 'parent.c', 'event:name', 'true', 'nil', 'by', 'a.', '.a', '😀', 'a\tb', '//', 'a"b"c'],
];
const TEXTS = ['', 'x', '"', '\\', '\n\t\r', '\u0000\u007f', '{ } | count() > 2', '// no', '`', '😀', '\ufffd', "it's"];
const OPERATORS: readonly SpansetOperator[] = [
  ...(['&&', '||', '>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!<<', '!~'] as const),
  ...(['&>', '&>>', '&<', '&<<', '&~'] as const),
];
const ARITHMETIC = ['+', '-', '*', '/', '%', '^'] as const;
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
const INTEGERS = [0n, 1n, -1n, 42n, 2n ** 63n - 1n, -(2n ** 63n), 10n ** 18n];
const FLOATS = [0, -0, 1, -1.5, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 63];

export function randomTree(random: Random): Query {
  const hints = random.chance(0.8) ? [] : random.list(1, 3, () => randomHint(random));
  if (random.chance(0.6)) return { kind: 'spanset-query', pipeline: randomPipeline(random, 3), hints, at };
  return { kind: 'metrics-query', expression: randomMetrics(random, 3), hints, at };
}

function randomHint(random: Random): Hint {
  return { name: random.pick(['sample', 'exemplars', 'anything']), value: randomStatic(random), at };
}

function randomPipeline(random: Random, depth: number): Pipeline {
  const stages = random.list(1, 4, (index) => randomStage(random, depth, index === 0));
  return { stages, at };
}

function randomStage(random: Random, depth: number, isFirst: boolean): PipelineStage {
  switch (random.below(isFirst ? 7 : 8)) {
    case 0:
      return { kind: 'group', by: randomField(random, depth), at };
    case 1:
      return { kind: 'select', fields: random.list(1, 4, () => randomReference(random)), at };
    case 2:
    case 3:
      return randomScalarFilter(random, depth);
    case 7:
      return { kind: 'coalesce', at };
    default:
      return randomSpansets(random, depth, false);
  }
}

function randomSpansets(random: Random, depth: number, isOperand: boolean): SpansetExpression {
  if (depth === 0 || random.chance(0.4)) return randomSpansetFilter(random, depth);
  if (isOperand && random.chance(0.25)) return { kind: 'wrapped-pipeline', pipeline: wrappable(random, depth - 1), at };
  const side = () => randomSpansets(random, depth - 1, true);
  return { kind: 'spanset-operation', operator: random.pick(OPERATORS), left: side(), right: side(), at };
}

/** A pipeline that is more than one spanset expression: that would need no parentheses. */
function wrappable(random: Random, depth: number): Pipeline {
  const { stages } = randomPipeline(random, depth);
  return { stages: [...stages, randomScalarFilter(random, depth)], at };
}

function randomSpansetFilter(random: Random, depth: number): SpansetFilter {
  return { kind: 'spanset-filter', expression: randomField(random, depth), at };
}

function randomScalarFilter(random: Random, depth: number): PipelineStage {
  const sides = [randomScalar(random, depth), random.chance(0.5) ? randomScalar(random, depth) : randomNumber(random)];
  const [left, right] = random.chance(0.5) ? sides : sides.reverse();
  if (left === undefined || right === undefined) throw new Error('two sides');
  return { kind: 'scalar-filter', operator: random.pick(COMPARISONS), left, right, at };
}

/** With an aggregate in every operation, as literals are folded. */
function randomScalar(random: Random, depth: number): ScalarExpression {
  if (depth === 0 || random.chance(0.5)) {
    if (random.chance(0.4)) return { kind: 'aggregate', function: 'count', at };
    const name = random.pick(['min', 'max', 'sum', 'avg'] as const);
    return { kind: 'aggregate', function: name, field: randomField(random, depth), at };
  }
  const other = random.chance(0.5) ? randomNumber(random) : randomScalar(random, depth - 1);
  const aggregate = randomScalar(random, depth - 1);
  const [left, right] = random.chance(0.5) ? [aggregate, other] : [other, aggregate];
  return { kind: 'scalar-arithmetic', operator: random.pick(ARITHMETIC), left, right, at };
}

function randomNumber(random: Random): ScalarExpression & { kind: 'static' } {
  return { kind: 'static', static: randomNumberStatic(random), at };
}

function randomMetrics(random: Random, depth: number): MetricsExpression & { kind: `metrics-${string}` } {
  const stages = random.chance(0.6) ? [] : random.list(1, 3, () => randomSeriesStage(random));
  if (depth === 0 || random.chance(0.5)) {
    const pipeline = randomPipeline(random, 1);
    return { kind: 'metrics-pipeline', pipeline, aggregate: randomAggregate(random), stages, at };
  }
  const other = random.chance(0.3) ? randomNumber(random) : randomMetrics(random, depth - 1);
  const series = randomMetrics(random, depth - 1);
  const [left, right] = random.chance(0.5) ? [series, other] : [other, series];
  return { kind: 'metrics-arithmetic', operator: random.pick(['+', '-', '*', '/'] as const), left, right, stages, at };
}

function randomSeriesStage(random: Random): SeriesStage {
  if (random.chance(0.5)) {
    return { kind: 'top', function: random.pick(['topk', 'bottomk'] as const), count: random.below(20), at };
  }
  const filter = { kind: 'series-filter', operator: random.pick(COMPARISONS), at } as const;
  if (random.chance(0.3))
    return { ...filter, value: random.pick([0.5, 1, -2, 3600, 1e-9, 1e9, 10_000_000.5]), isDuration: true };
  return { ...filter, value: random.pick([0, 5, -3, 0.1, 1e21, 2 ** 53, 2 ** 63, 5e-324]) };
}

function randomAggregate(random: Random): MetricsAggregate {
  const by = random.chance(0.6) ? [] : random.list(1, 3, () => randomReference(random));
  switch (random.below(4)) {
    case 0:
      return { kind: 'metrics-function', function: random.pick(['rate', 'count_over_time']), quantiles: [], by, at };
    case 1: {
      const quantiles = random.list(1, 3, () => random.pick([0, 0.5, 0.999, 1, 1e-9, 99]));
      const field = randomReference(random);
      return { kind: 'metrics-function', function: 'quantile_over_time', field, quantiles, by, at };
    }
    case 2:
      return randomCompare(random);
    default: {
      const names = ['min', 'max', 'sum', 'avg', 'histogram'] as const;
      const field = randomReference(random);
      return { kind: 'metrics-function', function: `${random.pick(names)}_over_time`, field, quantiles: [], by, at };
    }
  }
}

function randomCompare(random: Random): MetricsAggregate {
  const compare = { kind: 'compare', selection: randomSpansetFilter(random, 2), at } as const;
  if (random.chance(0.4)) return compare;
  const topN = random.below(100);
  if (random.chance(0.5)) return { ...compare, topN };
  return { ...compare, topN, startUnixNano: 1_700_000_000_000_000_000n, endUnixNano: -5n };
}

/** What stands inside braces, at most `depth` operators deep. */
function randomField(random: Random, depth: number): FieldExpression {
  if (depth === 0 || random.chance(0.2)) {
    return random.chance(0.4) ? { kind: 'static', static: randomStatic(random), at } : randomReference(random);
  }
  const side = () => randomField(random, depth - 1);
  switch (random.below(5)) {
    case 0:
      return { kind: 'not', operand: side(), at };
    case 1: {
      // A minus sign before a number belongs to the number.
      const operand = side();
      return { kind: 'negate', operand: operand.kind === 'static' ? randomReference(random) : operand, at };
    }
    case 2:
      return { kind: 'logical', operator: random.pick(['&&', '||'] as const), left: side(), right: side(), at };
    case 3:
      return { kind: 'arithmetic', operator: random.pick(ARITHMETIC), left: side(), right: side(), at };
    default: {
      const operator = random.pick([...COMPARISONS, '=~', '!~'] as const);
      return { kind: 'comparison', operator, left: side(), right: side(), at };
    }
  }
}

function randomReference(random: Random): FieldReference {
  if (random.chance(0.3)) return { kind: 'intrinsic', intrinsic: random.pick(INTRINSICS), at };
  const key = random.pick(KEYS);
  if (random.chance(0.25)) {
    return { kind: 'attribute', scope: random.pick(['any', 'span', 'resource'] as const), key, ofParent: true, at };
  }
  const scopes = ['any', 'span', 'resource', 'event', 'link', 'instrumentation'] as const;
  return { kind: 'attribute', scope: random.pick(scopes), key, at };
}

function randomStatic(random: Random): Static {
  switch (random.below(6)) {
    case 0:
      return { type: 'string', value: random.pick(TEXTS) };
    case 1:
      return { type: 'bool', value: random.chance(0.5) };
    case 2:
      return { type: 'status', value: random.below(3) };
    case 3:
      return { type: 'kind', value: random.below(6) };
    case 4:
      return { type: 'nil' };
    default:
      return randomNumberStatic(random);
  }
}

function randomNumberStatic(random: Random): Static {
  if (random.chance(0.3)) return { type: 'float', value: random.pick(FLOATS) };
  return { type: random.pick(['int', 'duration'] as const), value: random.pick(INTEGERS) };
}
