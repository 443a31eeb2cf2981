import type { FieldExpression, Intrinsic } from '@clew/traceql';

const SPAN_INTRINSICS: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['name', 'duration', 'status', 'statusMessage', 'kind', 'trace:id', 'span:id', 'span:parentID'] as const),
]);
const TRACE_INTRINSICS: ReadonlySet<Intrinsic> = new Set<Intrinsic>(['traceDuration', 'rootName', 'rootServiceName']);

/** Whether SQL decides the condition exactly for the spans of known traces. */
export function sqlCanDecide(expression: FieldExpression): boolean {
  return isSaid(expression, (intrinsic) => SPAN_INTRINSICS.has(intrinsic) || TRACE_INTRINSICS.has(intrinsic));
}

/** Whether SQL decides the condition exactly by a span alone, without the rest of its trace. */
export function sqlCanDecideAlone(expression: FieldExpression): boolean {
  return isSaid(expression, (intrinsic) => SPAN_INTRINSICS.has(intrinsic));
}

function isSaid(expression: FieldExpression, isSaidIntrinsic: (intrinsic: Intrinsic) => boolean): boolean {
  switch (expression.kind) {
    case 'static':
      return expression.static.type === 'bool';
    case 'attribute':
    case 'intrinsic':
      return isSaidField(expression, isSaidIntrinsic) && expression.kind === 'attribute';
    case 'not':
      return isSaid(expression.operand, isSaidIntrinsic);
    case 'logical':
      return isSaid(expression.left, isSaidIntrinsic) && isSaid(expression.right, isSaidIntrinsic);
    case 'comparison': {
      const { left, right } = expression;
      if (right.kind === 'static') return left.kind === 'static' || isSaidField(left, isSaidIntrinsic);
      return left.kind === 'static' && isSaidField(right, isSaidIntrinsic);
    }
    default:
      return false;
  }
}

function isSaidField(field: FieldExpression, isSaidIntrinsic: (intrinsic: Intrinsic) => boolean): boolean {
  if (field.kind === 'intrinsic') return isSaidIntrinsic(field.intrinsic);
  if (field.kind !== 'attribute' || field.ofParent === true) return false;
  return field.scope === 'any' || field.scope === 'span' || field.scope === 'resource';
}
