import { grown } from '@clew/model/dictionary';

/** Words of a key. */
const KEY_WORDS = 5;
const START_ENTRIES = 1 << 10;
/** Keys remembered; beyond, everything is forgotten and emitted anew (about 9 MB at the limit). */
const MAX_ENTRIES = 1 << 18;
/** In place of a block number. */
const CONFIRMED = -1;

/** Which keys one block emitted: handed to `confirm` when the block is safe. */
export interface Emitted {
  readonly generation: number;
  readonly entries: Int32Array;
}

/**
 * Which catalogue rows are safely stored. A key is emitted once a block until a block that carries it has been
 * confirmed; blocks may be confirmed late, in any order, or never. Keys are five integers: no strings, no objects.
 */
export class SeenTable {
  #keys: Int32Array = new Int32Array(START_ENTRIES * KEY_WORDS);
  /** Block that emitted the entry last, or CONFIRMED. */
  #blocks: Int32Array = new Int32Array(START_ENTRIES);
  #table: Int32Array = new Int32Array(START_ENTRIES * 2);
  #size = 0;
  #emitted: Int32Array = new Int32Array(64);
  #emittedCount = 0;
  #block = 1;
  #generation = 1;
  readonly #maxEntries: number;

  constructor(maxEntries = MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the block under construction must emit a row for this key. True at most once a block and key. */
  shouldEmit(a: number, b: number, c: number, d: number, e: number): boolean {
    const keys = this.#keys;
    const mask = this.#table.length - 1;
    let slot = hashKey(a, b, c, d, e) & mask;
    for (;;) {
      const entry = this.#table[slot] - 1;
      if (entry < 0) break;
      const k = entry * KEY_WORDS;
      if (keys[k] === a && keys[k + 1] === b && keys[k + 2] === c && keys[k + 3] === d && keys[k + 4] === e) {
        return this.#mark(entry);
      }
      slot = (slot + 1) & mask;
    }
    return this.#insert(slot, a, b, c, d, e);
  }

  /** Ends a block: what it emitted, for `confirm`. */
  endBlock(): Emitted {
    const emitted = { generation: this.#generation, entries: this.#emitted.slice(0, this.#emittedCount) };
    this.#emittedCount = 0;
    this.#block++;
    return emitted;
  }

  /** The rows of a block are safe: its keys are not emitted again. */
  confirm(emitted: Emitted): void {
    if (emitted.generation !== this.#generation) return;
    for (const entry of emitted.entries) this.#blocks[entry] = CONFIRMED;
  }

  clear(): void {
    this.#size = 0;
    this.#emittedCount = 0;
    this.#generation++;
    if (this.#table.length > START_ENTRIES * 2) {
      this.#keys = new Int32Array(START_ENTRIES * KEY_WORDS);
      this.#blocks = new Int32Array(START_ENTRIES);
      this.#table = new Int32Array(START_ENTRIES * 2);
    } else this.#table.fill(0);
  }

  #mark(entry: number): boolean {
    const block = this.#blocks[entry];
    if (block === CONFIRMED || block === this.#block) return false;
    this.#blocks[entry] = this.#block;
    this.#noteEmitted(entry);
    return true;
  }

  #insert(slot: number, a: number, b: number, c: number, d: number, e: number): boolean {
    if (this.#size >= this.#maxEntries) {
      this.clear();
      return this.shouldEmit(a, b, c, d, e);
    }
    const entry = this.#size++;
    this.#keys.set([a, b, c, d, e], entry * KEY_WORDS);
    this.#blocks[entry] = this.#block;
    this.#table[slot] = entry + 1;
    this.#noteEmitted(entry);
    if (this.#size * 2 >= this.#table.length) this.#growTable();
    return true;
  }

  #noteEmitted(entry: number): void {
    if (this.#emittedCount === this.#emitted.length) this.#emitted = grown(this.#emitted, this.#emittedCount * 2);
    this.#emitted[this.#emittedCount++] = entry;
  }

  #growTable(): void {
    const capacity = this.#table.length;
    this.#keys = grown(this.#keys, capacity * KEY_WORDS);
    this.#blocks = grown(this.#blocks, capacity);
    const table = new Int32Array(capacity * 2);
    const mask = table.length - 1;
    const keys = this.#keys;
    for (let entry = 0; entry < this.#size; entry++) {
      const k = entry * KEY_WORDS;
      let slot = hashKey(keys[k], keys[k + 1], keys[k + 2], keys[k + 3], keys[k + 4]) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = entry + 1;
    }
    this.#table = table;
  }
}

function hashKey(a: number, b: number, c: number, d: number, e: number): number {
  let h = Math.imul(a ^ 0x2545f491, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ c, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16) ^ d, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ e, 0x85ebca6b);
  return h ^ (h >>> 13);
}
