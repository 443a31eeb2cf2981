import type { TracePosition } from '../../store/span-store.ts';

/** The order of answers: newest first, then by trace id, both descending. Negative: `a` comes first. */
export function compareNewestFirst(a: TracePosition, b: TracePosition): number {
  if (a.newestMatchUnixNano !== b.newestMatchUnixNano) return a.newestMatchUnixNano > b.newestMatchUnixNano ? -1 : 1;
  if (a.traceId === b.traceId) return 0;
  return a.traceId > b.traceId ? -1 : 1;
}

/** Whether a position lies strictly behind another: comes after it in an answer. */
export function isBehind(position: TracePosition, other: TracePosition): boolean {
  return compareNewestFirst(position, other) > 0;
}
