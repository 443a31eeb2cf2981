import { TextColumn } from './column.ts';

/** ignoreBOM: a leading U+FEFF is part of the value. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });
/** Below this length a loop over char codes beats the call into the decoder. */
const SHORT_TEXT_BYTES = 24;

/** `String`: all values in one run of bytes. */
export class StringColumn extends TextColumn {
  readonly #bytes: Uint8Array;
  /** Pairs: start and end of each value in `#bytes`. */
  readonly #ranges: Uint32Array;

  constructor(type: string, rowCount: number, bytes: Uint8Array, ranges: Uint32Array) {
    super(type, rowCount);
    this.#bytes = bytes;
    this.#ranges = ranges;
  }

  /** Length of the value in bytes. */
  byteLength(row: number): number {
    return this.#ranges[row * 2 + 1] - this.#ranges[row * 2];
  }

  bytesAt(row: number): Uint8Array {
    return this.#bytes.subarray(this.#ranges[row * 2], this.#ranges[row * 2 + 1]);
  }

  text(row: number): string {
    const from = this.#ranges[row * 2];
    const to = this.#ranges[row * 2 + 1];
    if (to - from <= SHORT_TEXT_BYTES) {
      const bytes = this.#bytes;
      let text = '';
      let i = from;
      for (; i < to && bytes[i] < 0x80; i++) text += String.fromCharCode(bytes[i]);
      if (i === to) return text;
    }
    return DECODER.decode(this.#bytes.subarray(from, to));
  }
}
