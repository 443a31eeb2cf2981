import type { FieldExpression, Static } from './tree.ts';

/** Whether two trees say the same, wherever they stood in their texts. */
export function isSameExpression(a: FieldExpression, b: FieldExpression): boolean {
  switch (a.kind) {
    case 'static':
      return b.kind === 'static' && isSameStatic(a.static, b.static);
    case 'attribute':
      return b.kind === 'attribute' && a.scope === b.scope && a.key === b.key && a.ofParent === b.ofParent;
    case 'intrinsic':
      return b.kind === 'intrinsic' && a.intrinsic === b.intrinsic;
    case 'not':
    case 'negate':
      return b.kind === a.kind && isSameExpression(a.operand, b.operand);
    default:
      return (
        b.kind === a.kind &&
        a.operator === b.operator &&
        isSameExpression(a.left, b.left) &&
        isSameExpression(a.right, b.right)
      );
  }
}

function isSameStatic(a: Static, b: Static): boolean {
  if (a.type === 'nil' || b.type === 'nil') return a.type === b.type;
  return a.type === b.type && Object.is(a.value, b.value);
}
