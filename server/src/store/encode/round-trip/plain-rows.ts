/** Blocks as plain values, for comparison in tests. Strings are latin1: one character a byte, whatever the bytes. */
import { ArrayColumn } from '../../native/array-column.ts';
import { type Column, TextColumn } from '../../native/column.ts';
import { FixedStringColumn } from '../../native/fixed-string-column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import { MapColumn } from '../../native/map-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NumberColumn } from '../../native/number-column.ts';

export type PlainValue = string | number | bigint | readonly PlainValue[];
export type PlainRow = Readonly<Record<string, PlainValue>>;

/** One object a row. 64-bit numbers are bigint, FixedString is hex, a map is a list of [key, value]. */
export function plainRows(blocks: readonly NativeBlock[]): PlainRow[] {
  return blocks.flatMap((block) =>
    Array.from({ length: block.rowCount }, (_, row) =>
      Object.fromEntries([...block.columns].map(([name, column]) => [name, plainValue(column, row)])),
    ),
  );
}

function plainValue(column: Column, row: number): PlainValue {
  if (column instanceof TextColumn) return Buffer.from(column.bytesAt(row)).toString('latin1');
  if (column instanceof FixedStringColumn) return column.hex(row);
  if (column instanceof Int64Column) return column.bigint(row);
  if (column instanceof NumberColumn) return column.number(row);
  if (column instanceof ArrayColumn) {
    return rowsOf(column).map((element) => plainValue(column.elements, element));
  }
  if (column instanceof MapColumn) {
    return rowsOf(column).map((entry) => [plainValue(column.keys, entry), plainValue(column.values, entry)]);
  }
  throw new Error(`no plain form of ${column.type}`);

  function rowsOf(runs: { from(row: number): number; to(row: number): number }): number[] {
    const from = runs.from(row);
    return Array.from({ length: runs.to(row) - from }, (_, i) => from + i);
  }
}
