import { expect, test } from 'vitest';
import { timesOf } from './ask/ask-question.ts';
import { sameFound } from './ask/question.ts';
import { parseQueryOptions } from './query-options.ts';
import { ratioOf } from './query-report.ts';

test('the goal is the default, a trial is a word away', () => {
  expect(parseQueryOptions([])).toMatchObject({
    spans: 50_000_000,
    asks: 20,
    maxSeconds: 8,
    baselineSeconds: 10,
    withIngest: true,
  });
  expect(parseQueryOptions(['--quick'])).toMatchObject({ asks: 5, maxSeconds: 4 });
  expect(parseQueryOptions(['--quick', '--asks', '7', '--no-ingest'])).toMatchObject({ asks: 7, withIngest: false });
  expect(parseQueryOptions(['--only', 'trace,service'])).toMatchObject({ only: ['trace', 'service'] });
  expect(() => parseQueryOptions(['--asks', '2'])).toThrow('--asks 2: not an integer from 3 to 10000.');
});

test('data sets of different sizes have different folders', () => {
  const [one, other] = [parseQueryOptions(['--spans', '10000']), parseQueryOptions([])];
  if (one === 'help' || other === 'help') throw new Error('not asked for help.');
  expect(one.dir).not.toBe(other.dir);
});

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(timesOf(values)).toEqual({ asks: 100, p50: 50, p95: 95, max: 100 });
  expect(timesOf([7])).toEqual({ asks: 1, p50: 7, p95: 7, max: 7 });
});

test('traces are the same in any order, numbers but for rounding', () => {
  expect(sameFound(['a', 'b'], ['b', 'a'])).toBe(true);
  expect(sameFound(['a', 'b'], ['b', 'c'])).toBe(false);
  expect(sameFound(['a'], ['a', 'b'])).toBe(false);
  expect(sameFound(3, 3)).toBe(true);
  expect(sameFound(3, 4)).toBe(false);
  expect(sameFound(3, ['a'])).toBe(false);
  expect(sameFound(undefined, 4)).toBe(true);
});

test('a baseline whose asks were ended is slower by at least so much', () => {
  const side = (p50: number) => ({
    ms: { asks: 1, p50, p95: p50, max: p50 },
    cpuMs: 1,
    bytesRead: undefined,
    rowsRead: undefined,
  });
  expect(ratioOf(side(500), { ...side(10_000), limitMs: 10_000 })).toBe('at least 20x');
  expect(ratioOf(side(500), { ...side(900), limitMs: 10_000 })).toBe('1.80x');
  expect(ratioOf(side(500), side(1_000))).toBe('2.00x');
  expect(ratioOf(side(500), undefined)).toBe('-');
});
