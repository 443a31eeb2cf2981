import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { errorStacks, MAX_STACKS, stackPaths } from './error-stacks.ts';
import { formatRate, formatShare } from './format-rate.ts';
import { barsPath, linePath } from './red-paths.ts';

const group = (service: string, values: readonly (number | null)[]): FoundSeries => ({
  labels: [{ name: 'resource.service.name', type: 'string', value: service }],
  values,
});
const answer = (series: readonly FoundSeries[]): MetricsAnswer => ({
  startUnixNano: '0',
  stepNano: '1000000000',
  pointCount: 3,
  series,
  statistics: { rowsRead: 0, bytesRead: 0, elapsedMs: 0, complete: true, source: 'spans' },
});

describe('errors told apart', () => {
  it('have the largest group first, none that is empty, and all beyond the eighth together', () => {
    const stacks = errorStacks(answer([group('b', [1, null, 0]), group('none', [0, 0, 0]), group('a', [1, 4, 0])]));
    expect(stacks.map(({ labels, total }) => [labels[0].value, total])).toEqual([
      ['a', 5],
      ['b', 1],
    ]);
    const many = errorStacks(answer(Array.from({ length: 12 }, (_, at) => group(`s${at}`, [at + 1, 0, 1]))));
    expect(many.length).toBe(MAX_STACKS);
    expect(many.at(-1)).toMatchObject({ labels: [], groups: 5, total: 1 + 2 + 3 + 4 + 5 + 5 });
  });

  it('stand on top of each other', () => {
    const paths = stackPaths(errorStacks(answer([group('a', [2, 4, 0]), group('b', [2, 0, 0])])), 9, 100);
    expect(paths).toEqual(['M0.0 100.0V50.0h3.0V100.0zM3.0 100.0V0.0h3.0V100.0z', 'M0.0 50.0V0.0h3.0V50.0z']);
  });
});

describe('small charts', () => {
  it('have bars of at least a pixel, and lines that stop where there is nothing', () => {
    expect(barsPath([10, 0, 0.001], 10, 9, 100)).toBe('M0.0 100v-100.0h3.0v100.0zM6.0 100v-1.5h3.0v1.5z');
    expect(barsPath([], 10, 9, 100)).toBe('');
    const nothing = Number.NaN;
    expect(linePath([1, 2, nothing, 3], (value) => value, 40)).toBe('M5.0 1.0L15.0 2.0M35.0 3.0m-5.0 0h10.0');
  });

  it.each([
    [0, '0/s'],
    [12.345, '12.3/s'],
    [0.5, '30/min'],
    [0.001, '3.6/h'],
    [15_000, '15K/s'],
  ])('say %d a second as %s', (rate, words) => {
    expect(formatRate(rate)).toBe(words);
  });

  it('say shares with two digits', () => {
    expect([formatShare(0, 9), formatShare(1, 3), formatShare(1, 100_000), formatShare(1, 0)]).toEqual([
      '0 %',
      '33 %',
      '0.001 %',
      '–',
    ]);
  });
});
