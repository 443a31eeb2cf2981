import { mixWord } from '@clew/model/mix-word';

/**
 * A 64-bit hash of words, the same in every process and release: resources and scopes are stored under it. Two lanes
 * in the manner of MurmurHash3 x86_128. Not for secrets: a sender can only collide rows of its own tenant.
 */
export class StableHash {
  low = 0;
  high = 0;

  start(): void {
    this.low = 0x2f0b4c47;
    this.high = 0x5bd1e995;
  }

  addWord(word: number): void {
    let a = Math.imul(word, 0x239b961b);
    a = Math.imul((a << 15) | (a >>> 17), 0xab0e9789 | 0);
    let low = this.low ^ a;
    low = ((low << 19) | (low >>> 13)) + this.high;
    low = (Math.imul(low, 5) + 0x561ccd1b) | 0;
    let b = Math.imul(word, 0xab0e9789 | 0);
    b = Math.imul((b << 16) | (b >>> 16), 0x38b34ae5);
    let high = this.high ^ b;
    high = ((high << 17) | (high >>> 15)) + low;
    this.low = low;
    this.high = (Math.imul(high, 5) + 0x0bcaa747) | 0;
  }

  /** Length, then the bytes: no two sequences of byte strings give the same words. Readable 4 bytes past the end. */
  addBytes(view: DataView, offset: number, length: number): void {
    this.addWord(length);
    const end = offset + length;
    let p = offset;
    for (; p + 4 <= end; p += 4) this.addWord(view.getInt32(p, true));
    if (p < end) this.addWord(view.getInt32(p, true) & ((1 << ((end - p) << 3)) - 1));
  }

  finish(): void {
    const low = mixWord((this.low + this.high) | 0);
    const high = mixWord((this.high + low) | 0);
    this.low = (low + high) | 0;
    this.high = (high + this.low) | 0;
  }
}
