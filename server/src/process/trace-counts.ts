import { windowOf } from './limit-window.ts';

/** Sets of 4 slots, a slot is a tag and a count: a set is half a cache line. */
const SETS = 1 << 13;
const SLOTS_PER_SET = 4;
const SET_WORDS = SLOTS_PER_SET * 2;
/** Word 0: the window. */
const HEADER_WORDS = 8;

/**
 * Spans of traces within the present window, in memory that all workers share: 256 KiB, whatever is sent, so that it
 * stays in the cache of a core. A trace that finds its set full takes the place of the one with the fewest spans there.
 * So a trace is never counted too high (but for a chance of 1 in 2^45 and for races of a batch's size), and one that is
 * among the largest is counted right; one that trickles between many others may be counted too low and stopped later.
 */
export class TraceCounts {
  static readonly byteLength = 4 * (HEADER_WORDS + SETS * SET_WORDS);
  readonly #words: Int32Array;
  readonly #now: () => number;

  /** @param buffer of `byteLength` bytes, zeros at first. */
  constructor(buffer: SharedArrayBuffer, now: () => number = Date.now) {
    this.#words = new Int32Array(buffer);
    this.#now = now;
  }

  /** To be called now and then: empties the table when a new window has begun. */
  enterWindow(): void {
    const window = windowOf(this.#now());
    const seen = Atomics.load(this.#words, 0);
    if (seen === window || Atomics.compareExchange(this.#words, 0, seen, window) !== seen) return;
    this.#words.fill(0, HEADER_WORDS);
  }

  /**
   * Adds spans of a trace.
   * @param low, high hashes of the trace, `low` not zero.
   * @returns its spans before.
   */
  add(low: number, high: number, spans: number): number {
    const words = this.#words;
    const first = HEADER_WORDS + (high & (SETS - 1)) * SET_WORDS;
    let victim = first;
    for (let at = first; at < first + SET_WORDS; at += 2) {
      if (words[at] === low) return Atomics.add(words, at + 1, spans);
      if (words[at + 1] < words[victim + 1]) victim = at;
    }
    Atomics.store(words, victim, low);
    Atomics.store(words, victim + 1, spans);
    return 0;
  }
}
