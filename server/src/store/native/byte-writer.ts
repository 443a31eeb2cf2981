import type { ColumnWriter } from './column-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';

const START_ROWS = 1 << 10;

/** Rows of one byte: UInt8, Int8, Bool, Enum8. */
export class ByteWriter implements ColumnWriter {
  readonly type: string;
  readonly prefixLength = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  rowCount = 0;

  constructor(type: string) {
    this.type = type;
    this.#bytes = new Uint8Array(START_ROWS);
  }

  get byteLength(): number {
    return this.rowCount;
  }

  add(value: number): void {
    if (this.rowCount === this.#bytes.length) {
      const bytes = new Uint8Array(this.rowCount * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    this.#bytes[this.rowCount++] = value;
  }

  writePrefix(): void {}

  write(target: NativeBuffer): void {
    target.putBytes(this.#bytes.subarray(0, this.rowCount));
  }

  clear(): void {
    this.rowCount = 0;
  }

  release(): void {
    this.rowCount = 0;
    this.#bytes = new Uint8Array(START_ROWS);
  }
}
