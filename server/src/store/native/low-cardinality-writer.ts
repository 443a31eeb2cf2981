import { type Dictionary, grown } from '@clew/model/dictionary';
import type { ColumnWriter } from './column-writer.ts';
import { type NativeBuffer, varintLength } from './native-buffer.ts';

const START_ROWS = 1 << 10;
const START_IDS = 1 << 10;
/** SerializationLowCardinality: keys version, and flags "has additional keys" | "update the dictionary". */
const KEYS_VERSION = 1;
const FLAGS = 0x600;
/** Index widths of the format. */
const INDEX_UINT8 = 0;
const INDEX_UINT16 = 1;
const INDEX_UINT32 = 2;

/**
 * `LowCardinality(String)` over ids of a Dictionary. The block's own dictionary is found by a table from id to
 * position that is stamped with the block's number, so that starting a block costs nothing. Position 0 is always
 * the empty string.
 */
export class LowCardinalityWriter implements ColumnWriter {
  readonly type = 'LowCardinality(String)';
  readonly prefixLength = 8;
  rowCount = 0;
  readonly #dictionary: Dictionary;
  /** Pairs: block number, position; by dictionary id. */
  #positions: Int32Array;
  #block = 1;
  /** Dictionary id by position. */
  #ids: Int32Array;
  #idCount = 0;
  /** Length prefixes and bytes of the block's dictionary. */
  #keyBytes = 0;
  /** Low 16 bits of each row's position. */
  #low: Uint16Array<ArrayBuffer>;
  /** High 16 bits, once a position needs them. */
  #high: Uint16Array<ArrayBuffer> | undefined;

  constructor(dictionary: Dictionary) {
    this.#dictionary = dictionary;
    this.#positions = new Int32Array(START_IDS * 2);
    this.#ids = new Int32Array(START_IDS);
    this.#low = new Uint16Array(START_ROWS);
    this.#enter(0);
  }

  get byteLength(): number {
    return this.rowCount === 0 ? 0 : 24 + this.#keyBytes + (this.rowCount << this.#indexType());
  }

  add(id: number): void {
    const row = this.rowCount;
    if (row === this.#low.length) this.#growRows(row + 1);
    const positions = this.#positions;
    const position = positions[id * 2] === this.#block ? positions[id * 2 + 1] : this.#enter(id);
    this.#low[row] = position;
    if (position > 0xffff || this.#high !== undefined) this.#setHigh(row, position);
    this.rowCount = row + 1;
  }

  /** Appends the same value `count` times. */
  addRun(id: number, count: number): void {
    if (count === 0) return;
    const from = this.rowCount;
    if (from + count > this.#low.length) this.#growRows(from + count);
    const position = this.#positions[id * 2] === this.#block ? this.#positions[id * 2 + 1] : this.#enter(id);
    this.#low.fill(position, from, from + count);
    if (position > 0xffff || this.#high !== undefined) {
      for (let row = from; row < from + count; row++) this.#setHigh(row, position);
    }
    this.rowCount = from + count;
  }

  /** Appends empty strings up to `rowCount` rows. */
  padTo(rowCount: number): void {
    const from = this.rowCount;
    if (rowCount <= from) return;
    if (rowCount > this.#low.length) this.#growRows(rowCount);
    this.#low.fill(0, from, rowCount);
    this.#high?.fill(0, from, rowCount);
    this.rowCount = rowCount;
  }

  writePrefix(target: NativeBuffer): void {
    target.putUInt64(KEYS_VERSION);
  }

  write(target: NativeBuffer): void {
    const count = this.rowCount;
    if (count === 0) return;
    const indexType = this.#indexType();
    target.putUInt64(FLAGS | indexType);
    target.putUInt64(this.#idCount);
    const { bytes, offsets, lengths } = this.#dictionary;
    for (let i = 0; i < this.#idCount; i++) {
      const id = this.#ids[i];
      target.putVarint(lengths[id]);
      target.putBytes(bytes.subarray(offsets[id], offsets[id] + lengths[id]));
    }
    target.putUInt64(count);
    const low = this.#low;
    if (indexType === INDEX_UINT16) target.putBytes(new Uint8Array(low.buffer, 0, count * 2));
    else if (indexType === INDEX_UINT8) {
      const start = target.position;
      for (let row = 0; row < count; row++) target.bytes[start + row] = low[row];
      target.position = start + count;
    } else {
      const high = this.#high;
      for (let row = 0; row < count; row++) {
        target.view.setUint32(target.position + row * 4, low[row] | ((high === undefined ? 0 : high[row]) << 16), true);
      }
      target.position += count * 4;
    }
  }

  clear(): void {
    this.rowCount = 0;
    this.#high = undefined;
    this.#idCount = 0;
    this.#keyBytes = 0;
    this.#block++;
    this.#enter(0);
  }

  /** Also to be called when the Dictionary has been cleared. */
  release(): void {
    this.#positions = new Int32Array(START_IDS * 2);
    this.#ids = new Int32Array(START_IDS);
    this.#low = new Uint16Array(START_ROWS);
    this.#block = 0;
    this.clear();
  }

  #indexType(): number {
    return this.#idCount > 0x10000 ? INDEX_UINT32 : this.#idCount > 0x100 ? INDEX_UINT16 : INDEX_UINT8;
  }

  /** Gives a dictionary id its position in this block. */
  #enter(id: number): number {
    if (id * 2 >= this.#positions.length) {
      this.#positions = grown(this.#positions, Math.max(this.#dictionary.size, id + 1) * 4);
    }
    if (this.#idCount === this.#ids.length) this.#ids = grown(this.#ids, this.#ids.length * 2);
    const position = this.#idCount++;
    this.#ids[position] = id;
    this.#positions[id * 2] = this.#block;
    this.#positions[id * 2 + 1] = position;
    const length = this.#dictionary.lengths[id];
    this.#keyBytes += varintLength(length) + length;
    return position;
  }

  #growRows(needed: number): void {
    const capacity = Math.max(needed, this.#low.length * 2);
    const low = new Uint16Array(capacity);
    low.set(this.#low);
    this.#low = low;
    if (this.#high !== undefined) {
      const high = new Uint16Array(capacity);
      high.set(this.#high);
      this.#high = high;
    }
  }

  #setHigh(row: number, position: number): void {
    this.#high ??= new Uint16Array(this.#low.length);
    this.#high[row] = position >>> 16;
  }
}
