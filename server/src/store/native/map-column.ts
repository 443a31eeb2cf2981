import { Column } from './column.ts';
import { type ColumnClass, columnAs } from './column-as.ts';

/** `Map(K, V)`: each row is a run of rows of `keys` and `values`, in the order written; a key may repeat. */
export class MapColumn extends Column {
  readonly keys: Column;
  readonly values: Column;
  readonly #ends: Uint32Array;

  constructor(type: string, rowCount: number, ends: Uint32Array, keys: Column, values: Column) {
    super(type, rowCount);
    this.#ends = ends;
    this.keys = keys;
    this.values = values;
  }

  /** First row of the run in `keys` and `values`. */
  from(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1];
  }

  /** One past the last row of the run in `keys` and `values`. */
  to(row: number): number {
    return this.#ends[row];
  }

  /** `keys`, when it is of this class. Throws NativeFormatError otherwise. */
  keysAs<C extends Column>(columnClass: ColumnClass<C>): C {
    return columnAs(this.keys, columnClass, 'map keys');
  }

  /** `values`, when it is of this class. Throws NativeFormatError otherwise. */
  valuesAs<C extends Column>(columnClass: ColumnClass<C>): C {
    return columnAs(this.values, columnClass, 'map values');
  }
}
