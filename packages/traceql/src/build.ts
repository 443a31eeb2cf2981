/** Makes trees without text: for shortcuts, for clicks on a value, for other dialects' search forms. */
import type { AttributeScope, ComparisonOperator, FieldExpression, Intrinsic, SpansetQuery, Static } from './tree.ts';

/** The range of what never was text. */
const NOWHERE = { from: 0, to: 0 } as const;

export function buildAttribute(scope: AttributeScope, key: string): FieldExpression & { kind: 'attribute' } {
  return { kind: 'attribute', scope, key, at: NOWHERE };
}

export function buildIntrinsic(intrinsic: Intrinsic): FieldExpression & { kind: 'intrinsic' } {
  return { kind: 'intrinsic', intrinsic, at: NOWHERE };
}

export function buildStatic(literal: Static): FieldExpression & { kind: 'static' } {
  return { kind: 'static', static: literal, at: NOWHERE };
}

/** `field operator literal` */
export function buildComparison(
  field: FieldExpression,
  operator: ComparisonOperator,
  literal: Static,
): FieldExpression {
  return { kind: 'comparison', operator, left: field, right: buildStatic(literal), at: NOWHERE };
}

/** All of the conditions; `true` when there are none. */
export function buildConjunction(conditions: readonly FieldExpression[]): FieldExpression {
  const [first, ...rest] = conditions;
  let all = first ?? buildStatic({ type: 'bool', value: true });
  for (const right of rest) all = { kind: 'logical', operator: '&&', left: all, right, at: NOWHERE };
  return all;
}

/** A query of one filter. */
export function buildQuery(expression: FieldExpression): SpansetQuery {
  const filter = { kind: 'spanset-filter', expression, at: NOWHERE } as const;
  return { kind: 'spanset-query', pipeline: { stages: [filter], at: NOWHERE }, hints: [], at: NOWHERE };
}

/** The conditions that must all hold, in the order of the text; none for `true`. */
export function conjunctsOf(expression: FieldExpression): FieldExpression[] {
  const conditions: FieldExpression[] = [];
  const open = [expression];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'logical' && next.operator === '&&') open.push(next.right, next.left);
    else if (!isTrue(next)) conditions.push(next);
  }
  return conditions;
}

function isTrue(expression: FieldExpression): boolean {
  return expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
}
