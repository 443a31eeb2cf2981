/**
 * What stands in one line of the waterfall, as one number, so that a million lines are one Int32Array. Entries sort as
 * lines do: a missing parent stands before the first span below it, the row of a run before its first sibling.
 */
export const MISSING_ENTRY = 0;
export const RUN_ENTRY = 1;
export const SPAN_ENTRY = 2;
export type EntryKind = typeof MISSING_ENTRY | typeof RUN_ENTRY | typeof SPAN_ENTRY;

/** No line: where the cursor is before it is set. */
export const NO_ENTRY = -1;

const BITS = 2;
const MASK = 3;

/** @param row of the span itself; of the first span below a missing parent; of the first sibling of a run */
export function entryOf(row: number, kind: EntryKind = SPAN_ENTRY): number {
  return (row << BITS) | kind;
}

export function rowOfEntry(entry: number): number {
  return entry >> BITS;
}

export function kindOfEntry(entry: number): EntryKind {
  return (entry & MASK) as EntryKind;
}
