import { expect, test } from 'vitest';
import { splitAtGaps } from './trace-bounds.ts';

const HOUR = 3_600_000_000_000n;
const at = (...hours: number[]) =>
  hours.map((hour) => ({ hour, first: BigInt(hour) * HOUR, last: BigInt(hour) * HOUR + 1n }));
const hoursOf = (times: readonly { readonly hour: number }[]): number[] => times.map(({ hour }) => hour);

test('traces with hours between them are read apart, in four parts at most, at the longest gaps', () => {
  expect(splitAtGaps(at(0, 0, 9)).map(hoursOf)).toEqual([[0, 0], [9]]);
  expect(splitAtGaps(at(0, 2, 10, 20, 22, 30)).map(hoursOf)).toEqual([[0, 2], [10], [20, 22], [30]]);
  expect(splitAtGaps(at(5)).map(hoursOf)).toEqual([[5]]);
});

test('a long trace closes the gap that it spans', () => {
  const long = { hour: 0, first: 0n, last: 8n * HOUR };
  expect(splitAtGaps([long, ...at(3, 8, 20)]).map(hoursOf)).toEqual([[0, 3, 8], [20]]);
});
