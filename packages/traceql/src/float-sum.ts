/** From here numbers are added scaled down, so that no sum on the way is infinite. */
const HUGE = 2 ** 960;
const SCALE = 2 ** 128;

/**
 * The sum of doubles, rounded once: the same in whatever order they come, which rows of a store do not keep (Shewchuk,
 * Adaptive Precision Floating-Point Arithmetic, 1997; rounding as in CPython's fsum). Naively a small number beside
 * large ones that cancel each other out is there or not as their order has it.
 */
export class FloatSum {
  readonly #usual = new Partials();
  #huge: Partials | undefined;
  #infinite = 0;

  add(value: number): void {
    if (Math.abs(value) < HUGE) this.#usual.add(value);
    else if (Number.isFinite(value)) {
      this.#huge ??= new Partials();
      this.#huge.add(value / SCALE);
    } else this.#infinite += value;
  }

  /** ±Infinity where the sum is beyond the doubles; NaN of both infinities, or with a NaN. */
  total(): number {
    if (this.#infinite !== 0) return this.#infinite;
    const usual = this.#usual.total();
    return this.#huge === undefined ? usual : this.#huge.total() * SCALE + usual;
  }
}

/** A sum as doubles that have no bit of the same weight, the smallest first. */
class Partials {
  readonly #parts: number[] = [];

  add(value: number): void {
    const parts = this.#parts;
    let high = value;
    let count = 0;
    for (const part of parts) {
      const sum = high + part;
      const low = Math.abs(high) < Math.abs(part) ? high - (sum - part) : part - (sum - high);
      if (low !== 0) parts[count++] = low;
      high = sum;
    }
    parts.length = count;
    parts.push(high);
  }

  total(): number {
    const parts = this.#parts;
    let at = parts.length - 1;
    if (at < 0) return 0;
    let high = parts[at];
    let low = 0;
    while (at > 0 && low === 0) {
      const part = parts[--at];
      const sum = high + part;
      low = part - (sum - high);
      high = sum;
    }
    // Half a unit was rounded to even though what follows says which way.
    if (at > 0 && low < 0 === parts[at - 1] < 0) {
      const rounded = high + low * 2;
      if (rounded - high === low * 2) high = rounded;
    }
    return high + 0; // no -0, which would be a matter of order again
  }
}
