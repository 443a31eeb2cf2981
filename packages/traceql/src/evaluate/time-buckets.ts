import type { TimeRange } from './is-in-range.ts';

/** Buckets of one length, open on the left and closed on the right, each named by its end. */
export interface TimeBuckets {
  /** Start of the first bucket, which itself belongs to no bucket. */
  readonly originUnixNano: bigint;
  readonly stepNano: bigint;
  /** Ascending. */
  readonly endsUnixNano: readonly bigint[];
}

/**
 * The buckets that cover a range: its start is rounded down and its end up to multiples of the step. Without a step
 * one bucket from the start to the end. The caller bounds their number.
 */
export function buildTimeBuckets({ fromUnixNano, toUnixNano }: TimeRange, stepNano: bigint | undefined): TimeBuckets {
  const step = stepNano ?? toUnixNano - fromUnixNano;
  if (step <= 0n) return { originUnixNano: fromUnixNano, stepNano: 1n, endsUnixNano: [] };
  const isInstant = stepNano === undefined;
  const origin = isInstant ? fromUnixNano : fromUnixNano - (fromUnixNano % step);
  const endsUnixNano: bigint[] = [];
  for (let start = origin; start < toUnixNano; start += step) endsUnixNano.push(start + step);
  return { originUnixNano: origin, stepNano: step, endsUnixNano };
}

/** The bucket of a time; undefined outside of all. */
export function bucketOf(
  { originUnixNano, stepNano, endsUnixNano }: TimeBuckets,
  unixNano: bigint,
): number | undefined {
  if (unixNano <= originUnixNano) return undefined;
  const bucket = (unixNano - originUnixNano - 1n) / stepNano;
  return bucket < BigInt(endsUnixNano.length) ? Number(bucket) : undefined;
}
