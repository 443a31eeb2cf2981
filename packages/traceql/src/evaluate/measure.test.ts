import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { weightedQuantile } from './cells.ts';
import { histogramBucket, measureOf } from './measure.ts';
import type { Value } from './value.ts';

const int = (value: bigint): Value => ({ type: 'int', value });
const float = (value: number): Value => ({ type: 'float', value });
const duration = (value: bigint): Value => ({ type: 'duration', value });

describe('what metrics count of a value', () => {
  it.each<[Value, number | undefined]>([
    [int(5n), 5],
    [float(0.5), 0.5],
    [duration(1_500_000_000n), 1.5],
    [duration(-1n), -1e-9],
    [float(Number.NaN), undefined],
    [float(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY],
    [{ type: 'string', value: '5' }, undefined],
    [undefined, undefined],
    [{ type: 'occurrences', elements: [{ type: 'int', value: 7n }] }, 7],
  ])('%o is %s', (value, measure) => {
    expect(measureOf(value)).toBe(measure);
  });
});

describe('the bucket of a histogram', () => {
  it.each<[Value, number | undefined]>([
    [int(0n), 0],
    [int(-5n), 0],
    [int(1n), 1],
    [int(2n), 2],
    [int(3n), 4],
    [int(4n), 4],
    [int(5n), 8],
    [int(2n ** 53n + 1n), 2 ** 54],
    [int(2n ** 62n), 2 ** 62],
    [int(2n ** 63n - 1n), 2 ** 63],
    [float(0.3), 0.5],
    [float(0.5), 0.5],
    [float(8), 8],
    [float(8.000000000000002), 16],
    [float(Number.MIN_VALUE), Number.MIN_VALUE],
    [float(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY],
    [float(-0.1), 0],
    [float(Number.NaN), undefined],
    [duration(1n), 1e-9],
    [duration(1_000_000_000n), 1.073741824],
    [duration(0n), 0],
    [{ type: 'bool', value: true }, undefined],
  ])('of %o is %s', (value, bucket) => {
    expect(histogramBucket(value)).toBe(bucket);
  });

  it.each([2, 8, 16])('has bounds that belong to it with %d of them for each doubling', (perDoubling) => {
    for (let step = -3 * perDoubling; step <= 40 * perDoubling; step++) {
      const bound = 2 ** (step / perDoubling);
      expect(histogramBucket(float(bound), perDoubling)).toBe(bound);
      expect(histogramBucket(float(bound * 1.001), perDoubling)).toBe(2 ** ((step + 1) / perDoubling));
    }
    expect(histogramBucket(duration(1_048_576n), perDoubling)).toBe(1_048_576 / 1e9);
    expect(histogramBucket(int(0n), perDoubling)).toBe(0);
    expect(histogramBucket(float(Number.NaN), perDoubling)).toBeUndefined();
  });
});

describe('quantiles', () => {
  it('are the smallest value that enough weight does not exceed', () => {
    const random = new Random(7);
    for (let round = 0; round < 300; round++) {
      const values = random.list(1, 12, () => random.between(-3, 3));
      const weights = values.map(() => random.pick([1, 1, 2, 4]));
      const q = random.pick([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const upTo = (v: number) => weights.reduce((sum, weight, i) => (values[i] <= v ? sum + weight : sum), 0);
      const expected = values.toSorted((a, b) => a - b).find((v) => upTo(v) >= q * total);
      expect(weightedQuantile({ values, weights }, q)).toBe(expected);
    }
  });

  it('do not skip a value for a rounded product', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    const weights = values.map(() => 1);
    // 0.07 × 100 is a little more than 7.
    for (let percent = 1; percent <= 100; percent++) {
      expect(weightedQuantile({ values, weights }, percent / 100)).toBe(percent);
    }
  });
});
