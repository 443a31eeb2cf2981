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

  constructor(attributes: readonly PromotedAttribute[] = PROMOTED_ATTRIBUTES) {
    this.#writers = attributes.map(({ columnType }) => {
      if (columnType === 'UInt16') return new ShortWriter('UInt16');
      return columnType === 'String' ? new StringWriter() : new LowCardinalityWriter(this.#values);
    });
  }

  get columns(): readonly (readonly [string, ColumnWriter])[] {
    return PROMOTED_ATTRIBUTES.map(({ column }, index) => [column, this.#writers[index]] as const);
  }

  /**
   * Takes an attribute into its column, or answers false: another type than the column's, a value that stands for
   * "not promoted", or a repetition of the key in this row. It then belongs into the maps.
   */
  tryAdd(index: number, row: number, bytes: Uint8Array, view: DataView, type: number, x: number, y: number): boolean {
    const writer = this.#writers[index];
    if (writer.rowCount > row) return false;
    if (writer instanceof LowCardinalityWriter) {
      if (type !== TYPE_STRING || y === 0) return false;
      writer.padTo(row);
      writer.add(this.#values.intern(view, x, y));
    } else if (writer instanceof StringWriter) {
      if (type !== TYPE_STRING || y === 0) return false;
      writer.padTo(row);
      writer.add(bytes, view, x, y);
    } else {
      if (type !== TYPE_INT || y !== 0 || x <= 0 || x > MAX_UINT16) return false;
      writer.padTo(row);
      writer.add(x);
    }
    return true;
  }

  /** Fills every column up to `rowCount` rows. */
  padTo(rowCount: number): void {
    for (const writer of this.#writers) writer.padTo(rowCount);
  }

  /** Call after the columns were cleared: forgets the values when there are too many. */
  trim(): void {
    if (this.#values.size <= MAX_VALUES && this.#values.byteSize <= MAX_VALUE_BYTES) return;
    this.#values.clear();
    for (const writer of this.#writers) if (writer instanceof LowCardinalityWriter) writer.release();
  }
}
