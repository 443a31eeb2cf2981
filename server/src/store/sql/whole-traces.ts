/**
 * What a statement about spans of a time range asks of the rest of their traces: all rows of these traces, whatever day
 * or part they lie in, read without reading everything. Most traces lie near the range; those that reach further are
 * known from `trace_times` and are looked up by id.
 */
import { START_BUCKET_NANO, START_BUCKET_SQL } from '../schema/start-bucket.ts';
import type { TimeRange } from '../span-store.ts';
import type { CompileContext } from './compile-context.ts';
import { startInRange } from './start-range.ts';
import type { TenantScope } from './tenant-scope.ts';
import { traceIdIn } from './trace-id-in.ts';

/** How far outside the range spans are read by time; beyond, by trace id. Ten minutes: few traces go on longer. */
export const NEAR_NANO = 600_000_000_000n;

/** The year 2262, where the column's signed nanoseconds end. */
const MAX_TIME = 2n ** 63n - 1n;

/** A range with a margin on both sides. */
export function widened({ fromUnixNano, toUnixNano }: TimeRange, marginNano: bigint): TimeRange {
  return {
    fromUnixNano: fromUnixNano > marginNano ? fromUnixNano - marginNano : 0n,
    toUnixNano: toUnixNano + marginNano < MAX_TIME ? toUnixNano + marginNano : MAX_TIME,
  };
}

/**
 * `FROM trace_times …`: every row of every trace that may have spans in the range.
 * @param candidates a source of spans: of no other traces is anything asked.
 */
export function timesOfTraces({ scope, range, traceIds }: CompileContext, candidates?: string): string {
  if (traceIds !== undefined) return scope.from('trace_times', [traceIdIn(traceIds, scope.parameters)]);
  return scope.from('trace_times', [`trace_id IN (SELECT trace_id ${candidates ?? timesInRange(scope, range)})`]);
}

/**
 * `SELECT … FROM spans …`: the spans that satisfy a condition, of every trace that may have spans in the range; of
 * other traces some may be among them.
 * @param candidates a source of spans in the range, `FROM spans …`: only what their traces have far from the range
 * counts, and few of them are found in `trace_times` for a tenth of what all traces of the range cost.
 */
export function spansOfTraces(
  columns: string,
  condition: string,
  context: CompileContext,
  candidates?: string,
): string {
  const { scope, range, traceIds } = context;
  const { parameters } = scope;
  if (traceIds !== undefined) {
    const times = scope.from('trace_times', [traceIdIn(traceIds, parameters)]);
    const bucket = (bound: string): string => `intDiv((SELECT ${bound} ${times}), ${START_BUCKET_NANO})`;
    const bounds = [
      `${START_BUCKET_SQL} >= ${bucket('min(first_start_unix_nano)')}`,
      `${START_BUCKET_SQL} <= ${bucket('max(last_start_unix_nano)')}`,
    ];
    return `SELECT ${columns} ${scope.from('spans', [...bounds, traceIdIn(traceIds, parameters), condition])}`;
  }
  const nearRange = widened(range, NEAR_NANO);
  const isNear = startInRange(nearRange, parameters);
  const near = scope.from('spans', [isNear, condition]);
  const isLong =
    `min(first_start_unix_nano) < ${parameters.int64(nearRange.fromUnixNano)} OR ` +
    `max(last_start_unix_nano) >= ${parameters.int64(nearRange.toUnixNano)}`;
  const long = `SELECT trace_id ${timesOfTraces(context, candidates)} GROUP BY trace_id HAVING ${isLong}`;
  const far = scope.from('spans', [`trace_id IN (${long})`, `NOT (${isNear})`, condition]);
  return `SELECT ${columns} ${near} UNION ALL SELECT ${columns} ${far}`;
}

function timesInRange(scope: TenantScope, { fromUnixNano, toUnixNano }: TimeRange): string {
  const { parameters } = scope;
  return scope.from('trace_times', [
    `last_start_unix_nano >= ${parameters.int64(fromUnixNano < MAX_TIME ? fromUnixNano : MAX_TIME)}`,
    `first_start_unix_nano < ${parameters.int64(toUnixNano < MAX_TIME ? toUnixNano : MAX_TIME)}`,
  ]);
}
