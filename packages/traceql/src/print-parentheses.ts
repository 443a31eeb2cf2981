/** Where the printer writes parentheses: where reading would group otherwise, or where it is easy to misread. */
import { MIN_INT } from './intrinsics.ts';
import { BINARY_LEVELS, PREFIX_OPERAND_LEVEL } from './parse-field.ts';
import type { FieldExpression, MetricsExpression, ScalarExpression, SpansetExpression, Static } from './tree.ts';

type BinaryExpression = FieldExpression & { kind: 'comparison' | 'logical' | 'arithmetic' };
type Side = 'left' | 'right';

/** Of the operand of `!` or `-`. */
export function isPrefixOperandWrapped(operand: FieldExpression): boolean {
  return bindingLevel(operand) < PREFIX_OPERAND_LEVEL + 2;
}

/** Of a side of an operator inside braces. `&&` and `||` bind equally, and so do comparisons: those are kept apart. */
export function isFieldOperandWrapped(expression: BinaryExpression, side: Side): boolean {
  const operand = expression[side];
  const level = BINARY_LEVELS[expression.operator];
  const isLooser = side === (expression.operator === '^' ? 'left' : 'right');
  if (bindingLevel(operand) < (isLooser ? level + 1 : level)) return true;
  if (expression.kind === 'logical') return operand.kind === 'logical' && operand.operator !== expression.operator;
  return expression.kind === 'comparison' && operand.kind === 'comparison';
}

function bindingLevel(expression: FieldExpression): number {
  switch (expression.kind) {
    case 'comparison':
    case 'logical':
    case 'arithmetic':
      return BINARY_LEVELS[expression.operator];
    case 'not':
    case 'negate':
      return PREFIX_OPERAND_LEVEL - 1;
    case 'static':
      return isNegative(expression.static) ? PREFIX_OPERAND_LEVEL - 1 : Number.POSITIVE_INFINITY;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function isNegative(literal: Static): boolean {
  switch (literal.type) {
    case 'int':
      return literal.value < 0n && literal.value !== MIN_INT;
    case 'duration':
      return literal.value < 0n;
    case 'float':
      return literal.value < 0 || Object.is(literal.value, -0);
    default:
      return false;
  }
}

/** Of a side of an operator between spansets: chains of one operator are plain, and different operators kept apart. */
export function isSpansetOperandWrapped(
  operation: SpansetExpression & { kind: 'spanset-operation' },
  side: Side,
): boolean {
  const operand = operation[side];
  return operand.kind === 'spanset-operation' && (side === 'right' || operand.operator !== operation.operator);
}

const ARITHMETIC_LEVELS = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 } as const;

/** Of a side of an operator between numbers of spansets. */
export function isScalarOperandWrapped(
  arithmetic: ScalarExpression & { kind: 'scalar-arithmetic' },
  side: Side,
): boolean {
  const operand = arithmetic[side];
  if (operand.kind !== 'scalar-arithmetic') return false;
  const level = ARITHMETIC_LEVELS[arithmetic.operator];
  const isLooser = side === (arithmetic.operator === '^' ? 'left' : 'right');
  return ARITHMETIC_LEVELS[operand.operator] < (isLooser ? level + 1 : level);
}

/** Of a side of an operator between series. */
export function isSeriesOperandWrapped(
  arithmetic: MetricsExpression & { kind: 'metrics-arithmetic' },
  side: Side,
): boolean {
  const operand = arithmetic[side];
  if (operand.kind === 'static') return false;
  if (operand.kind === 'metrics-pipeline' || operand.stages.length > 0) return true;
  const level = ARITHMETIC_LEVELS[arithmetic.operator];
  return ARITHMETIC_LEVELS[operand.operator] < (side === 'right' ? level + 1 : level);
}
