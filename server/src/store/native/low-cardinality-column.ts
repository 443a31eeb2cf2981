import { TextColumn } from './column.ts';
import type { StringColumn } from './string-column.ts';

/** `LowCardinality(String)` or `LowCardinality(Nullable(String))`: a dictionary of values and an index a row. */
export class LowCardinalityColumn extends TextColumn {
  /** Distinct values of this block; each is decoded once. */
  readonly dictionary: StringColumn;
  readonly #indices: Uint8Array | Uint16Array | Uint32Array;
  readonly #nullable: boolean;
  readonly #texts: (string | undefined)[];

  constructor(
    type: string,
    rowCount: number,
    dictionary: StringColumn,
    indices: Uint8Array | Uint16Array | Uint32Array,
    nullable: boolean,
  ) {
    super(type, rowCount);
    this.dictionary = dictionary;
    this.#indices = indices;
    this.#nullable = nullable;
    this.#texts = new Array<string | undefined>(dictionary.rowCount);
  }

  /** Position of the value in `dictionary`: equal numbers are equal values within this block. */
  index(row: number): number {
    return this.#indices[row];
  }

  isNull(row: number): boolean {
    return this.#nullable && this.#indices[row] === 0;
  }

  text(row: number): string {
    return this.textAtIndex(this.#indices[row]);
  }

  /** The dictionary's value at a position from `index()`. */
  textAtIndex(index: number): string {
    let text = this.#texts[index];
    if (text === undefined) {
      text = this.dictionary.text(index);
      this.#texts[index] = text;
    }
    return text;
  }

  bytesAt(row: number): Uint8Array {
    return this.dictionary.bytesAt(this.#indices[row]);
  }
}
