/** Keeps a leading byte order mark: it is content here. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Byte strings to small integers: attribute keys, span, event and scope names.
 * No JavaScript string is made on the way in. Ids are stable until `clear()`.
 *
 * Open addressing over a sampled, seeded hash with full verification (measured: hashing every byte costs
 * 47 % more; a sampled hash must be seeded or a sender could make all names collide). A predicted successor
 * ("after this key usually comes that key") answers most look-ups with one comparison.
 */
export class Dictionary {
  /** Number of entries; ids are 0 to size − 1. Id 0 is always the empty string. */
  size = 0;
  /** Times `clear()` was called: what was kept under an id belongs to the generation it was given out in. */
  generation = 0;
  /** Byte offset of entry i in `bytes`; always a multiple of 4. */
  offsets: Int32Array;
  /** Byte length of entry i. */
  lengths: Int32Array;
  bytes: Uint8Array;
  /** Same memory as `bytes`, in 32-bit words. */
  words: Int32Array;

  #table: Int32Array; // pairs: hash, id + 1
  // Per entry: length, first word, successor, unused. Side by side, so that a right prediction costs one load of each.
  #entries: Int32Array;
  #used = 0;
  readonly #seed: number;

  constructor(seed = (Math.random() * 0x7fffffff) | 0) {
    this.#seed = seed | 0;
    this.offsets = new Int32Array(1024);
    this.lengths = new Int32Array(1024);
    this.#entries = new Int32Array(4096);
    this.#table = new Int32Array(4096);
    this.bytes = new Uint8Array(1 << 16);
    this.words = new Int32Array(this.bytes.buffer);
    this.#addEmpty();
  }

  /** Bytes held, for limits and metrics. */
  get byteSize(): number {
    return this.#used;
  }

  /** Forgets every entry. All ids given out before become meaningless. Memory beyond the start size is released. */
  clear(): void {
    this.generation++;
    if (this.offsets.length > 1 << 16 || this.bytes.length > 1 << 22) {
      this.offsets = new Int32Array(1024);
      this.lengths = new Int32Array(1024);
      this.#entries = new Int32Array(4096);
      this.#table = new Int32Array(4096);
      this.bytes = new Uint8Array(1 << 16);
      this.words = new Int32Array(this.bytes.buffer);
    } else {
      this.#table.fill(0);
      this.#entries.fill(0);
    }
    this.size = 0;
    this.#used = 0;
    this.#addEmpty();
  }

  /**
   * The id of `length` bytes at `offset`. The source must be readable 4 bytes past the end (arena padding).
   */
  intern(view: DataView, offset: number, length: number): number {
    const hash = this.#hash(view, offset, length);
    const table = this.#table;
    const mask = table.length - 1;
    let slot = (hash << 1) & mask;
    for (;;) {
      const id = table[slot + 1];
      if (id === 0) break;
      if (table[slot] === hash && this.equals(id - 1, view, offset, length)) return id - 1;
      slot = (slot + 2) & mask;
    }
    return this.#add(hash, slot, view, offset, length);
  }

  /** Like `intern`, after trying the entry that followed `previousId` last time. */
  internAfter(previousId: number, view: DataView, offset: number, length: number): number {
    const entries = this.#entries;
    const guess = entries[previousId * 4 + 2];
    if (entries[guess * 4] === length) {
      const words = this.words;
      let word = entries[guess * 4 + 1];
      const last = offset + length - 4;
      let p = offset;
      while (p <= last && view.getInt32(p, true) === words[word]) {
        p += 4;
        word++;
      }
      if (p > last) {
        const rest = last + 4 - p;
        if (rest === 0 || (view.getInt32(p, true) ^ words[word]) << (32 - (rest << 3)) === 0) return guess;
      }
    }
    const id = this.intern(view, offset, length);
    this.#entries[previousId * 4 + 2] = id;
    return id;
  }

