import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { findRows } from '../../timeline/find-rows.ts';
import { joinedRows, joinSpans } from '../../timeline/span-join.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { useTraceSource } from './trace-source.ts';

export interface Matches {
  /** In order; undefined when nothing is searched or it is not known yet. */
  readonly rows: Int32Array | undefined;
  readonly isSearching: boolean;
  /** Why the search found nothing out. */
  readonly problem: string | undefined;
}

/** Whether the text is TraceQL: what the server finds, attributes too. */
export function isTraceql(find: string): boolean {
  return find.trimStart().startsWith('{') || find.trimStart().startsWith('(');
}

/** The rows a text finds: names, services and ids here, TraceQL on the server. */
export function useMatches(trace: TraceModel, find: string | undefined): Matches {
  const source = useTraceSource();
  const { columns } = trace;
  const { loadMatch } = source;
  const isAsked = find !== undefined && isTraceql(find) && loadMatch !== undefined;
  const found = useQuery({
    queryKey: ['trace-match', source.key, columns.traceId, columns.spanCount, trace.shift !== undefined, find],
    queryFn: async ({ signal }) => {
      if (loadMatch === undefined || find === undefined) return new Int32Array(0);
      return joinedRows(await joinSpans(columns, await loadMatch(columns.traceId, find, signal), signal));
    },
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
  });
  const local = useMemo(
    () => (find === undefined || isAsked ? undefined : findRows(columns, find)),
    [columns, find, isAsked],
  );
  if (!isAsked) return { rows: local, isSearching: false, problem: undefined };
  return { rows: found.data, isSearching: found.isFetching, problem: found.error?.message };
}
