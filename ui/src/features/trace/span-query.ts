import { queryOptions } from '@tanstack/react-query';
import { loadSpan } from '../../client/api.ts';

/** The details of one span; spans do not change, so they are fetched once. */
export function spanQuery(traceId: string, spanId: string) {
  return queryOptions({
    queryKey: ['span', traceId, spanId],
    queryFn: ({ signal }) => loadSpan(traceId, spanId, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
  });
}
