import type { FoundSeries, MetricsAnswer } from '@clew/contract';

/** Series that are drawn and listed; more cannot be told apart. */
export const MAX_SHOWN_SERIES = 40;

export interface SeriesFigures {
  readonly last: number | undefined;
  readonly min: number | undefined;
  readonly avg: number | undefined;
  readonly max: number | undefined;
}

/** @param whole how many buckets, from the first, have all their spans: `last` is of the last of these. */
export function figuresOf({ values }: FoundSeries, whole = values.length): SeriesFigures {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { last: undefined, min: undefined, avg: undefined, max: undefined };
  return {
    last: values.slice(0, whole).findLast((value) => value !== null) ?? known.at(-1),
    min: Math.min(...known),
    avg: known.reduce((sum, value) => sum + value, 0) / known.length,
    max: Math.max(...known),
  };
}

/** The series to show: those with the largest mean first. */
export function shownSeries(series: readonly FoundSeries[]): readonly FoundSeries[] {
  const means = new Map(series.map((one) => [one, figuresOf(one).avg ?? Number.NEGATIVE_INFINITY]));
  return series.toSorted((a, b) => (means.get(b) ?? 0) - (means.get(a) ?? 0)).slice(0, MAX_SHOWN_SERIES);
}

/** How many buckets had ended when the newest stored span was received: the one after them is still filling. */
export function wholeBuckets(answer: MetricsAnswer): number {
  const { storedUntilUnixMs } = answer.statistics;
  if (storedUntilUnixMs === undefined) return answer.pointCount;
  let count = answer.pointCount;
  while (count > 1 && bucketEndMs(answer, count - 1) > storedUntilUnixMs) count--;
  return count;
}

/** When bucket `at` ends, unix milliseconds: that is what it is labelled with. */
export function bucketEndMs({ startUnixNano, stepNano }: MetricsAnswer, at: number): number {
  return Number((BigInt(startUnixNano) + BigInt(stepNano) * BigInt(at + 1)) / 1_000_000n);
}
