/** The numbers that metrics are made of. */
import { numberOf } from './arithmetic.ts';
import type { Value } from './value.ts';

const NANOS_PER_SECOND = 1e9;

/** A value as metrics count it: durations in seconds; undefined where there is no number, NaN included. */
export function measureOf(value: Value): number | undefined {
  const number = numberOf(value);
  if (number === undefined || Number.isNaN(number.value)) return undefined;
  return number.type === 'duration' ? Number(number.value) / NANOS_PER_SECOND : Number(number.value);
}

/** What rounding of logarithms may add: a bound must belong to its own bucket. */
const LOG_TOLERANCE = 1e-9;

/**
 * The bucket of a histogram that a number belongs to: the next power of two, of durations that of the nanoseconds, in
 * seconds; 0 for numbers that are not positive.
 * @param perDoubling how many buckets lie between a number and twice the number, evenly on a log scale
 */
export function histogramBucket(value: Value, perDoubling = 1): number | undefined {
  const number = numberOf(value);
  if (number === undefined || Number.isNaN(number.value)) return undefined;
  if (number.value <= 0) return 0;
  if (perDoubling > 1) {
    const bound = 2 ** (Math.ceil(Math.log2(Number(number.value)) * perDoubling - LOG_TOLERANCE) / perDoubling);
    return number.type === 'duration' ? bound / NANOS_PER_SECOND : bound;
  }
  if (typeof number.value === 'number') return nextPowerOfTwo(number.value);
  const power = Number(2n ** BigInt((number.value - 1n).toString(2).length));
  const bucket = number.value === 1n ? 1 : power;
  return number.type === 'duration' ? bucket / NANOS_PER_SECOND : bucket;
}

/** Infinity above the largest power of two. */
function nextPowerOfTwo(value: number): number {
  // Logarithms are rounded, so that they can be off by one.
  let power = 2 ** Math.floor(Math.log2(value));
  while (power < value) power *= 2;
  return power;
}
