import { Dictionary } from '@clew/model/dictionary';
import { TYPE_INT, TYPE_STRING } from '@clew/model/span-batch';
import type { ColumnWriter } from '../native/column-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { PROMOTED_ATTRIBUTES, type PromotedAttribute } from '../schema/promoted-attributes.ts';

/** Values of LowCardinality columns kept from block to block; beyond, they are interned anew. */
const MAX_VALUES = 1 << 16;
const MAX_VALUE_BYTES = 1 << 23;
const MAX_UINT16 = 0xffff;

type PromotedWriter = LowCardinalityWriter | StringWriter | ShortWriter;

/** The columns of promoted attributes. Rows without a value are filled in when the next value or the end comes. */
export class PromotedColumns {
  /** Values, not keys: a dictionary of its own, so that a value never costs the batch's dictionary an entry. */
  readonly #values = new Dictionary();
  readonly #writers: readonly PromotedWriter[];
  /** By column: row + 1 of the last row whose first attribute of this key could not be promoted. */
  readonly #closed: Int32Array;

  constructor(attributes: readonly PromotedAttribute[] = PROMOTED_ATTRIBUTES) {
    this.#writers = attributes.map(({ columnType }) => {
      if (columnType === 'UInt16') return new ShortWriter('UInt16');
      return columnType === 'String' ? new StringWriter() : new LowCardinalityWriter(this.#values);
    });
    this.#closed = new Int32Array(attributes.length);
  }

  get columns(): readonly (readonly [string, ColumnWriter])[] {
    return PROMOTED_ATTRIBUTES.map(({ column }, index) => [column, this.#writers[index]] as const);
  }

  /**
   * Takes an attribute into its column, or answers false: another type than the column's, a value that stands for
   * "not promoted", or not the first of its key in this row. It then belongs into the maps. So a promoted attribute
   * always comes before what the maps have under its key.
   */
  tryAdd(index: number, row: number, bytes: Uint8Array, view: DataView, type: number, x: number, y: number): boolean {
    const writer = this.#writers[index];
    if (writer.rowCount > row || this.#closed[index] === row + 1) return false;
    if (writer instanceof ShortWriter) {
      if (type === TYPE_INT && y === 0 && x > 0 && x <= MAX_UINT16) {
        writer.padTo(row);
        writer.add(x);
        return true;
      }
    } else if (type === TYPE_STRING && y !== 0) {
      writer.padTo(row);
      if (writer instanceof StringWriter) writer.add(bytes, view, x, y);
      else writer.add(this.#values.intern(view, x, y));
      return true;
    }
    this.#closed[index] = row + 1;
    return false;
  }

  /** Fills every column up to `rowCount` rows. */
  padTo(rowCount: number): void {
    for (const writer of this.#writers) writer.padTo(rowCount);
  }

  /** Call after the columns were cleared: rows start at 0 again; values are forgotten when there are too many. */
  trim(): void {
    this.#closed.fill(0);
    if (this.#values.size <= MAX_VALUES && this.#values.byteSize <= MAX_VALUE_BYTES) return;
    this.#values.clear();
    for (const writer of this.#writers) if (writer instanceof LowCardinalityWriter) writer.release();
  }
}
