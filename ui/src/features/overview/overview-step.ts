import type { ResolvedRange } from '../search/time-range.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Round lengths of a column, milliseconds. From a minute on they are whole minutes, for which there are sums. */
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30].map((count) => count * DAY),
];

/** The shortest round step that makes at most `most` columns of a range, milliseconds. */
export function stepOf({ fromMs, toMs }: ResolvedRange, most: number): number {
  return STEPS.find((step) => (toMs - fromMs) / step <= most) ?? 90 * DAY;
}
