/**
 * Memory that has been used and will be again: of request bodies, of encoded blocks. Buffers that travel between threads
 * are otherwise new every time, which costs page faults and makes the garbage collector run for memory that no object
 * of its own holds (measured: 90 full collections a million spans on the receiving thread).
 */
export class SpareBuffers {
  readonly #maxBytes: number;
  /** By the power of two that is not above their size. */
  readonly #byClass: ArrayBuffer[][] = Array.from({ length: 32 }, () => []);
  #heldBytes = 0;

  /** @param maxBytes most that is kept; 0 keeps nothing. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The size to allocate for `bytes`, so that buffers of about this size can stand in for each other. */
  sizeFor(bytes: number): number {
    if (this.#maxBytes === 0 || bytes <= SMALLEST_BYTES) return bytes;
    const step = 2 ** (Math.floor(Math.log2(bytes)) - 2);
    return Math.ceil(bytes / step) * step;
  }

  /** One of at least `bytes`, and not more than four times that; undefined when there is none. Its content is anything. */
  take(bytes: number): ArrayBuffer | undefined {
    if (this.#heldBytes === 0 || bytes <= SMALLEST_BYTES) return undefined;
    const first = Math.floor(Math.log2(bytes));
    for (let size = first; size <= first + 1; size++) {
      const buffers = this.#byClass[size];
      const buffer = buffers?.[buffers.length - 1];
      if (buffer === undefined || buffer.byteLength < bytes) continue;
      buffers.pop();
      this.#heldBytes -= buffer.byteLength;
      return buffer;
    }
    return undefined;
  }

  /** To be called by whoever held the buffer last. One that was transferred away is ignored. */
  give(buffer: ArrayBuffer): void {
    const bytes = buffer.byteLength;
    if (bytes <= SMALLEST_BYTES || this.#heldBytes + bytes > this.#maxBytes) return;
    this.#byClass[Math.floor(Math.log2(bytes))].push(buffer);
    this.#heldBytes += bytes;
  }
}

/** Below this a new buffer is as cheap. */
const SMALLEST_BYTES = 4096;
