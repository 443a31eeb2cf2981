import type { TraceColumns } from '@clew/model';
import { loadSearch } from '../../client/api.ts';
import { type LinkingSpan, MAX_LINKING_SPANS } from '../../tracefile/linking-spans.ts';

/** How long after a trace others may link to it, and how long before (a consumer may have begun to wait earlier). */
const HOURS_AFTER = 24;
const HOURS_BEFORE = 1;
const HOUR_MS = 3_600_000;

/** Stored spans of whatever trace that link to a span, from an hour before its trace until a day after. */
export async function searchLinkingSpans(
  columns: TraceColumns,
  spanId: string,
  signal: AbortSignal,
): Promise<LinkingSpan[]> {
  const startMs = Number(columns.startTimeUnixNano / 1_000_000n);
  const endMs = startMs + columns.durationNano / 1e6 + HOURS_AFTER * HOUR_MS;
  const answer = await loadSearch(
    {
      query: `{ link:spanID = "${spanId}" && link:traceID = "${columns.traceId}" }`,
      from: new Date(startMs - HOURS_BEFORE * HOUR_MS).toISOString(),
      to: new Date(Math.min(endMs, Date.now() + HOUR_MS)).toISOString(),
      limit: MAX_LINKING_SPANS,
    },
    signal,
  );
  return answer.traces.flatMap((trace) =>
    trace.matched.map((span) => ({
      traceId: trace.traceId,
      spanId: span.spanId,
      service: span.service,
      name: span.name,
      startTimeUnixNano: span.startTimeUnixNano,
    })),
  );
}
