import type { BodyAccount } from './body-budget.ts';

/** First allocation for a body: a length that is only promised buys no more. About one read of a socket. */
const FIRST_BYTES = 64 * 2 ** 10;
/** Promised bytes that one received byte makes credible: a megabyte then costs one copy of its first 64 KiB. */
const CREDIBLE_RATIO = 16;
const SMALLEST_BYTES = 1024;

export type CollectResult = 'ok' | 'too-large' | 'over-budget';

/**
 * Gathers one body in a buffer of its own (so that it can be transferred to a worker), exactly sized when the length
 * was announced. Grows with the bytes that have come, never with the bytes that were promised.
 */
export class BodyCollector {
  readonly #budget: BodyAccount;
  readonly #maxBytes: number;
  /** As announced by the sender; undefined when it did not say. */
  readonly #announcedBytes: number | undefined;
  #buffer: Uint8Array<ArrayBuffer>;
  #length = 0;
  #reserved = 0;

  constructor(budget: BodyAccount, maxBytes: number, announcedBytes: number | undefined) {
    this.#budget = budget;
    this.#maxBytes = maxBytes;
    this.#announcedBytes = announcedBytes;
    this.#buffer = new Uint8Array(0);
  }

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): CollectResult {
    const needed = this.#length + chunk.length;
    if (needed > this.#maxBytes) return 'too-large';
    if (needed > this.#buffer.length) {
      const { memory } = this.#budget;
      const wanted = Math.min(memory.sizeFor(this.#nextCapacity(needed)), this.#maxBytes);
      const spare = memory.take(wanted);
      const capacity = spare?.byteLength ?? wanted;
      if (!this.#budget.tryReserve(capacity - this.#reserved)) {
        if (spare !== undefined) memory.give(spare);
        return 'over-budget';
      }
      this.#reserved = capacity;
      // Not the shared pool, and not zeroed: only the bytes written below are ever looked at.
      const grown = spare === undefined ? Buffer.allocUnsafeSlow(capacity) : new Uint8Array(spare);
      grown.set(this.#buffer.subarray(0, this.#length));
      memory.give(this.#buffer.buffer);
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = needed;
    return 'ok';
  }

  /** The body. The budget stays taken until `release()`. */
  take(): Uint8Array<ArrayBuffer> {
    const buffer = this.#buffer;
    this.#buffer = new Uint8Array(0);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, this.#length);
  }

  /** Gives the budget back and forgets the bytes. To be called once the request is answered; harmless if repeated. */
  release(): void {
    if (this.#reserved > 0) this.#budget.release(this.#reserved);
    this.#reserved = 0;
    this.#budget.memory.give(this.#buffer.buffer);
    this.#buffer = new Uint8Array(0);
  }

  #nextCapacity(needed: number): number {
    const announced = this.#announcedBytes;
    if (announced === undefined) {
      return Math.min(Math.max(needed, SMALLEST_BYTES, this.#buffer.length * 2), this.#maxBytes);
    }
    if (announced >= needed && announced <= Math.max(FIRST_BYTES, needed * CREDIBLE_RATIO)) return announced;
    return Math.min(Math.max(needed * 2, FIRST_BYTES), Math.max(announced, needed));
  }
}
