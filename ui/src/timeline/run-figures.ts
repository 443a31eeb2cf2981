import { FLAG_ERROR, type TraceColumns } from '@clew/model';
import type { SiblingRuns } from './sibling-runs.ts';

/** Bars of the histogram of durations. */
export const HISTOGRAM_BARS = 10;

/** What the row of a run says of its siblings; times in nanoseconds. */
export interface RunFigures {
  readonly count: number;
  readonly errors: number;
  readonly total: number;
  readonly p50: number;
  readonly max: number;
  readonly from: number;
  readonly to: number;
  /** Siblings by duration, from the shortest to the longest in steps of equal ratio. */
  readonly histogram: readonly number[];
}

type Columns = Pick<TraceColumns, 'start' | 'duration' | 'flags'>;

/** Figures of one run: a few passes over its siblings, the median by selection rather than by sorting. */
export function runFigures(columns: Columns, subtreeEnd: Int32Array, runs: SiblingRuns, run: number): RunFigures {
  const { start, duration, flags } = columns;
  const count = runs.size[run];
  const durations = new Float64Array(count);
  let errors = 0;
  let total = 0;
  let max = 0;
  let min = Number.POSITIVE_INFINITY;
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  let row = runs.first[run];
  for (let at = 0; at < count; at++) {
    const nano = duration[row];
    durations[at] = nano;
    total += nano;
    if (nano > max) max = nano;
    if (nano < min) min = nano;
    if (start[row] < from) from = start[row];
    if (start[row] + nano > to) to = start[row] + nano;
    if ((flags[row] & FLAG_ERROR) !== 0) errors++;
    row = subtreeEnd[row];
  }
  const histogram = histogramOf(durations, min, max);
  return { count, errors, total, p50: smallest(durations, Math.ceil(count / 2) - 1), max, from, to, histogram };
}

function histogramOf(durations: Float64Array, min: number, max: number): number[] {
  const bars = new Array<number>(HISTOGRAM_BARS).fill(0);
  const low = Math.log(Math.max(1, min));
  const step = (Math.log(Math.max(1, max)) - low) / HISTOGRAM_BARS;
  for (const nano of durations) {
    const bar = step === 0 ? 0 : Math.floor((Math.log(Math.max(1, nano)) - low) / step);
    bars[Math.min(HISTOGRAM_BARS - 1, bar)]++;
  }
  return bars;
}

/** The value at a rank, 0 for the smallest. Changes the order of `values`. */
function smallest(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left] < pivot) left++;
      while (values[right] > pivot) right--;
      if (left > right) break;
      const swapped = values[left];
      values[left++] = values[right];
      values[right--] = swapped;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else return values[rank];
  }
  return values[rank];
}
