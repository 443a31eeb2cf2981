/** Round numbers for the axes of a chart. */
import { wallTicks } from '../../text/wall-ticks.ts';

/** Values at which lines are drawn, from the lowest below all data to the highest above it; three to six of them. */
export function valueTicks(low: number, high: number): readonly number[] {
  const top = high > low ? high : low + (Math.abs(low) || 1);
  const rough = (top - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((nice) => nice >= rough) ?? power * 10;
  const first = Math.floor(low / step);
  const last = Math.ceil(top / step);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30].map((count) => count * DAY),
];

/** Round times of the zone in use within the range, `most` at most. Unix milliseconds. */
export function timeTicks(fromMs: number, toMs: number, most: number): readonly number[] {
  const step = TIME_STEPS.find((candidate) => (toMs - fromMs) / candidate <= most) ?? 90 * DAY;
  return wallTicks(fromMs, toMs, step);
}
