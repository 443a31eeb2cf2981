import { compareStatics } from './compare-statics.ts';
import { calculate, negate } from './evaluate/arithmetic.ts';
import { singleValue, type Value } from './evaluate/value.ts';
import { typeError } from './traceql-error.ts';
import type { ArithmeticOperator, ComparisonOperator, FieldExpression, Static, TextRange } from './tree.ts';
import { validateFilter } from './validate.ts';
import { wholeId } from './whole-id.ts';

/** A field that a filter can test. */
export type Field = FieldExpression & { kind: 'attribute' | 'intrinsic' };

/**
 * The form that the SQL compiler reads; every one is also a FieldExpression. Guaranteed:
 * - where a literal is compared with something else, the literal is on the right; two literals are left only where a
 *   regular expression must decide;
 * - a literal that stands alone is `true` or `false`;
 * - a field that stands alone is an attribute: true where a value of it is the boolean true;
 * - a condition is not compared with a literal: `(a = b) = false` is `!(a = b)`;
 * - `nil` stands on the right and is compared with `=` and `!=` only: "does not exist", "exists";
 * - `=~` and `!~` have a string on the right;
 * - ids compared by `=` and `!=` are 32 or 16 lower-case hex digits where the literal is an id at all;
 * - what is calculated of literals alone is nil.
 */
export type NormalFilter =
  | { readonly kind: 'static'; readonly static: Static & { type: 'bool' }; readonly at: TextRange }
  | (FieldExpression & { kind: 'attribute' })
  | { readonly kind: 'not'; readonly operand: NormalFilter; readonly at: TextRange }
  | NormalLogical
  | NormalComparison;

export interface NormalLogical {
  readonly kind: 'logical';
  readonly operator: '&&' | '||';
  readonly left: NormalFilter;
  readonly right: NormalFilter;
  readonly at: TextRange;
}

export interface NormalComparison {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: NormalValue;
  readonly right: NormalValue;
  readonly at: TextRange;
}

/** What has a value; conditions are true or false, never nil. */
export type NormalValue =
  | Field
  | (FieldExpression & { kind: 'static' })
  | { readonly kind: 'negate'; readonly operand: NormalValue; readonly at: TextRange }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: NormalValue;
      readonly right: NormalValue;
      readonly at: TextRange;
    }
  | NormalCondition;

/** What is a condition by its form: an attribute alone is not, though it may be read as one. */
export type NormalCondition = NormalFilter & { kind: 'not' | 'logical' | 'comparison' };

/**
 * Puts literals on the right (`1 < .a` becomes `.a > 1`), evaluates what has literals alone, and completes ids.
 * Nothing else is rewritten. Normalizing twice changes nothing.
 * @throws TraceqlError when the expression would not pass `validateFilter`.
 */
export function normalizeFilter(expression: FieldExpression): NormalFilter {
  validateFilter(expression);
  return normalize(expression);
}

/**
 * The same of an expression that is wanted for its value: of `by(…)`, `select(…)` and aggregates.
 * @throws TraceqlError TRACEQL_TYPE when a part of it is a condition that would not pass `validateFilter`.
 */
export function normalizeValue(expression: FieldExpression): NormalValue {
  switch (expression.kind) {
    case 'static':
    case 'attribute':
    case 'intrinsic':
      return expression;
    case 'negate': {
      const operand = normalizeValue(expression.operand);
      const value = operand.kind === 'static' ? calculated(negate(literalValue(operand)), expression.at) : undefined;
      return value ?? { kind: 'negate', operand, at: expression.at };
    }
    case 'arithmetic': {
      const left = normalizeValue(expression.left);
      const right = normalizeValue(expression.right);
      const value =
        left.kind === 'static' && right.kind === 'static'
          ? calculated(calculate(expression.operator, literalValue(left), literalValue(right)), expression.at)
          : undefined;
      return value ?? { ...expression, left, right };
    }
    default:
      return normalize(expression);
  }
}

function normalize(expression: FieldExpression): NormalFilter {
  switch (expression.kind) {
    case 'attribute':
      return expression;
    case 'static':
      if (expression.static.type === 'bool') return { ...expression, static: expression.static };
      break;
    case 'not':
      return { kind: 'not', operand: normalize(expression.operand), at: expression.at };
    case 'logical':
      return { ...expression, left: normalize(expression.left), right: normalize(expression.right) };
    case 'comparison':
      return normalizeComparison(expression);
  }
  // Validation has refused every other shape.
  throw typeError('a filter must be true or false.', expression.at);
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '=~': '=~',
  '!~': '!~',
};

function normalizeComparison(comparison: FieldExpression & { kind: 'comparison' }): NormalFilter {
  const { operator, at } = comparison;
  const left = normalizeValue(comparison.left);
  const right = normalizeValue(comparison.right);
  if (operator === '=~' || operator === '!~') return { kind: 'comparison', operator, left, right, at };
  if (left.kind === 'static' && right.kind === 'static') {
    return { kind: 'static', static: { type: 'bool', value: compareStatics(operator, left.static, right.static) }, at };
  }
  if (left.kind === 'static') return withLiteral(MIRRORED[operator], right, left, at);
  if (right.kind === 'static') return withLiteral(operator, left, right, at);
  return { kind: 'comparison', operator, left, right, at };
}

function withLiteral(
  operator: ComparisonOperator,
  left: NormalValue,
  right: FieldExpression & { kind: 'static' },
  at: TextRange,
): NormalFilter {
  const literal = right.static;
  if (literal.type === 'bool' && isCondition(left) && (operator === '=' || operator === '!=')) {
    return literal.value === (operator === '=') ? left : { kind: 'not', operand: left, at };
  }
  const comparison = { kind: 'comparison', operator, left, right, at } as const;
  if (left.kind !== 'intrinsic' || literal.type !== 'string') return comparison;
  const id = operator === '=' || operator === '!=' ? wholeId(left.intrinsic, literal.value) : undefined;
  if (id === undefined || id === literal.value) return comparison;
  return { ...comparison, right: { ...right, static: { type: 'string', value: id } } };
}

function isCondition(value: NormalValue): value is NormalCondition {
  return value.kind === 'not' || value.kind === 'logical' || value.kind === 'comparison';
}

/** What calculating with literals alone yields. Undefined where that is nil: compared with a literal `nil` it would ask for existence. */
function calculated(value: Value, at: TextRange): NormalValue | undefined {
  const literal = singleValue(value);
  return literal === undefined || literal.type === 'opaque' ? undefined : { kind: 'static', static: literal, at };
}

function literalValue({ static: literal }: FieldExpression & { kind: 'static' }): Value {
  return literal.type === 'nil' ? undefined : literal;
}
