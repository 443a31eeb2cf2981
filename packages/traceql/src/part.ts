/** What the parts of a pipeline are while it is read: spansets, numbers or series, and what operators make of them. */
import { foldNumbers, seriesValue } from './fold-numbers.ts';
import { MAX_SERIES_STAGES } from './limits.ts';
import type { NumberLiteral } from './parse-number.ts';
import type { Token } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';
import { limitError, syntaxError, type TraceqlError } from './traceql-error.ts';
import type {
  ArithmeticOperator,
  MetricsExpression,
  PipelineStage,
  ScalarComparison,
  ScalarExpression,
  SeriesStage,
  SpansetExpression,
  SpansetOperator,
  TextRange,
} from './tree.ts';

export type SeriesExpression = MetricsExpression & { kind: 'metrics-pipeline' | 'metrics-arithmetic' };
export type ScalarFilter = PipelineStage & { kind: 'scalar-filter' };

/** `at` holds the parentheses around it; the nodes keep their own ranges. */
export type Part =
  | { readonly yields: 'spansets'; readonly stages: readonly PipelineStage[]; readonly at: TextRange }
  /** A number alone. */
  | { readonly yields: 'literal'; readonly literal: NumberLiteral; readonly at: TextRange }
  /** A number of each spanset. */
  | { readonly yields: 'scalar'; readonly scalar: ScalarExpression; readonly at: TextRange }
  /** A comparison of such numbers: spansets, as soon as it stands in parentheses or as a stage. */
  | { readonly yields: 'condition'; readonly filter: ScalarFilter; readonly at: TextRange }
  | { readonly yields: 'series'; readonly series: SeriesExpression; readonly at: TextRange };

type SymbolToken = Token & { type: 'symbol' };

const LOGICAL = ['&&', '||'];
const STRUCTURAL = ['>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!<<', '!~', '&>', '&>>', '&<', '&<<', '&~'];
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];
const ARITHMETIC_LEVEL: Readonly<Record<string, number>> = { '+': 3, '-': 3, '*': 5, '/': 5, '%': 5, '^': 6 };
export const COMPARISON_LEVEL = 2;

/** How strongly an operator binds, by what stands before it; undefined when it is none. */
export function operatorLevel(operator: string, left: Part): number | undefined {
  if (LOGICAL.includes(operator)) return 1;
  if (left.yields === 'spansets' && STRUCTURAL.includes(operator)) return COMPARISON_LEVEL;
  if (COMPARISONS.includes(operator)) return COMPARISON_LEVEL;
  return ARITHMETIC_LEVEL[operator];
}

export function isComparison(operator: string): operator is ScalarComparison {
  return COMPARISONS.includes(operator);
}

function isSpansetOperator(operator: string): operator is SpansetOperator {
  return LOGICAL.includes(operator) || STRUCTURAL.includes(operator);
}

function isArithmetic(operator: string): operator is ArithmeticOperator {
  return Object.hasOwn(ARITHMETIC_LEVEL, operator);
}

/** `left operator right` */
export function combineParts(cursor: TokenCursor, left: Part, operator: SymbolToken, right: Part): Part {
  const at = { from: left.at.from, to: right.at.to };
  const { text } = operator;
  if (left.yields === 'spansets' && right.yields === 'spansets') {
    if (!isSpansetOperator(text)) throw combinationError(left, operator, right);
    const [l, r] = [asOperand(cursor, left), asOperand(cursor, right)];
    const node = { kind: 'spanset-operation', operator: text, left: l, right: r, at } as const;
    return { yields: 'spansets', stages: [cursor.node(node, [l, r])], at };
  }
  if (left.yields === 'series' || right.yields === 'series') return combineSeries(cursor, left, operator, right, at);
  if (!isNumber(left) || !isNumber(right)) throw combinationError(left, operator, right);
  if (isComparison(text)) {
    if (left.yields === 'literal' && right.yields === 'literal') throw combinationError(left, operator, right);
    const [l, r] = [asScalar(cursor, left), asScalar(cursor, right)];
    const filter = cursor.node({ kind: 'scalar-filter', operator: text, left: l, right: r, at }, [l, r]);
    return { yields: 'condition', filter, at };
  }
  if (!isArithmetic(text)) throw combinationError(left, operator, right);
  if (left.yields === 'literal' && right.yields === 'literal') {
    const folded = foldNumbers(text, left.literal, right.literal, at);
    return { yields: 'literal', literal: { static: folded, at }, at };
  }
  const [l, r] = [asScalar(cursor, left), asScalar(cursor, right)];
  const scalar = cursor.node({ kind: 'scalar-arithmetic', operator: text, left: l, right: r, at }, [l, r]);
  return { yields: 'scalar', scalar, at };
}

