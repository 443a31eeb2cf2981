import { START_BUCKET_SQL, startBucket } from '../schema/start-bucket.ts';
import type { TimeRange } from '../span-store.ts';
import type { SqlParameters } from './sql-parameters.ts';

/** Largest start that the column's signed 64 bits order rightly: the year 2262. Later ones are read by trace id only. */
const MAX_START = 2n ** 63n - 1n;

/** `from ≤ start < to`. */
export function startInRange(range: TimeRange, parameters: SqlParameters): string {
  const last = lastStart(range);
  return last === undefined ? 'false' : startBetween(range.fromUnixNano, last, parameters);
}

/** The same where nothing is pruned by it: of rows that are read in any case. */
export function startExactlyInRange(range: TimeRange, parameters: SqlParameters): string {
  const last = lastStart(range);
  return last === undefined ? 'false' : exactlyBetween(range.fromUnixNano, last, parameters);
}

/** Undefined: no start is in the range. */
function lastStart({ fromUnixNano, toUnixNano }: TimeRange): bigint | undefined {
  if (toUnixNano <= fromUnixNano || fromUnixNano > MAX_START) return undefined;
  return toUnixNano > MAX_START ? MAX_START : toUnixNano - 1n;
}

/**
 * `first ≤ start ≤ last`, signed nanoseconds: once exactly and once in the sort key's buckets, so that the primary
 * index prunes.
 */
export function startBetween(first: bigint, last: bigint, parameters: SqlParameters): string {
  return `${exactlyBetween(first, last, parameters)} AND ${bucketWithin(first, last, parameters)}`;
}

function exactlyBetween(first: bigint, last: bigint, parameters: SqlParameters): string {
  return `start >= ${parameters.time(first)} AND start <= ${parameters.time(last)}`;
}

/** The sort key's buckets that hold `first ≤ start ≤ last`: for what is pruned and needs no exact bounds. */
export function bucketWithin(first: bigint, last: bigint, parameters: SqlParameters): string {
  const [from, to] = [startBucket(first), startBucket(last)];
  if (from === to) return `${START_BUCKET_SQL} = ${parameters.int64(from)}`;
  return `${START_BUCKET_SQL} >= ${parameters.int64(from)} AND ${START_BUCKET_SQL} <= ${parameters.int64(to)}`;
}
