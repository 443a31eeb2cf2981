import { Column } from './column.ts';
import { type ColumnClass, columnAs } from './column-as.ts';
import { NativeFormatError } from './native-format-error.ts';

/** `Tuple(T, …)`: one column an element. */
export class TupleColumn extends Column {
  readonly elements: readonly Column[];

  constructor(type: string, rowCount: number, elements: readonly Column[]) {
    super(type, rowCount);
    this.elements = elements;
  }

  /** Element `index` of the tuple, when it is of this class. Throws NativeFormatError otherwise. */
  elementAs<C extends Column>(index: number, columnClass: ColumnClass<C>): C {
    const element = this.elements[index];
    if (element === undefined) {
      throw new NativeFormatError(`tuple element ${index}: ${this.type} has ${this.elements.length}.`);
    }
    return columnAs(element, columnClass, `tuple element ${index}`);
  }
}
