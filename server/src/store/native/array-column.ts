import { Column } from './column.ts';
import { type ColumnClass, columnAs } from './column-as.ts';

/** `Array(T)`: each row is a run of rows of `elements`. */
export class ArrayColumn extends Column {
  readonly elements: Column;
  /** End of each row's run; the start is the end of the row before. */
  readonly #ends: Uint32Array;

  constructor(type: string, rowCount: number, ends: Uint32Array, elements: Column) {
    super(type, rowCount);
    this.#ends = ends;
    this.elements = elements;
  }

  /** First row of the run in `elements`. */
  from(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1];
  }

  /** One past the last row of the run in `elements`. */
  to(row: number): number {
    return this.#ends[row];
  }

  /** `elements`, when it is of this class. Throws NativeFormatError otherwise. */
  elementsAs<C extends Column>(columnClass: ColumnClass<C>): C {
    return columnAs(this.elements, columnClass, 'array elements');
  }
}