function combineSeries(cursor: TokenCursor, left: Part, operator: SymbolToken, right: Part, at: TextRange): Part {
  const { text } = operator;
  if (isComparison(text)) {
    if (left.yields !== 'series' || right.yields !== 'literal') {
      const hint = left.yields === 'literal' ? 'Write the series on the left.' : 'As in rate() > 5.';
      throw syntaxError('series are compared with a number.', right.yields === 'literal' ? left.at : right.at, hint);
    }
    const value = seriesValue(right.literal.static);
    const range = { from: operator.from, to: at.to };
    const stage = { kind: 'series-filter', operator: text, value, at: range } as const;
    const isDuration = right.literal.static.type === 'duration';
    const written = isDuration ? ({ ...stage, isDuration } as const) : stage;
    return { yields: 'series', series: withSeriesStage(cursor, left.series, written), at };
  }
  const [l, r] = [asSeriesOperand(cursor, left), asSeriesOperand(cursor, right)];
  const isFine = text === '+' || text === '-' || text === '*' || text === '/';
  if (!isFine || l === undefined || r === undefined) throw combinationError(left, operator, right);
  const node = { kind: 'metrics-arithmetic', operator: text, left: l, right: r, stages: [], at } as const;
  return { yields: 'series', series: cursor.node(node, [l, r]), at };
}

/** The expression with one more thing done to its series. */
export function withSeriesStage(cursor: TokenCursor, series: SeriesExpression, stage: SeriesStage): SeriesExpression {
  if (series.stages.length >= MAX_SERIES_STAGES) {
    throw limitError(`too many stages after the metrics (limit ${MAX_SERIES_STAGES}).`, stage.at, 'Leave some out.');
  }
  const at = { from: series.at.from, to: stage.at.to };
  return cursor.node({ ...series, stages: [...series.stages, stage], at }, [series]);
}

function asOperand(cursor: TokenCursor, part: Part & { yields: 'spansets' }): SpansetExpression {
  const [first, second] = part.stages;
  if (first !== undefined && second === undefined && isSpansetExpression(first)) return first;
  const [begin, end] = [part.stages[0]?.at ?? part.at, part.stages.at(-1)?.at ?? part.at];
  const pipeline = { stages: part.stages, at: { from: begin.from, to: end.to } };
  return cursor.node({ kind: 'wrapped-pipeline', pipeline, at: part.at }, part.stages);
}

function isSpansetExpression(stage: PipelineStage): stage is SpansetExpression {
  return stage.kind === 'spanset-filter' || stage.kind === 'spanset-operation' || stage.kind === 'wrapped-pipeline';
}

function isNumber(part: Part): part is Part & { yields: 'literal' | 'scalar' } {
  return part.yields === 'literal' || part.yields === 'scalar';
}

function asScalar(cursor: TokenCursor, part: Part & { yields: 'literal' | 'scalar' }): ScalarExpression {
  if (part.yields === 'scalar') return part.scalar;
  return cursor.node({ kind: 'static', static: part.literal.static, at: part.literal.at }, []);
}

function asSeriesOperand(cursor: TokenCursor, part: Part): MetricsExpression | undefined {
  if (part.yields === 'series') return part.series;
  if (part.yields !== 'literal') return undefined;
  return cursor.node({ kind: 'static', static: part.literal.static, at: part.literal.at }, []);
}

const NAMES: Readonly<Record<Part['yields'], string>> = {
  spansets: 'a filter',
  literal: 'a number',
  scalar: 'a number of spans',
  condition: 'a condition on numbers',
  series: 'series',
};

function combinationError(left: Part, operator: SymbolToken, right: Part): TraceqlError {
  const sides = `${NAMES[left.yields]} and ${NAMES[right.yields]}`;
  return syntaxError(
    `${operator.text} cannot stand between ${sides}.`,
    operator,
    combinationHint(left, operator.text, right),
  );
}

function combinationHint(left: Part, operator: string, right: Part): string | undefined {
  if (left.yields === 'condition' || right.yields === 'condition') {
    return 'A condition on numbers is a stage of its own: { } | count() > 2 | avg(duration) > 1s.';
  }
  if (left.yields === 'spansets' && isNumber(right)) {
    return isComparison(operator) ? `Compare a number: { } | count() ${operator} …` : undefined;
  }
  if (left.yields === 'literal' && right.yields === 'literal') return 'One side must be an aggregate such as count().';
  if (left.yields === 'series' && right.yields === 'series') return 'Series are combined with + - * /.';
  if (left.yields === 'spansets' && right.yields === 'spansets') {
    return 'Between filters stand && || > (child) >> (descendant) < (parent) << (ancestor) ~ (sibling).';
  }
  return isSpansetOperator(operator) ? 'On both sides must be a filter { … }.' : undefined;
}
