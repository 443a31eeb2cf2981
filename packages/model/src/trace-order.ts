import type { TraceId } from './ids.ts';

/** Where a trace stands among others: start of its newest matching span, signed nanoseconds since 1970, then its id. */
interface Position {
  readonly newestMatchUnixNano: bigint;
  readonly traceId: TraceId;
}

/** The order of answers: newest first, then by trace id, both descending. Negative: `a` comes first. */
export function compareNewestFirst(a: Position, b: Position): number {
  if (a.newestMatchUnixNano !== b.newestMatchUnixNano) return a.newestMatchUnixNano > b.newestMatchUnixNano ? -1 : 1;
  if (a.traceId === b.traceId) return 0;
  return a.traceId > b.traceId ? -1 : 1;
}

/** Whether a position lies strictly behind another: comes after it in an answer. */
export function isBehind(position: Position, other: Position): boolean {
  return compareNewestFirst(position, other) > 0;
}
