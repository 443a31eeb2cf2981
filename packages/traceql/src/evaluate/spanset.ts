import { compareText } from '../compare-statics.ts';
import { type PlainValue, valueText } from './plain-value.ts';
import type { Positions } from './relate-spans.ts';

/** A value with the name under which it is shown: as printed in TraceQL. */
export interface NamedValue {
  readonly name: string;
  readonly value: PlainValue;
}

/** A set of spans of one trace; never empty. */
export interface Spanset {
  readonly spans: Positions;
  /** Values of by() and of compared aggregates, in the order of the stages. */
  readonly attributes: readonly NamedValue[];
}

/** The value in place of an earlier one of the same name. */
export function withAttribute(attributes: readonly NamedValue[], added: NamedValue): readonly NamedValue[] {
  return [...attributes.filter(({ name }) => name !== added.name), added];
}

/** Orders what is equally new: value by value as printed. */
export function compareAttributes(a: readonly NamedValue[], b: readonly NamedValue[]): number {
  for (const [index, { value }] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    const order = compareText(valueText(value), valueText(other.value)) || compareText(value.type, other.value.type);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
