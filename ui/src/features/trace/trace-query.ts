import type { TraceId } from '@clew/model';
import { queryOptions } from '@tanstack/react-query';
import { loadTraceBody } from '../../client/api.ts';
import { openTrace } from '../../timeline/open-trace.ts';

/** A trace's columns. Fetched once; columns are too large to be compared with older ones. */
export function traceQuery(traceId: TraceId) {
  return queryOptions({
    queryKey: ['trace', traceId],
    queryFn: async ({ signal }) => openTrace(await loadTraceBody(traceId, signal)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
  });
}
