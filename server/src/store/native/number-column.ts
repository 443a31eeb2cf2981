import { Column } from './column.ts';

export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/**
 * Numbers of at most 32 bits and floats: `UInt8/16/32`, `Int8/16/32`, `Float32/64`, `Bool` (0 or 1), `Date` (days
 * since 1970), `DateTime` (seconds since 1970), `Enum8/16` (the number).
 */
export class NumberColumn extends Column {
  /** One element a row. */
  readonly values: NumberArray;

  constructor(type: string, rowCount: number, values: NumberArray) {
    super(type, rowCount);
    this.values = values;
  }

  number(row: number): number {
    return this.values[row];
  }

  boolean(row: number): boolean {
    return this.values[row] !== 0;
  }
}
