import type { ColumnWriter } from './column-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';

const START_WORDS = 1 << 10;

/**
 * Rows of whole 32-bit words: Int32, UInt32, DateTime (1), Int64, UInt64, Float64, DateTime64, FixedString(8) (2),
 * FixedString(16) (4). Hot loops take `reserve(n)` and store into the array, then raise `used`.
 */
export class WordWriter implements ColumnWriter {
  readonly type: string;
  readonly prefixLength = 0;
  words: Int32Array<ArrayBuffer>;
  /** Words in use. */
  used = 0;

  constructor(type: string) {
    this.type = type;
    this.words = new Int32Array(START_WORDS);
  }

  get byteLength(): number {
    return this.used * 4;
  }

  /** Room for `count` more words after `used`. */
  reserve(count: number): Int32Array<ArrayBuffer> {
    const needed = this.used + count;
    if (needed > this.words.length) {
      const words = new Int32Array(Math.max(needed, this.words.length * 2));
      words.set(this.words.subarray(0, this.used));
      this.words = words;
    }
    return this.words;
  }

  /** Appends one word. */
  add(word: number): void {
    const words = this.used < this.words.length ? this.words : this.reserve(1);
    words[this.used++] = word;
  }

  /** Appends two words, low first. */
  add64(low: number, high: number): void {
    const used = this.used;
    const words = used + 2 <= this.words.length ? this.words : this.reserve(2);
    words[used] = low;
    words[used + 1] = high;
    this.used = used + 2;
  }

  /** Appends the same word `count` times. */
  addRun(word: number, count: number): void {
    this.reserve(count).fill(word, this.used, this.used + count);
    this.used += count;
  }

  /** Appends the same two words `count` times. */
  addRun64(low: number, high: number, count: number): void {
    const words = this.reserve(count * 2);
    const end = this.used + count * 2;
    for (let i = this.used; i < end; i += 2) {
      words[i] = low;
      words[i + 1] = high;
    }
    this.used = end;
  }

  writePrefix(): void {}

  write(target: NativeBuffer): void {
    target.putBytes(new Uint8Array(this.words.buffer, 0, this.used * 4));
  }

  clear(): void {
    this.used = 0;
  }

  release(): void {
    this.used = 0;
    this.words = new Int32Array(START_WORDS);
  }
}
