import { buildStatic, type FieldExpression } from '@clew/traceql';

const TRUE = buildStatic({ type: 'bool', value: true });
const FALSE = buildStatic({ type: 'bool', value: false });

/**
 * A condition that holds wherever `expression` holds, made of the parts that can be said only. Parts that cannot be
 * said may be true or false anywhere.
 */
export function weakenCondition(
  expression: FieldExpression,
  canSay: (leaf: FieldExpression) => boolean,
): FieldExpression {
  return approximate(expression, canSay, 'weaker');
}

function approximate(
  expression: FieldExpression,
  canSay: (leaf: FieldExpression) => boolean,
  side: 'weaker' | 'stronger',
): FieldExpression {
  switch (expression.kind) {
    case 'logical':
      return logical(
        expression,
        approximate(expression.left, canSay, side),
        approximate(expression.right, canSay, side),
      );
    case 'not': {
      const operand = approximate(expression.operand, canSay, side === 'weaker' ? 'stronger' : 'weaker');
      if (operand === TRUE) return FALSE;
      return operand === FALSE ? TRUE : { ...expression, operand };
    }
    default:
      if (canSay(expression)) return expression;
      return side === 'weaker' ? TRUE : FALSE;
  }
}

function logical(
  expression: FieldExpression & { kind: 'logical' },
  left: FieldExpression,
  right: FieldExpression,
): FieldExpression {
  const [winner, neutral] = expression.operator === '&&' ? [FALSE, TRUE] : [TRUE, FALSE];
  if (left === winner || right === winner) return winner;
  if (left === neutral) return right;
  return right === neutral ? left : { ...expression, left, right };
}
