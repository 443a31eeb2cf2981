/**
 * Span ids to rows, by open addressing over two words: no string and no object per span.
 * Several rows may have one id (a Zipkin shared span: its client and its server half; a span sent twice). The index
 * keeps three rows of such a group, so that a trace of one id only still costs linear time: the first of all,
 * the first of kind client and the first of kind server.
 */
const KIND_SERVER = 2;
const KIND_CLIENT = 3;

const NONE = -1;

export class SpanIndex {
  readonly #ids: Int32Array;
  readonly #mask: number;
  /** Ids are the senders' choice: without a seed they could be chosen to collide. Results do not depend on it. */
  readonly #seed = (Math.random() * 0x7fffffff) | 0;
  readonly #first: Int32Array;
  readonly #client: Int32Array;
  readonly #server: Int32Array;

  /** @param ids 2 words a row. */
  constructor(ids: Int32Array, count: number) {
    let capacity = 16;
    while (capacity < count * 2) capacity *= 2;
    this.#ids = ids;
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity).fill(NONE);
    this.#client = new Int32Array(capacity).fill(NONE);
    this.#server = new Int32Array(capacity).fill(NONE);
  }

  /** Adds a row; rows are to be added in order. */
  add(row: number, kind: number): void {
    const slot = this.slotOf(this.#ids[row * 2], this.#ids[row * 2 + 1]);
    if (this.#first[slot] === NONE) this.#first[slot] = row;
    if (kind === KIND_CLIENT && this.#client[slot] === NONE) this.#client[slot] = row;
    if (kind === KIND_SERVER && this.#server[slot] === NONE) this.#server[slot] = row;
  }

  /** The slot of an id: for the look-ups below. */
  slotOf(low: number, high: number): number {
    let hash = Math.imul(low ^ this.#seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ high, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ this.#seed, 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & this.#mask;
    for (;;) {
      const row = this.#first[slot];
      if (row === NONE || (this.#ids[row * 2] === low && this.#ids[row * 2 + 1] === high)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** First row with the slot's id, or -1. */
  first(slot: number): number {
    return this.#first[slot];
  }

  /** Row of the client half of a shared span, or -1 where the id is not shared between a client and a server. */
  clientHalf(slot: number): number {
    return this.#server[slot] === NONE ? NONE : this.#client[slot];
  }

  /** Row of the server half of a shared span, or -1 where the id is not shared between a client and a server. */
  serverHalf(slot: number): number {
    return this.#client[slot] === NONE ? NONE : this.#server[slot];
  }
}
