import type { FoundTrace } from '@clew/contract';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadSearch, type TimeRange } from '../../client/api.ts';
import type { Sort } from './explore-search.ts';
import { findMistake } from './query-mistake.ts';
import { resolveRange } from './time-range.ts';
import { totalStatistics } from './total-statistics.ts';

const PAGE_SIZE = 100;

/** Pages of found traces for a query and range, kept for going back to. */
export function useSearchResults(query: string, range: TimeRange, sort: Sort, isSearch: boolean) {
  const queries = useQueryClient();
  const queryKey = ['search', query, range.from, range.to, sort];
  const search = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      loadSearch(
        {
          query: query === '' ? '{ }' : query,
          ...range,
          limit: PAGE_SIZE,
          cursor: pageParam,
          order: sort === 'newest' ? undefined : sort,
        },
        signal,
      ),
    // A link with a wrong query shows what is wrong with it; the server need not be asked.
    enabled: isSearch && findMistake(query) === undefined,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const { data, dataUpdatedAt } = search;
  const traces = useMemo(() => uniqueTraces(data?.pages.map((page) => page.traces) ?? []), [data]);
  const notes = useMemo(() => [...new Set(data?.pages.flatMap((page) => page.notes ?? []))], [data]);
  const statistics = useMemo(() => totalStatistics(data?.pages.map((page) => page.statistics) ?? []), [data]);
  const { from, to } = range;
  const resolved = useMemo(
    () => resolveRange({ from, to }, dataUpdatedAt === 0 ? Date.now() : dataUpdatedAt),
    [from, to, dataUpdatedAt],
  );
  /** Asks again, from the first page on. */
  const again = async (): Promise<void> => {
    queries.setQueryData<typeof data>(queryKey, (now) =>
      now === undefined ? now : { pages: now.pages.slice(0, 1), pageParams: now.pageParams.slice(0, 1) },
    );
    await search.refetch();
  };
  /** Without a word of another order it is the newest first. */
  const order = data === undefined ? undefined : (data.pages[0]?.order ?? 'newest');
  return { search, traces, notes, statistics, resolved, order, again };
}

/** A trace may come again on a later page when one of its spans arrived in between. */
function uniqueTraces(pages: readonly (readonly FoundTrace[])[]): readonly FoundTrace[] {
  const traces = new Map<string, FoundTrace>();
  for (const page of pages) for (const trace of page) if (!traces.has(trace.traceId)) traces.set(trace.traceId, trace);
  return [...traces.values()];
}
