import type { AttributeCatalogue } from '@clew/traceql/codemirror';
import type { QueryClient } from '@tanstack/react-query';
import { loadAttributes, loadAttributeValues, type TimeRange } from '../../client/api.ts';

const FRESH_MS = 60_000;

/** The server's attribute keys and values for completion, remembered for a minute. */
export function buildQueryCatalogue(queries: QueryClient, range: () => TimeRange): AttributeCatalogue {
  return {
    loadAttributes: async (contains) => {
      const within = range();
      const answer = await queries.fetchQuery({
        queryKey: ['attributes', contains, within],
        queryFn: ({ signal }) => loadAttributes(contains, within, signal),
        staleTime: FRESH_MS,
        retry: false,
      });
      return answer.attributes;
    },
    loadValues: async (name, prefix) => {
      const within = range();
      const answer = await queries.fetchQuery({
        queryKey: ['values', name, prefix, within],
        queryFn: ({ signal }) => loadAttributeValues(name, prefix, undefined, within, signal),
        staleTime: FRESH_MS,
        retry: false,
      });
      return answer.values;
    },
  };
}
