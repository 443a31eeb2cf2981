/** Bytes of request bodies held by all receivers together: what keeps many slow, large requests from filling memory. */
export class BodyBudget {
  readonly maxBytes: number;
  readonly #onChange: (heldBytes: number) => void;
  #held = 0;

  constructor(maxBytes: number, onChange: (heldBytes: number) => void) {
    this.maxBytes = maxBytes;
    this.#onChange = onChange;
  }

  get heldBytes(): number {
    return this.#held;
  }

  /** Takes `bytes`, or nothing and returns false when that would pass the limit. */
  tryReserve(bytes: number): boolean {
    if (this.#held + bytes > this.maxBytes) return false;
    this.#held += bytes;
    this.#onChange(this.#held);
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
    this.#onChange(this.#held);
  }
}
