/** Days since 1970 of a span, for its partition. */
const NANO_PER_DAY = 86_400_000_000_000;
const MS_PER_DAY = 86_400_000;

/** A start further than this from its reception is a wrong clock or an import: it must not open partitions at will. */
export const MAX_START_OFFSET_DAYS = 3;

/** The day of a reception. */
export function dayOfReception(receivedUnixMs: number): number {
  return Math.floor(receivedUnixMs / MS_PER_DAY);
}

/**
 * Finds the partition day of starts: the day the start lies in where that is at most MAX_START_OFFSET_DAYS from the
 * reception, else the day of the reception. Exact to the nanosecond; the bounds of the day found last are kept, so
 * that nearly every span costs four comparisons.
 */
export class PartitionDay {
  #day = -1;
  /** First nanosecond of `#day` and of the next, as unsigned words. */
  #fromLow = 0;
  #fromHigh = 0;
  #toLow = 0;
  #toHigh = 0;

  /** @param receivedUnixMs a time from 1970 to 2149, the range of a ClickHouse Date. */
  dayOf(startLow: number, startHigh: number, receivedUnixMs: number): number {
    const low = startLow >>> 0;
    const high = startHigh >>> 0;
    const approximate = high * 4294967296 + low;
    if (Math.abs(approximate - receivedUnixMs * 1e6) > MAX_START_OFFSET_DAYS * NANO_PER_DAY) {
      return dayOfReception(receivedUnixMs);
    }
    if (!this.#covers(low, high)) {
      // The double may be off by some hundred nanoseconds: right but for the edges of a day.
      this.#moveTo(Math.floor(approximate / NANO_PER_DAY));
      if (!this.#covers(low, high)) {
        const isBefore = high < this.#fromHigh || (high === this.#fromHigh && low < this.#fromLow);
        this.#moveTo(this.#day + (isBefore ? -1 : 1));
      }
    }
    return this.#day;
  }

  #covers(low: number, high: number): boolean {
    return (
      (high > this.#fromHigh || (high === this.#fromHigh && low >= this.#fromLow)) &&
      (high < this.#toHigh || (high === this.#toHigh && low < this.#toLow))
    );
  }

  #moveTo(day: number): void {
    this.#day = day;
    const from = BigInt(day) * BigInt(NANO_PER_DAY);
    const to = from + BigInt(NANO_PER_DAY);
    this.#fromLow = Number(from & 0xffffffffn);
    this.#fromHigh = Number(from >> 32n);
    this.#toLow = Number(to & 0xffffffffn);
    this.#toHigh = Number(to >> 32n);
  }
}
