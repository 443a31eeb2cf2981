import { expect, test } from 'vitest';
import { stepSizes } from './growth-bench.ts';
import { parseGrowthOptions } from './growth-options.ts';

test('steps are equal and make up the whole', () => {
  expect(stepSizes(1000, 4)).toEqual([250, 250, 250, 250]);
  expect(stepSizes(10, 3).reduce((sum, size) => sum + size, 0)).toBe(10);
  expect(stepSizes(2_940_000, 6)).toEqual(new Array(6).fill(490_000));
});

test('the default is small, the goal is one option away', () => {
  expect(parseGrowthOptions([])).toMatchObject({ to: 3_000_000, steps: 6 });
  expect(parseGrowthOptions(['--to', '50000000'])).toMatchObject({ to: 50_000_000 });
  expect(() => parseGrowthOptions(['--steps', '1'])).toThrow('--steps 1: not an integer from 2 to 100.');
});
