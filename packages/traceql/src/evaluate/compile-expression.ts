import { typeError } from '../traceql-error.ts';
import type { ComparisonOperator, FieldExpression } from '../tree.ts';
import { checkRegex, compileRegex } from '../validate-regex.ts';
import { wholeId } from '../whole-id.ts';
import { calculate, negate } from './arithmetic.ts';
import { readField } from './read-field.ts';
import type { TraceSpans } from './trace-spans.ts';
import { compareValues, holds, isTrue, type Scalar, textValue, type Value } from './value.ts';

/** The value of an expression for the span at a position of its trace. */
export type ReadValue = (trace: TraceSpans, position: number) => Value;

/** Whether the span at a position of its trace satisfies a condition. */
export type TestSpan = (trace: TraceSpans, position: number) => boolean;

type Comparison = FieldExpression & { kind: 'comparison' };

/** A condition: true where its value is the boolean true. */
export function compileCondition(expression: FieldExpression): TestSpan {
  switch (expression.kind) {
    case 'not': {
      const operand = compileCondition(expression.operand);
      return (trace, position) => !operand(trace, position);
    }
    case 'logical': {
      const left = compileCondition(expression.left);
      const right = compileCondition(expression.right);
      if (expression.operator === '&&') return (trace, position) => left(trace, position) && right(trace, position);
      return (trace, position) => left(trace, position) || right(trace, position);
    }
    case 'comparison':
      return compileComparison(expression);
    default: {
      const read = compileExpression(expression);
      return (trace, position) => isTrue(read(trace, position));
    }
  }
}

/** @throws TraceqlError TRACEQL_TYPE for a regular expression that is invalid or no literal. */
export function compileExpression(expression: FieldExpression): ReadValue {
  switch (expression.kind) {
    case 'static': {
      const value = expression.static.type === 'nil' ? undefined : expression.static;
      return () => value;
    }
    case 'attribute':
    case 'intrinsic':
      return (trace, position) => readField(expression, trace, position);
    case 'negate': {
      const operand = compileExpression(expression.operand);
      return (trace, position) => negate(operand(trace, position));
    }
    case 'arithmetic': {
      const { operator } = expression;
      const left = compileExpression(expression.left);
      const right = compileExpression(expression.right);
      return (trace, position) => calculate(operator, left(trace, position), right(trace, position));
    }
    default: {
      const test = compileCondition(expression);
      return (trace, position) => ({ type: 'bool', value: test(trace, position) });
    }
  }
}

function compileComparison(comparison: Comparison): TestSpan {
  const { operator } = comparison;
  if (operator === '=~' || operator === '!~') return compileMatch(comparison, operator);
  if (isNil(comparison.left)) return compileExistence(operator, comparison.right);
  if (isNil(comparison.right)) return compileExistence(operator, comparison.left);
  const isEquality = operator === '=' || operator === '!=';
  const left = compileExpression(isEquality ? withWholeId(comparison.left, comparison.right) : comparison.left);
  const right = compileExpression(isEquality ? withWholeId(comparison.right, comparison.left) : comparison.right);
  return (trace, position) => compareValues(operator, left(trace, position), right(trace, position));
}

function isNil(expression: FieldExpression): boolean {
  return expression.kind === 'static' && expression.static.type === 'nil';
}

/** `x = nil`, `x != nil`; nothing is said of nil itself. */
function compileExistence(operator: ComparisonOperator, expression: FieldExpression): TestSpan {
  if (isNil(expression) || (operator !== '=' && operator !== '!=')) return () => false;
  const read = compileExpression(expression);
  return (trace, position) => (read(trace, position) !== undefined) === (operator === '!=');
}

function compileMatch({ left, right }: Comparison, operator: '=~' | '!~'): TestSpan {
  if (right.kind !== 'static' || right.static.type !== 'string') {
    throw typeError('a regular expression must be literal text.', right.at);
  }
  const problem = checkRegex(right.static.value);
  if (problem !== undefined) throw typeError(`invalid regular expression: ${problem}.`, right.at);
  const matches = compileRegex(right.static.value);
  const wanted = operator === '=~';
  const pattern = textValue(right.static.value);
  const read = compileExpression(left);
  const isMatch = (value: Scalar) => value.type === 'string' && matches(value.value) === wanted;
  return (trace, position) => holds(operator, read(trace, position), pattern, isMatch);
}

/** People drop leading zeros of ids and write capitals: a literal that is compared with an id is completed. */
function withWholeId(literal: FieldExpression, other: FieldExpression): FieldExpression {
  if (literal.kind !== 'static' || literal.static.type !== 'string' || other.kind !== 'intrinsic') return literal;
  const id = wholeId(other.intrinsic, literal.static.value);
  return id === undefined ? literal : { ...literal, static: { type: 'string', value: id } };
}
