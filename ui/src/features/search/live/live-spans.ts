import type { FoundSpanRow, TailTrace } from '@clew/contract';

/** Matching spans that are told of each trace at most, as in the list that is not live. */
export const LIVE_SPANS_PER_TRACE = 50;
/** Rows of the live list; a table of more could not be drawn twice a second. */
export const MAX_LIVE_SPANS = 500;

export interface LiveSpans {
  readonly rows: readonly FoundSpanRow[];
  /** Matching spans of these traces that were not told of, or for which there is no row. */
  readonly omittedCount: number;
}

/** The matching spans of the traces shown, trace by trace as they came, newest first in each. */
export function liveSpans(traces: readonly TailTrace[]): LiveSpans {
  const rows: FoundSpanRow[] = [];
  let matchedCount = 0;
  for (const { traceId, matched, matchedCount: count } of traces) {
    matchedCount += count;
    const newestFirst = matched.toSorted((a, b) => compareNanos(b.startTimeUnixNano, a.startTimeUnixNano));
    for (const span of newestFirst.slice(0, MAX_LIVE_SPANS - rows.length)) rows.push({ ...span, traceId });
  }
  return { rows, omittedCount: matchedCount - rows.length };
}

/** Decimal digits without a sign: the longer text is the larger number. */
function compareNanos(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
