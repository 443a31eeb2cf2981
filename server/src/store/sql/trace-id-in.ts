import type { TraceId } from '@clew/model';
import type { SqlParameters } from './sql-parameters.ts';

/** Spans of these traces. A subquery, since only that form makes the bloom filter over trace ids prune. */
export function traceIdIn(traceIds: readonly TraceId[], parameters: SqlParameters): string {
  if (traceIds.length === 1) return `trace_id = toFixedString(unhex(${parameters.string(traceIds[0])}), 16)`;
  return `trace_id IN (SELECT toFixedString(unhex(arrayJoin(${parameters.strings(traceIds)})), 16))`;
}
