import { expect, test } from 'vitest';
import { parseUiOptions } from './ui-options.ts';

test('measures all four sizes, or those asked for', () => {
  expect(parseUiOptions([])).toMatchObject({ sizes: [1_000, 10_000, 100_000, 1_000_000], runs: 3 });
  expect(parseUiOptions(['--quick'])).toMatchObject({ sizes: [1_000, 10_000], runs: 1 });
  expect(parseUiOptions(['--spans', '500,2000', '--runs', '2'])).toMatchObject({ sizes: [500, 2000], runs: 2 });
  expect(parseUiOptions(['--help'])).toBe('help');
});

test('refuses sizes that a trace cannot have', () => {
  expect(() => parseUiOptions(['--spans', '1000,2000000'])).toThrow('--spans 2000000: not an integer from 100');
  expect(() => parseUiOptions(['--spans', ''])).toThrow('--spans');
  expect(() => parseUiOptions(['--baseline-max', '1000000'])).toThrow('--baseline-max');
});
