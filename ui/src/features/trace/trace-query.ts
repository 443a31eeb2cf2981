import type { TraceColumns, TraceId } from '@clew/model';
import { queryOptions } from '@tanstack/react-query';
import { loadTraceBody } from '../../client/api.ts';
import { openTrace } from '../../timeline/open-trace.ts';
import { isSameTrace } from './trace-refresh.ts';

/** A trace's columns. Asked for again by who waits for more spans: see trace-refresh.ts. */
export function traceQuery(traceId: TraceId) {
  return queryOptions({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) => openTrace(loadTraceBody(traceId, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    // The same object while nothing has arrived: a page that looks again must not be built anew.
    structuralSharing: keepSame,
  });
}

function keepSame(before: unknown, now: unknown): unknown {
  const [old, fresh] = [before, now] as [TraceColumns | undefined, TraceColumns];
  return old !== undefined && isSameTrace(old, fresh) ? old : fresh;
}
