import { queryOptions } from '@tanstack/react-query';
import type { TraceSource } from './trace-source.ts';

/** The details of one span; spans do not change, so they are fetched once. */
export function spanQuery(source: TraceSource, traceId: string, spanId: string) {
  return queryOptions({
    queryKey: ['span', source.key, traceId, spanId],
    queryFn: ({ signal }) => source.loadSpan(traceId, spanId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
  });
}
