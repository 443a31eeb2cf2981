import type { AttributeValue } from '@clew/model';
import { printStatic } from '../print.ts';
import type { Static } from '../tree.ts';

/**
 * An attribute's value as compact JSON text: 64-bit integers as digits, bytes as base64, NaN and the infinities as
 * text, an empty value as null.
 */
export function attributeText(value: AttributeValue): string {
  switch (value.type) {
    case 'string':
      return JSON.stringify(value.value);
    case 'bool':
    case 'int':
      return value.value.toString();
    case 'double':
      return Number.isFinite(value.value) ? JSON.stringify(value.value) : JSON.stringify(String(value.value));
    case 'array':
      return `[${value.value.map(attributeText).join(',')}]`;
    case 'kvlist':
      return `{${value.value.map(({ key, value: of }) => `${JSON.stringify(key)}:${attributeText(of)}`).join(',')}}`;
    case 'bytes':
      return JSON.stringify(btoa(Array.from(value.value, (byte) => String.fromCharCode(byte)).join('')));
    case 'empty':
      return 'null';
  }
}

/** What groups, labels and selected fields show. `other`: an array, map, bytes or empty value, as JSON text. */
export type PlainValue = Static | { readonly type: 'other'; readonly value: string };

/** A value as it is printed in a query; decides orders that time leaves open. */
export function valueText(value: PlainValue): string {
  if (value.type === 'other') return value.value;
  // A number outside the enumeration has no keyword.
  if (value.type === 'status' && value.value > 2) return value.value.toString();
  if (value.type === 'kind' && value.value > 5) return value.value.toString();
  return printStatic(value);
}

/** Tells values of groups and labels apart: int 1, float 1.0 and the text "1" differ, NaN equals NaN. */
export function valueKey(value: PlainValue): string {
  return value.type === 'nil' ? 'nil' : `${value.type} ${value.value}`;
}
