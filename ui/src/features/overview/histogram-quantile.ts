/**
 * A quantile of a histogram with logarithmic buckets, at its place inside of its bucket on the log scale: at most a
 * bucket's width from the exact value.
 * @param weights of the buckets from `at` on
 * @param highOf the upper bound of a bucket; its lower one is that of the bucket before
 * @returns NaN of nothing
 */
export function histogramQuantile(
  weights: Float64Array,
  at: number,
  count: number,
  quantile: number,
  highOf: (bucket: number) => number,
): number {
  let total = 0;
  for (let bucket = 0; bucket < count; bucket++) total += weights[at + bucket];
  if (total === 0) return Number.NaN;
  const wanted = total * quantile;
  let below = 0;
  for (let bucket = 0; bucket < count; bucket++) {
    const weight = weights[at + bucket];
    if (weight === 0) continue;
    if (below + weight >= wanted) {
      const part = Math.max(0, wanted - below) / weight;
      return highOf(bucket - 1) ** (1 - part) * highOf(bucket) ** part;
    }
    below += weight;
  }
  return highOf(count - 1);
}
