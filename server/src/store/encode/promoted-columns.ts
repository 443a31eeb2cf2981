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
  /** The writers by form, so that the hot path has one class at each call: undefined elsewhere. */
  readonly #lowCardinality: readonly (LowCardinalityWriter | undefined)[];
  readonly #strings: readonly (StringWriter | undefined)[];
  readonly #shorts: readonly (ShortWriter | undefined)[];
  /** By column: one past the last row in which its key has been met. */
  readonly #metTo: Int32Array;

  constructor(attributes: readonly PromotedAttribute[] = PROMOTED_ATTRIBUTES) {
    this.#writers = attributes.map(({ columnType }) => {
      if (columnType === 'UInt16') return new ShortWriter('UInt16');
      return columnType === 'String' ? new StringWriter() : new LowCardinalityWriter(this.#values);
    });
    this.#lowCardinality = this.#writers.map((writer) => (writer instanceof LowCardinalityWriter ? writer : undefined));
    this.#strings = this.#writers.map((writer) => (writer instanceof StringWriter ? writer : undefined));
    this.#shorts = this.#writers.map((writer) => (writer instanceof ShortWriter ? writer : undefined));
    this.#metTo = new Int32Array(attributes.length);
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
    if (this.#metTo[index] > row) return false;
    this.#metTo[index] = row + 1;
    if (type === TYPE_STRING) {
      if (y === 0) return false;
      const lowCardinality = this.#lowCardinality[index];
      if (lowCardinality !== undefined) {
        lowCardinality.padTo(row);
        lowCardinality.add(this.#values.intern(view, x, y));
        return true;
      }
      const strings = this.#strings[index];
      if (strings === undefined) return false;
      strings.padTo(row);
      strings.add(bytes, view, x, y);
      return true;
    }
    const shorts = this.#shorts[index];
    if (shorts === undefined || type !== TYPE_INT || y !== 0 || x <= 0 || x > MAX_UINT16) return false;
    shorts.padTo(row);
    shorts.add(x);
    return true;
  }

  /** Fills every column up to `rowCount` rows. */
  padTo(rowCount: number): void {
    for (const writer of this.#writers) writer.padTo(rowCount);
  }

  /** Call after the columns were cleared: rows start at 0 again; values are forgotten when there are too many. */
  trim(): void {
    this.#metTo.fill(0);
    if (this.#values.size <= MAX_VALUES && this.#values.byteSize <= MAX_VALUE_BYTES) return;
    this.#values.clear();
    for (const writer of this.#lowCardinality) writer?.release();
  }
}
