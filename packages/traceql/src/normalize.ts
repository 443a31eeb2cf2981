import { parseSpanId, parseTraceId } from '@clew/model';
import { compareStatics } from './compare-statics.ts';
import { notYetError } from './traceql-error.ts';
import type { ComparisonOperator, FieldExpression, Static, TextRange } from './tree.ts';
import { validateFilter } from './validate.ts';

/** A field that a filter can test. */
export type Field = FieldExpression & { kind: 'attribute' | 'intrinsic' };

/**
 * The form that the evaluator and the SQL compiler read; every one is also a FieldExpression. Guaranteed:
 * - a comparison has a field on the left and a literal on the right;
 * - a literal that stands alone is `true` or `false`;
 * - a field that stands alone is an attribute: true where the value is the boolean true;
 * - `nil` is compared with `=` and `!=` only: "does not exist", "exists";
 * - `=~` and `!~` have a string on the right;
 * - ids compared by `=` and `!=` are 32 or 16 lower-case hex digits where the literal is an id at all.
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
  readonly left: Field;
  readonly right: FieldExpression & { kind: 'static' };
  readonly at: TextRange;
}

/**
 * Puts the field of a comparison on the left (`1 < .a` becomes `.a > 1`), evaluates comparisons of two literals,
 * and completes ids. Nothing else is rewritten. Normalizing twice changes nothing.
 * @throws TraceqlError when the expression would not pass `validateFilter`.
 */
export function normalizeFilter(expression: FieldExpression): NormalFilter {
  validateFilter(expression);
  return normalize(expression);
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
  throw notYetError('this expression is not supported yet.', expression.at);
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
  const { operator, left, right, at } = comparison;
  if (left.kind === 'static' && right.kind === 'static') {
    const value = compareStatics(operator, left.static, right.static);
    return { kind: 'static', static: { type: 'bool', value }, at };
  }
  if (left.kind === 'static' && isField(right)) {
    return withWholeId({ kind: 'comparison', operator: MIRRORED[operator], left: right, right: left, at });
  }
  if (isField(left) && right.kind === 'static') return withWholeId({ kind: 'comparison', operator, left, right, at });
  throw notYetError('comparing two fields is not supported yet.', at);
}

function isField(expression: FieldExpression): expression is Field {
  return expression.kind === 'attribute' || expression.kind === 'intrinsic';
}

/** People drop leading zeros of ids and write capitals. */
function withWholeId(comparison: NormalComparison): NormalComparison {
  const { left, right, operator } = comparison;
  if (left.kind !== 'intrinsic' || right.static.type !== 'string') return comparison;
  if (operator !== '=' && operator !== '!=') return comparison;
  const text = right.static.value;
  let id: string | undefined;
  if (left.intrinsic === 'trace:id') id = parseTraceId(text);
  else if (left.intrinsic === 'span:id' || left.intrinsic === 'span:parentID') id = parseSpanId(text);
  if (id === undefined || id === text) return comparison;
  return { ...comparison, right: { ...right, static: { type: 'string', value: id } } };
}
