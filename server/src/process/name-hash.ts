import { mixWord } from '@clew/model/mix-word';

/**
 * Two 32-bit hashes of a name and of where it belongs, for tables that several threads use. Seeded, so that a sender
 * cannot choose names that meet in one place. Reused: `start` begins the next.
 */
export class NameHash {
  readonly #seed: number;
  low = 0;
  high = 0;

  /** @param seed the same in every thread that uses one table. */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  start(): void {
    this.low = this.#seed;
    this.high = Math.imul(this.#seed, 0x9e3779b1) ^ 0x5bd1e995;
  }

  addWord(word: number): void {
    this.low = Math.imul(this.low ^ word, 0x85ebca6b);
    this.low = (this.low ^ (this.low >>> 15)) + this.high;
    this.high = Math.imul(((this.high << 13) | (this.high >>> 19)) ^ word, 0xc2b2ae35) ^ this.low;
  }

  addText(text: string): void {
    this.addWord(text.length);
    for (let i = 0; i < text.length; i++) this.addWord(text.charCodeAt(i));
  }

  /** Entry of a dictionary: `length` bytes from `words[first]` on, filled up with zeros. */
  addWords(words: Int32Array, first: number, length: number): void {
    this.addWord(length);
    const end = first + ((length + 3) >> 2);
    for (let i = first; i < end; i++) this.addWord(words[i]);
  }

  /** Readable 4 bytes past the end. */
  addBytes(view: DataView, offset: number, length: number): void {
    this.addWord(length);
    const end = offset + length;
    let p = offset;
    for (; p + 4 <= end; p += 4) this.addWord(view.getInt32(p, true));
    if (p < end) this.addWord(view.getInt32(p, true) & ((1 << ((end - p) << 3)) - 1));
  }

  /** Neither word is zero afterwards. */
  finish(): void {
    const low = mixWord((this.low + this.high) | 0);
    const high = mixWord((this.high + low) | 0);
    this.low = low === 0 ? 1 : low;
    this.high = high === 0 ? 1 : high;
  }
}
