import type { Column } from './column.ts';
import { type ColumnClass, columnAs } from './column-as.ts';
import { NativeFormatError } from './native-format-error.ts';

/** One block of an answer in ClickHouse's Native format. */
export class NativeBlock {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Column>;

  constructor(rowCount: number, columns: ReadonlyMap<string, Column>) {
    this.rowCount = rowCount;
    this.columns = columns;
  }

  /**
   * The column of this name, typed: `block.column('start', Int64Column).bigint(row)`. For strings that may be
   * LowCardinality or not ask for `TextColumn`.
   * Throws NativeFormatError when there is no such column or it is of another class.
   */
  column<C extends Column>(name: string, columnClass: ColumnClass<C>): C {
    const column = this.columns.get(name);
    if (column === undefined) {
      throw new NativeFormatError(`column ${name}: not in the block (has ${[...this.columns.keys()].join(', ')}).`);
    }
    return columnAs(column, columnClass, `column ${name}`);
  }
}
