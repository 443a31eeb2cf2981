/** Seeded randomness: the same seed gives the same shop. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [min, max]. */
  int(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /**
   * Log-normal: what latencies look like. Half of the values lie below `median`; with sigma 0.5 one in a hundred
   * is above 3.2 medians, with sigma 1 above 10.
   */
  latency(median: number, sigma?: number): number;
  /** Lower-case hex digits. */
  hex(length: number): string;
}

/** sfc32 (PractRand's "small fast chaotic"), started from a 32-bit seed. */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, (seed ^ 0x85ebca6b) | 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 15; i++) next();
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[int(0, choices.length - 1)],
    latency: (median, sigma = 0.45) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    hex: (length) => {
      let digits = '';
      while (digits.length < length) digits += int(0, 15).toString(16);
      return digits;
    },
  };
}
