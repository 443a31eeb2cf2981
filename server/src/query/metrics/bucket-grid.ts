import type { BucketGrid } from '../../store/span-measure.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { QueryError } from '../query-error.ts';

/** Most points of one series. */
export const MAX_POINTS = 11_000;

const MS_NANO = 1_000_000n;
const SECOND_NANO = 1_000_000_000n;
const MINUTE_NANO = 60n * SECOND_NANO;
/** A default step is a multiple of the largest of these that is not longer than a 240th of the range. */
const STEP_UNITS: readonly bigint[] = [60n * MINUTE_NANO, 5n * MINUTE_NANO, MINUTE_NANO, 15n, 5n, 1n].map((unit) =>
  unit < 60n ? unit * SECOND_NANO : unit,
);
const POINTS_WANTED = 240n;
const SHORTEST_STEP_NANO = 50n * MS_NANO;

/** The step of a request that names none: some 240 points at round times, as Grafana expects them of Tempo. */
export function defaultStepNano({ fromUnixNano, toUnixNano }: TimeRange): bigint {
  const length = toUnixNano - fromUnixNano;
  if (length < MINUTE_NANO) return SHORTEST_STEP_NANO;
  const wanted = length / POINTS_WANTED;
  const unit = STEP_UNITS.find((candidate) => candidate <= wanted);
  return unit === undefined ? SECOND_NANO : (wanted / unit) * unit;
}

/**
 * The buckets of a range: its start rounded down, its end rounded up to multiples of the step.
 * @throws QueryError QUERY_STEP_INVALID for too many of them.
 */
export function gridOf({ fromUnixNano, toUnixNano }: TimeRange, stepNano: bigint): BucketGrid {
  const first = fromUnixNano / stepNano;
  const end = (toUnixNano + stepNano - 1n) / stepNano;
  const count = end - first;
  if (count > BigInt(MAX_POINTS)) {
    throw new QueryError(
      'QUERY_STEP_INVALID',
      `step: ${Number(stepNano) / 1e9} s makes ${count} points of this range (at most ${MAX_POINTS}). ` +
        'Ask for a longer step or a shorter range.',
    );
  }
  return { originUnixNano: first * stepNano, stepNano, count: Number(count) };
}

/** One bucket: the whole range. */
export function instantGrid({ fromUnixNano, toUnixNano }: TimeRange): BucketGrid {
  return { originUnixNano: fromUnixNano, stepNano: toUnixNano - fromUnixNano, count: 1 };
}

/** The time a point of the grid is named by: the end of its bucket. */
export function bucketEnd({ originUnixNano, stepNano }: BucketGrid, bucket: number): bigint {
  return originUnixNano + BigInt(bucket + 1) * stepNano;
}
