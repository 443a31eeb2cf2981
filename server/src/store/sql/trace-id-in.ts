import type { TraceId } from '@clew/model';
import type { SqlParameters } from './sql-parameters.ts';

/** Constants prune by the sort key of the times, too, which halves what is read of them; a subquery takes any number. */
const MAX_CONSTANTS = 128;

/** Spans of these traces, in one of the two forms that make the bloom filter over trace ids prune. */
export function traceIdIn(traceIds: readonly TraceId[], parameters: SqlParameters): string {
  if (traceIds.length === 1) return `trace_id = unhex(${parameters.string(traceIds[0])})`;
  if (traceIds.length > 0 && traceIds.length <= MAX_CONSTANTS) {
    return `trace_id IN (${traceIds.map((traceId) => `unhex(${parameters.string(traceId)})`).join(', ')})`;
  }
  return `trace_id IN (SELECT toFixedString(unhex(arrayJoin(${parameters.strings(traceIds)})), 16))`;
}
