import type { ColumnWriter } from './column-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';

const START_ROWS = 1 << 10;

/** Rows of 16 bits: UInt16, Date. */
export class ShortWriter implements ColumnWriter {
  readonly type: string;
  readonly prefixLength = 0;
  values: Uint16Array<ArrayBuffer>;
  rowCount = 0;

  constructor(type: string) {
    this.type = type;
    this.values = new Uint16Array(START_ROWS);
  }

  get byteLength(): number {
    return this.rowCount * 2;
  }

  /** Room for `count` more rows. */
  reserve(count: number): Uint16Array<ArrayBuffer> {
    const needed = this.rowCount + count;
    if (needed > this.values.length) {
      const values = new Uint16Array(Math.max(needed, this.values.length * 2));
      values.set(this.values.subarray(0, this.rowCount));
      this.values = values;
    }
    return this.values;
  }

  add(value: number): void {
    const values = this.rowCount < this.values.length ? this.values : this.reserve(1);
    values[this.rowCount++] = value;
  }

  /** Appends the same value `count` times. */
  addRun(value: number, count: number): void {
    this.reserve(count).fill(value, this.rowCount, this.rowCount + count);
    this.rowCount += count;
  }

  /** Appends zeros up to `rowCount` rows. */
  padTo(rowCount: number): void {
    if (rowCount > this.rowCount) this.addRun(0, rowCount - this.rowCount);
  }

  writePrefix(): void {}

  write(target: NativeBuffer): void {
    target.putBytes(new Uint8Array(this.values.buffer, 0, this.rowCount * 2));
  }

  clear(): void {
    this.rowCount = 0;
  }

  release(): void {
    this.rowCount = 0;
    this.values = new Uint16Array(START_ROWS);
  }
}
