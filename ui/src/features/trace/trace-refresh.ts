import type { TraceColumns } from '@clew/model';

/** Spans of a trace arrive for a while: exporters send every few seconds, and collectors hold back for sampling. */
export const YOUNG_MS = 120_000;
const REFRESH_MS = 5_000;
/** A large trace is asked for seldom, a very large one not at all: the reader decides. */
const SPANS_PER_REFRESH = 20_000;
const SPANS_MAX = 200_000;

/** Milliseconds until the trace should be looked at again; undefined when it is old, or too large. */
export function refreshAfterMs(columns: TraceColumns, nowMs: number): number | undefined {
  if (columns.spanCount > SPANS_MAX) return undefined;
  const endMs = Number(columns.startTimeUnixNano / 1_000_000n) + columns.durationNano / 1e6;
  const ageMs = nowMs - endMs;
  // A clock ahead of ours makes a trace of the future: it is young, but not for ever.
  if (ageMs > YOUNG_MS || ageMs < -YOUNG_MS) return undefined;
  return REFRESH_MS * Math.max(1, Math.ceil(columns.spanCount / SPANS_PER_REFRESH));
}

/** Whether nothing has arrived between two answers. Spans do not change; only their number does. */
export function isSameTrace(a: TraceColumns, b: TraceColumns): boolean {
  return (
    a.spanCount === b.spanCount &&
    a.omittedSpanCount === b.omittedSpanCount &&
    a.startTimeUnixNano === b.startTimeUnixNano &&
    a.durationNano === b.durationNano
  );
}
