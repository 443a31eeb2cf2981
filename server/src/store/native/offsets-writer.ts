import type { NativeBuffer } from './native-buffer.ts';

const START_ROWS = 1 << 10;

/** Ends of the runs of a Map column: UInt64 each, cumulative. */
export class OffsetsWriter {
  /** Pairs, low word first; the high words stay zero. */
  #words: Int32Array<ArrayBuffer>;
  rowCount = 0;

  constructor() {
    this.#words = new Int32Array(START_ROWS * 2);
  }

  get byteLength(): number {
    return this.rowCount * 8;
  }

  /** Ends a row at `elementCount` elements in all. */
  addEnd(elementCount: number): void {
    if (this.rowCount * 2 === this.#words.length) this.#grow();
    this.#words[this.rowCount++ * 2] = elementCount;
  }

  write(target: NativeBuffer): void {
    target.putBytes(new Uint8Array(this.#words.buffer, 0, this.rowCount * 8));
  }

  clear(): void {
    this.rowCount = 0;
  }

  release(): void {
    this.clear();
    this.#words = new Int32Array(START_ROWS * 2);
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }
}
