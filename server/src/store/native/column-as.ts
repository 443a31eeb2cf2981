import type { Column } from './column.ts';
import { NativeFormatError } from './native-format-error.ts';

/** A class of columns, abstract ones (TextColumn) included. */
export type ColumnClass<C extends Column> = abstract new (...args: never[]) => C;

/** `column` typed as `columnClass`. Throws NativeFormatError when the engine sent another type. */
export function columnAs<C extends Column>(column: Column, columnClass: ColumnClass<C>, what: string): C {
  if (column instanceof columnClass) return column;
  throw new NativeFormatError(`${what}: type ${column.type} is not a ${columnClass.name}. Cast it in the statement.`);
}
