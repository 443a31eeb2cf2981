import { windowOf } from './limit-window.ts';

/** Where names are counted: tenants (attribute keys) and services (span names). */
const CONTEXT_SLOTS = 1 << 15;
const NAME_SLOTS = 1 << 20;
const MAX_CONTEXTS = CONTEXT_SLOTS * 0.75;
const MAX_NAMES = NAME_SLOTS * 0.75;

/** Words of the header. */
const WINDOW = 0;
const EPOCH = 1;
const CONTEXTS_USED = 2;
const NAMES_USED = 3;
const HEADER_WORDS = 8;
const CONTEXTS = HEADER_WORDS;
const NAMES = CONTEXTS + CONTEXT_SLOTS * 2;

/**
 * The different names met within the present window, in memory that all workers share: 8 MiB, of which only what is
 * used becomes resident. Names and contexts are known by hashes of 64 bits. When it is full, counting starts anew
 * before the window ends: what one tenant does must not take names from another.
 */
export class SharedNames {
  static readonly byteLength = 4 * (NAMES + NAME_SLOTS * 2);
  readonly #words: Int32Array;
  readonly #now: () => number;

  /** @param buffer of `byteLength` bytes, zeros at first. */
  constructor(buffer: SharedArrayBuffer, now: () => number = Date.now) {
    this.#words = new Int32Array(buffer);
    this.#now = now;
  }

  /** Changes when counting started anew: what a worker remembers of answers is void then. To be asked once a batch. */
  epoch(): number {
    const words = this.#words;
    const window = windowOf(this.#now());
    const seen = Atomics.load(words, WINDOW);
    if (seen !== window && Atomics.compareExchange(words, WINDOW, seen, window) === seen) this.#startAnew();
    return Atomics.load(words, EPOCH);
  }

  /**
   * Whether the name is one of the first `limit` of its context. None of the hashes is zero.
   */
  admit(contextLow: number, contextHigh: number, nameLow: number, nameHigh: number, limit: number): boolean {
    const words = this.#words;
    const low = Math.imul(nameLow ^ contextHigh, 0x9e3779b1) ^ contextLow || 1;
    const high = nameHigh ^ contextLow || 1;
    let slot = this.#slotOf(NAMES, NAME_SLOTS, low, high);
    if (words[slot] !== 0) return true;
    const context = this.#contextSlot(contextLow, contextHigh);
    if (Atomics.load(words, context + 1) >= limit) return false;
    if (Atomics.load(words, NAMES_USED) >= MAX_NAMES) {
      this.#startAnewWhenFull();
      return this.admit(contextLow, contextHigh, nameLow, nameHigh, limit);
    }
    // Another worker may take the slot first: then the next free one, unless it has entered this very name.
    while (Atomics.compareExchange(words, slot, 0, low) !== 0) {
      slot = this.#slotOf(NAMES, NAME_SLOTS, low, high);
      if (words[slot] !== 0) return true;
    }
    Atomics.store(words, slot + 1, high);
    Atomics.add(words, NAMES_USED, 1);
    Atomics.add(words, context + 1, 1);
    return true;
  }

  /** Of a context: its hash's first word and the number of its names. Contexts beyond the table share the last slot. */
  #contextSlot(low: number, high: number): number {
    const words = this.#words;
    const shared = CONTEXT_SLOTS - 1;
    for (let index = (high >>> 0) % shared; ; index = (index + 1) % shared) {
      const slot = CONTEXTS + index * 2;
      if (words[slot] === low) return slot;
      if (words[slot] !== 0) continue;
      if (Atomics.load(words, CONTEXTS_USED) >= MAX_CONTEXTS) return CONTEXTS + shared * 2;
      const found = Atomics.compareExchange(words, slot, 0, low);
      if (found === 0) Atomics.add(words, CONTEXTS_USED, 1);
      if (found === 0 || found === low) return slot;
    }
  }

  /** The slot of a pair, or the free one where it belongs. */
  #slotOf(base: number, slots: number, low: number, high: number): number {
    const words = this.#words;
    let index = high & (slots - 1);
    for (;;) {
      const slot = base + index * 2;
      if (words[slot] === 0 || (words[slot] === low && words[slot + 1] === high)) return slot;
      index = (index + 1) & (slots - 1);
    }
  }

  #startAnewWhenFull(): void {
    const used = Atomics.load(this.#words, NAMES_USED);
    if (used >= MAX_NAMES && Atomics.compareExchange(this.#words, NAMES_USED, used, 0) === used) this.#startAnew();
  }

  #startAnew(): void {
    this.#words.fill(0, CONTEXTS);
    Atomics.store(this.#words, NAMES_USED, 0);
    Atomics.store(this.#words, CONTEXTS_USED, 0);
    Atomics.add(this.#words, EPOCH, 1);
  }
}