  /** Whether entry `id` is exactly these bytes. */
  equals(id: number, view: DataView, offset: number, length: number): boolean {
    if (this.lengths[id] !== length) return false;
    const words = this.words;
    let word = this.offsets[id] >> 2;
    const last = offset + length - 4;
    let p = offset;
    for (; p <= last; p += 4) if (view.getInt32(p, true) !== words[word++]) return false;
    const rest = last + 4 - p;
    return rest === 0 || (view.getInt32(p, true) ^ words[word]) << (32 - (rest << 3)) === 0;
  }

  /** Interns the UTF-8 form of a string: for constants and slow paths. */
  internString(text: string): number {
    const encoded = new TextEncoder().encode(text);
    const padded = new Uint8Array(encoded.length + 8);
    padded.set(encoded);
    return this.intern(new DataView(padded.buffer), 0, encoded.length);
  }

  /** Entry `id` as a string: for slow paths, logs and tests. */
  text(id: number): string {
    return UTF8.decode(this.bytes.subarray(this.offsets[id], this.offsets[id] + this.lengths[id]));
  }

  #addEmpty(): void {
    const view = new DataView(new ArrayBuffer(8));
    this.intern(view, 0, 0);
  }

  #hash(view: DataView, offset: number, length: number): number {
    let h = length ^ this.#seed;
    if (length >= 4) {
      h = Math.imul(h ^ view.getInt32(offset, true), 0x9e3779b1);
      h = Math.imul(h ^ (h >>> 15) ^ view.getInt32(offset + (length >>> 1) - 2, true), 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 13) ^ view.getInt32(offset + length - 4, true), 0xc2b2ae35);
      // Long names that differ elsewhere only (paths with an id in the middle) would otherwise form one chain.
      if (length > 12) {
        h = Math.imul(h ^ (h >>> 16) ^ view.getInt32(offset + (length >>> 2), true), 0x9e3779b1);
        h = Math.imul(h ^ (h >>> 15) ^ view.getInt32(offset + length - (length >>> 2) - 4, true), 0x85ebca6b);
      }
    } else {
      for (let i = 0; i < length; i++) h = Math.imul(h ^ view.getUint8(offset + i), 0x01000193);
    }
    return h ^ (h >>> 16);
  }

  #add(hash: number, slot: number, view: DataView, offset: number, length: number): number {
    const id = this.size;
    if (id === this.offsets.length) this.#growEntries();
    const end = this.#used + ((length + 7) & ~3);
    if (end > this.bytes.length) this.#growBytes(end);
    this.#table[slot] = hash;
    this.#table[slot + 1] = id + 1;
    this.offsets[id] = this.#used;
    this.lengths[id] = length;
    this.#entries[id * 4] = length;
    this.#entries[id * 4 + 1] = this.#used >> 2;
    this.#entries[id * 4 + 2] = 0;
    const words = this.words;
    let word = this.#used >> 2;
    for (let p = 0; p < length; p += 4) words[word++] = view.getInt32(offset + p, true);
    const rest = length & 3;
    if (rest !== 0) words[word - 1] &= (1 << (rest << 3)) - 1;
    this.#used += (length + 3) & ~3;
    this.size = id + 1;
    if (this.size * 4 > this.#table.length) this.#rehash();
    return id;
  }

  #growEntries(): void {
    const capacity = this.offsets.length * 2;
    this.offsets = grown(this.offsets, capacity);
    this.lengths = grown(this.lengths, capacity);
    this.#entries = grown(this.#entries, capacity * 4);
  }

  #growBytes(needed: number): void {
    let capacity = this.bytes.length * 2;
    while (capacity < needed) capacity *= 2;
    const bytes = new Uint8Array(capacity);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
  }

  #rehash(): void {
    const old = this.#table;
    const table = new Int32Array(old.length * 2);
    const mask = table.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      let slot = (old[i] << 1) & mask;
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask;
      table[slot] = old[i];
      table[slot + 1] = old[i + 1];
    }
    this.#table = table;
  }
}

/** A copy of `array` with room for `capacity` words. */
export function grown(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(capacity);
  copy.set(array);
  return copy;
}
