import { expect, test } from 'vitest';
import { barChart, largestOfEach } from './bar-chart.ts';
import { milliseconds, perMillion, quantiles, ratio, thousands } from './figures.ts';
import { fileSystemOf } from './machine.ts';
import { atGoalMachine } from './machine-pace.ts';
import { textTable } from './text-table.ts';

test('tables are as wide as their contents, figures to the right', () => {
  expect(
    textTable([
      ['', 'a', 'long'],
      ['row', '12345', '1'],
    ]),
  ).toEqual(['         a  long', 'row  12345     1']);
});

test('bars are in proportion to the largest; what is not a number has none', () => {
  const lines = barChart(
    'title',
    [
      { label: '1', value: 10 },
      { label: '10', value: 5 },
      { label: '3', value: Number.NaN },
    ],
    String,
  );
  expect(lines).toEqual(['title', `   1 |${'#'.repeat(50)} 10`, `  10 |${'#'.repeat(25)} 5`, '   3 | -']);
});

test('a chart of nothing but zeros has no bars', () => {
  expect(barChart('t', [{ label: 'a', value: 0 }], String)).toEqual(['t', '  a | 0']);
});

test('fewer points keep their peaks', () => {
  expect(largestOfEach([1, 9, 2, 3, 8, 1], 3)).toEqual([9, 3, 8]);
  expect(largestOfEach([1, 2], 5)).toEqual([1, 2]);
});

test('figures are written alike everywhere', () => {
  expect(thousands(25_400)).toBe('25 k');
  expect(thousands(4_620)).toBe('4.6 k');
  expect(perMillion(3, 500_000)).toBe('6.00');
  expect(milliseconds(3.14)).toBe('3.1');
  expect(milliseconds(314.2)).toBe('314');
  expect(ratio(3, 2)).toBe('1.50x');
  expect(ratio(44, 1)).toBe('44x');
  expect(ratio(1, 0)).toBe('-');
  expect(quantiles(undefined)).toBe('-');
  expect(quantiles({ count: 3, p50: 1, p90: 2, p99: 30, max: 30 })).toBe('1.0 / 2.0 / 30 / 30');
});

test('the file system is that of the deepest mount, the later of two at one place', () => {
  const mounts = ['/dev/a / ext4 rw 0 0', 'tmpfs /tmp tmpfs rw 0 0', '/dev/b /tmp/data xfs rw 0 0', ''].join('\n');
  expect(fileSystemOf('/var/tmp', mounts)).toBe('ext4');
  expect(fileSystemOf('/tmp', mounts)).toBe('tmpfs');
  expect(fileSystemOf('/tmp/data/x', mounts)).toBe('xfs');
  expect(fileSystemOf('/tmp/database', mounts)).toBe('tmpfs');
  expect(fileSystemOf('/tmp', `${mounts}/dev/c /tmp btrfs rw 0 0\n`)).toBe('btrfs');
});

test('a cost is said in decodes, whatever the machine', () => {
  const here = atGoalMachine(20e-6, 17_490);
  expect(here.decodes).toBeCloseTo(1.1435, 3);
  // Three times as slow as the machine of the goals: a third of the cost there.
  expect(here.spansPerSecond).toBeCloseTo(150_000, -1);
});
