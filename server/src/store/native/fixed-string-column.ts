import { hexFromBytes } from '@clew/model';
import { Column } from './column.ts';

/** `FixedString(n)`: n bytes a row. */
export class FixedStringColumn extends Column {
  readonly width: number;
  /** All rows, `width` bytes each. */
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(type: string, rowCount: number, width: number, bytes: Uint8Array) {
    super(type, rowCount);
    this.width = width;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  bytesAt(row: number): Uint8Array {
    return this.bytes.subarray(row * this.width, (row + 1) * this.width);
  }

  /** The value as lower-case hex. */
  hex(row: number): string {
    return hexFromBytes(this.bytes, row * this.width, this.width);
  }

  /** Bytes 4·index to 4·index+3 of the value as a little-endian int32. */
  word(row: number, index: number): number {
    return this.#view.getInt32(row * this.width + index * 4, true);
  }

  /** Whether every byte is zero. */
  isZero(row: number): boolean {
    for (let i = row * this.width; i < (row + 1) * this.width; i++) if (this.bytes[i] !== 0) return false;
    return true;
  }
}
