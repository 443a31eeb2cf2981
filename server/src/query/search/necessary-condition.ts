import {
  buildComparison,
  buildStatic,
  type FieldExpression,
  isSameExpression,
  type Pipeline,
  type PipelineStage,
  type ScalarComparison,
  type ScalarExpression,
  type SpansetExpression,
  type Static,
  TraceqlError,
  validateFilter,
} from '@clew/traceql';
import type { LinkRequirement, TraceRequirement } from '../../store/span-store.ts';

/** What must hold of a trace, and of a span in it, for the query to find it: narrows what is looked at. */
export interface NecessaryCondition {
  /** Every span that the query finds satisfies it. */
  readonly span: FieldExpression;
  /** Holds of every span that the query finds. */
  readonly link: LinkRequirement | undefined;
  /** All of them hold of every trace that is found. */
  readonly trace: readonly TraceRequirement[];
}

const TRUE: FieldExpression = buildStatic({ type: 'bool', value: true });
/** A count beyond it says no more to the store than this. */
const MAX_COUNT = 1_000_000_000n;

/** Derived from the filters, and from what counts and extremes that are compared with literals say of spans. */
export function necessaryCondition(pipeline: Pipeline): NecessaryCondition {
  let span = TRUE;
  let link: LinkRequirement | undefined;
  const trace: TraceRequirement[] = [];
  for (const stage of pipeline.stages) {
    if (stage.kind === 'scalar-filter') trace.push(...ofScalarFilter(stage, span));
    if (stage.kind !== 'spanset-filter' && stage.kind !== 'spanset-operation' && stage.kind !== 'wrapped-pipeline') {
      continue;
    }
    const condition = ofExpression(stage);
    // What this stage needs it needs among the spans that came in.
    for (const one of condition.trace) trace.push({ ...one, condition: and(span, one.condition) });
    // One of two says enough: the last one, which relates the spans that came in.
    if (condition.link !== undefined) link = { ...condition.link, condition: and(span, condition.link.condition) };
    span = and(span, condition.span);
  }
  return { span, link, trace: trace.filter((one, at) => isNews(one, at, trace, span)) };
}

/** Candidates have a span that satisfies `span` already. */
function isNews(one: TraceRequirement, at: number, all: readonly TraceRequirement[], span: FieldExpression): boolean {
  if (one.atLeast < 1) return false;
  if (one.atLeast === 1 && (isTrue(one.condition) || isSameExpression(one.condition, span))) return false;
  const isSame = (other: TraceRequirement): boolean =>
    other.atLeast === one.atLeast && isSameExpression(other.condition, one.condition);
  return all.findIndex(isSame) === at;
}

function ofExpression(expression: SpansetExpression): NecessaryCondition {
  switch (expression.kind) {
    case 'spanset-filter':
      return { span: expression.expression, link: undefined, trace: [one(expression.expression)] };
    case 'wrapped-pipeline': {
      const { span, link, trace } = necessaryCondition(expression.pipeline);
      return { span, link, trace: [...trace, one(span)] };
    }
    case 'spanset-operation':
      return ofOperation(expression);
  }
}

function one(condition: FieldExpression): TraceRequirement {
  return { condition, atLeast: 1 };
}

function ofOperation({ operator, left, right }: SpansetExpression & { kind: 'spanset-operation' }): NecessaryCondition {
  const a = ofExpression(left);
  const b = ofExpression(right);
  if (operator === '||') return { span: or(a.span, b.span), link: undefined, trace: [] };
  if (operator.startsWith('!')) return b;
  const isBoth = operator === '&&' || operator.startsWith('&');
  const trace = [...a.trace, ...b.trace];
  if (isBoth) return { span: or(a.span, b.span), link: undefined, trace };
  const relation = RELATIONS.get(operator);
  return { span: b.span, link: relation === undefined ? b.link : { relation, condition: a.span }, trace };
}

/** What a span on the right is related to by a span on the left that has, or is named in, one and the same id. */
const RELATIONS: ReadonlyMap<string, LinkRequirement['relation']> = new Map([
  ['>', 'parent'],
  ['<', 'child'],
  ['~', 'sibling'],
]);

type ScalarFilter = PipelineStage & { kind: 'scalar-filter' };

const MIRRORED: Readonly<Record<ScalarComparison, ScalarComparison>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** @param span what every span of the compared sets satisfies. */
function ofScalarFilter({ left, operator, right }: ScalarFilter, span: FieldExpression): readonly TraceRequirement[] {
  if (left.kind === 'aggregate' && right.kind === 'static') return ofAggregate(left, operator, right.static, span);
  if (left.kind === 'static' && right.kind === 'aggregate') {
    return ofAggregate(right, MIRRORED[operator], left.static, span);
  }
  return [];
}

function ofAggregate(
  aggregate: ScalarExpression & { kind: 'aggregate' },
  operator: ScalarComparison,
  literal: Static,
  span: FieldExpression,
): readonly TraceRequirement[] {
  if (aggregate.function === 'count' || aggregate.field === undefined) {
    if (literal.type !== 'int' || operator === '<' || operator === '<=' || operator === '!=') return [];
    const least = operator === '>' ? literal.value + 1n : literal.value;
    return [{ condition: span, atLeast: Number(least < MAX_COUNT ? least : MAX_COUNT) }];
  }
  if (aggregate.function === 'sum' || operator === '!=') return [];
  // Where the least, greatest or mean number lies beyond a bound, one of them does; equal to it is near enough, since
  // a mean is rounded.
  if (operator === '=' && aggregate.function === 'avg') return [];
  const near = operator === '=' ? '=' : operator === '<' || operator === '<=' ? '<=' : '>=';
  const comparison = buildComparison(aggregate.field, near, literal);
  return isValid(comparison) ? [one(and(span, comparison))] : [];
}

/** Aggregates take what a comparison would not: a field that never is a number. */
function isValid(comparison: FieldExpression): boolean {
  try {
    validateFilter(comparison);
    return true;
  } catch (error) {
    if (error instanceof TraceqlError) return false;
    throw error;
  }
}

function isTrue(expression: FieldExpression): boolean {
  return expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
}

function and(left: FieldExpression, right: FieldExpression): FieldExpression {
  if (isTrue(left)) return right;
  if (isTrue(right) || isSameExpression(left, right)) return left;
  return { kind: 'logical', operator: '&&', left, right, at: right.at };
}

function or(left: FieldExpression, right: FieldExpression): FieldExpression {
  if (isTrue(left) || isSameExpression(left, right)) return left;
  if (isTrue(right)) return right;
  return { kind: 'logical', operator: '||', left, right, at: right.at };
}
