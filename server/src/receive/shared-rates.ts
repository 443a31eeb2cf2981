/**
 * Token buckets in memory that several threads share: one word each, the time at which the bucket would be full again
 * (the generic cell rate algorithm). A bucket that is not in debt may be taken from whatever the amount, and the debt
 * is then waited off: so a request is taken whole or not at all, also one that is larger than the bucket.
 */
export class SharedRates {
  readonly #fullAt: BigInt64Array;
  readonly #nowNano: () => bigint;

  /** @param buffer of 8 bytes a bucket, zeros at first: full buckets. */
  constructor(buffer: SharedArrayBuffer, nowNano: () => bigint = process.hrtime.bigint) {
    this.#fullAt = new BigInt64Array(buffer);
    this.#nowNano = nowNano;
  }

  static byteLength(buckets: number): number {
    return buckets * 8;
  }

  /**
   * Takes `amount`, unless the bucket is in debt.
   * @param perSecond above 0.
   * @param burst what a full bucket holds, above 0.
   * @returns 0, or the milliseconds until the debt is paid.
   */
  take(bucket: number, amount: number, perSecond: number, burst: number): number {
    for (;;) {
      const seen = Atomics.load(this.#fullAt, bucket);
      const now = this.#nowNano();
      const waitMs = waitFor(seen - now, perSecond, burst);
      if (waitMs > 0) return waitMs;
      const cost = BigInt(Math.round((amount * 1e9) / perSecond));
      const next = seen > now ? seen + cost : now + cost;
      if (Atomics.compareExchange(this.#fullAt, bucket, seen, next) === seen) return 0;
    }
  }

  /** Milliseconds until a debt is paid; 0 when there is none. */
  waitMs(bucket: number, perSecond: number, burst: number): number {
    return waitFor(Atomics.load(this.#fullAt, bucket) - this.#nowNano(), perSecond, burst);
  }

  /** Fills the bucket. */
  fill(bucket: number): void {
    Atomics.store(this.#fullAt, bucket, 0n);
  }
}

function waitFor(untilFullNano: bigint, perSecond: number, burst: number): number {
  const debtNano = Number(untilFullNano) - (burst * 1e9) / perSecond;
  return debtNano >= 0 ? Math.max(1, Math.ceil(debtNano / 1e6)) : 0;
}
