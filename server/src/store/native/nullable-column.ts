import { Column } from './column.ts';
import { type ColumnClass, columnAs } from './column-as.ts';

/** `Nullable(T)`: a mark a row beside a full column of T, whose value under a null is the type's default. */
export class NullableColumn extends Column {
  readonly values: Column;
  readonly #nulls: Uint8Array;

  constructor(type: string, rowCount: number, nulls: Uint8Array, values: Column) {
    super(type, rowCount);
    this.#nulls = nulls;
    this.values = values;
  }

  isNull(row: number): boolean {
    return this.#nulls[row] !== 0;
  }

  /** `values`, when it is of this class. Throws NativeFormatError otherwise. */
  valuesAs<C extends Column>(columnClass: ColumnClass<C>): C {
    return columnAs(this.values, columnClass, 'nullable values');
  }
}
