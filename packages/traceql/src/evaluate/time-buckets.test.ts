import { describe, expect, it } from 'vitest';
import { bucketOf, buildTimeBuckets } from './time-buckets.ts';

describe('time buckets', () => {
  const buckets = (from: bigint, to: bigint, step?: bigint) =>
    buildTimeBuckets({ fromUnixNano: from, toUnixNano: to }, step);

  it.each([
    [0n, 30n, 10n, [10n, 20n, 30n]],
    [3n, 27n, 10n, [10n, 20n, 30n]],
    [10n, 11n, 10n, [20n]],
    [9n, 10n, 10n, [10n]],
    [10n, 10n, 10n, []],
    [20n, 10n, 10n, []],
    [5n, 12n, undefined, [12n]],
    [5n, 5n, undefined, []],
  ])('from %s to %s by %s end at %s', (from, to, step, ends) => {
    expect(buckets(from, to, step).endsUnixNano).toEqual(ends);
  });

  it.each([
    [0n, undefined],
    [1n, 0],
    [10n, 0],
    [11n, 1],
    [30n, 2],
    [31n, undefined],
    [2n ** 64n - 1n, undefined],
  ])('hold the time %s in bucket %s', (time, bucket) => {
    expect(bucketOf(buckets(0n, 30n, 10n), time)).toBe(bucket);
  });

  it('of an instant query hold what lies after the start, the end included', () => {
    const one = buckets(5n, 12n);
    expect([5n, 6n, 12n, 13n].map((time) => bucketOf(one, time))).toEqual([undefined, 0, 0, undefined]);
    expect(one.stepNano).toBe(7n);
  });
});
