import { START_BUCKET_SQL, startBucket } from '../schema/start-bucket.ts';
import type { TimeRange } from '../span-store.ts';
import type { SqlParameters } from './sql-parameters.ts';

/** Largest start that the column's signed 64 bits order rightly: the year 2262. Later ones are read by trace id only. */
const MAX_START = 2n ** 63n - 1n;

/** `from ≤ start < to`. */
export function startInRange(range: TimeRange, parameters: SqlParameters): string {
  if (range.toUnixNano <= range.fromUnixNano || range.fromUnixNano > MAX_START) return 'false';
  const last = range.toUnixNano > MAX_START ? MAX_START : range.toUnixNano - 1n;
  return startBetween(range.fromUnixNano, last, parameters);
}

/**
 * `first ≤ start ≤ last`, signed nanoseconds: once exactly and once in the sort key's buckets, so that the primary
 * index prunes.
 */
export function startBetween(first: bigint, last: bigint, parameters: SqlParameters): string {
  const exactly = `start >= ${parameters.time(first)} AND start <= ${parameters.time(last)}`;
  return `${exactly} AND ${bucketWithin(first, last, parameters)}`;
}

/** The sort key's buckets that hold `first ≤ start ≤ last`: for what is pruned and needs no exact bounds. */
export function bucketWithin(first: bigint, last: bigint, parameters: SqlParameters): string {
  const [from, to] = [startBucket(first), startBucket(last)];
  if (from === to) return `${START_BUCKET_SQL} = ${parameters.int64(from)}`;
  return `${START_BUCKET_SQL} >= ${parameters.int64(from)} AND ${START_BUCKET_SQL} <= ${parameters.int64(to)}`;
}
