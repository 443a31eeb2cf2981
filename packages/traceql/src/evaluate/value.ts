import type { AttributeValue } from '@clew/model';
import { compareStatics } from '../compare-statics.ts';
import type { ComparisonOperator, Static } from '../tree.ts';
import { attributeText, type PlainValue } from './plain-value.ts';

/** One value of the types that literals have. */
export type Scalar = Exclude<Static, { type: 'nil' }>;

/** Exists, and satisfies no comparison: maps, bytes, empty values, arrays that are empty or of mixed types. */
export interface Opaque {
  readonly type: 'opaque';
  readonly value: AttributeValue;
}

/** Several values in place of one; never empty. */
export type Many =
  /** An attribute that is an array of strings, ints, doubles or bools. */
  | { readonly type: 'array'; readonly elements: readonly Scalar[]; readonly value: AttributeValue }
  /** A field of the span's events or links: the value of each that has one, in their order. */
  | { readonly type: 'occurrences'; readonly elements: readonly (Scalar | Opaque)[] };

/** What an expression yields for a span; undefined is nil. */
export type Value = Scalar | Opaque | Many | undefined;

/** Compares one value with one. */
type Compare = (left: Scalar, right: Scalar) => boolean;

const NEGATIVE: ReadonlySet<ComparisonOperator> = new Set<ComparisonOperator>(['!=', '!~']);

/**
 * Of several values one must satisfy the comparison, or all of them where the operator is negative. nil satisfies
 * none, and several values are not compared with several.
 */
export function holds(operator: ComparisonOperator, left: Value, right: Value, compare: Compare): boolean {
  if (left === undefined || right === undefined) return false;
  if (isMany(left)) {
    if (isMany(right)) return false;
    return quantify(operator, left.elements, (element) => holdsForOne(element, right, compare));
  }
  if (isMany(right)) return quantify(operator, right.elements, (element) => holdsForOne(left, element, compare));
  return holdsForOne(left, right, compare);
}

/** `left operator right` for everything but regular expressions. */
export function compareValues(operator: ComparisonOperator, left: Value, right: Value): boolean {
  return holds(operator, left, right, (a, b) => compareStatics(operator, a, b));
}

function quantify(
  operator: ComparisonOperator,
  elements: readonly (Scalar | Opaque)[],
  test: (element: Scalar | Opaque) => boolean,
): boolean {
  return NEGATIVE.has(operator) ? elements.every(test) : elements.some(test);
}

function holdsForOne(left: Scalar | Opaque, right: Scalar | Opaque, compare: Compare): boolean {
  return left.type !== 'opaque' && right.type !== 'opaque' && compare(left, right);
}

function isMany(value: Scalar | Opaque | Many): value is Many {
  return value.type === 'array' || value.type === 'occurrences';
}

const TRUE: Scalar = { type: 'bool', value: true };

/** What stands where a condition is wanted: `x` is `x = true`. */
export function isTrue(value: Value): boolean {
  return compareValues('=', value, TRUE);
}

/** Where one value is wanted: that of the first event or link; an array is nothing to calculate with. */
export function singleValue(value: Value): Scalar | Opaque | undefined {
  if (value?.type === 'occurrences') return value.elements[0];
  return value?.type === 'array' ? { type: 'opaque', value: value.value } : value;
}

/** A value to group by, or to show: arrays, maps, bytes and empty values become JSON text, −0 becomes 0. */
export function plainValue(value: Value): PlainValue {
  const single = singleValue(value);
  if (single === undefined) return { type: 'nil' };
  if (single.type === 'opaque') return { type: 'other', value: attributeText(single.value) };
  return single.type === 'float' ? { type: 'float', value: single.value + 0 } : single;
}

export function textValue(value: string): Scalar {
  return { type: 'string', value };
}

export function durationValue(value: bigint): Scalar {
  return { type: 'duration', value };
}

export function intValue(value: number | bigint): Scalar {
  return { type: 'int', value: BigInt(value) };
}
