import { expect, test } from 'vitest';
import { quantilesOf } from './quantiles.ts';

test('quantiles are values by nearest rank, whatever the order they came in', () => {
  const values = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(quantilesOf(values)).toEqual({ count: 200, p50: 100, p90: 180, p99: 198, max: 200 });
});

test('with few values the high quantiles are the largest one', () => {
  expect(quantilesOf([3, 1, 2])).toEqual({ count: 3, p50: 2, p90: 3, p99: 3, max: 3 });
  expect(quantilesOf([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, max: 7 });
});

test('without values there is nothing to say', () => {
  expect(quantilesOf([])).toEqual({ count: 0, p50: Number.NaN, p90: Number.NaN, p99: Number.NaN, max: Number.NaN });
});

test('numbers are not compared as texts', () => {
  expect(quantilesOf([10, 9, 100]).p50).toBe(10);
});
