import { START_BUCKET_SQL, startBucket } from '../../schema/start-bucket.ts';
import type { SqlParameters } from '../../sql/sql-parameters.ts';
import { MAX_EXACT_SPANS, MAX_LATENCY_SPANS } from './service-limits.ts';

/** Which spans durations are read of. */
export interface LatencySample {
  /** Of the five-minute parts of the range, more than 0, at most 1. */
  readonly share: number;
  /** Whether durations are rounded by at most 1 %. */
  readonly isRounded: boolean;
  /** The parts, by the sort key's buckets; undefined for all. */
  readonly buckets: readonly bigint[] | undefined;
}

/**
 * Every so manyth five-minute part, so that about MAX_LATENCY_SPANS are read at most: the sort key finds them without
 * reading the others. A range of one part is read whole.
 */
export function latencySampleOf(
  spans: number,
  range: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint },
  maxSpans: number = MAX_LATENCY_SPANS,
): LatencySample {
  const first = startBucket(range.fromUnixNano);
  const count = Number(startBucket(range.toUnixNano) - first) + 1;
  const every = Math.min(count, Math.max(1, Math.ceil(spans / maxSpans)));
  const isRounded = Math.min(spans, maxSpans) > MAX_EXACT_SPANS;
  if (every === 1) return { share: 1, isRounded, buckets: undefined };
  const chosen = Math.ceil(count / every);
  return {
    share: chosen / count,
    isRounded,
    buckets: Array.from({ length: chosen }, (_, i) => first + BigInt(i * every)),
  };
}

/** Conditions on spans. */
export function inLatencySample({ buckets }: LatencySample, parameters: SqlParameters): readonly string[] {
  if (buckets === undefined) return [];
  return [`${START_BUCKET_SQL} IN ${parameters.int64s(buckets)}`];
}
