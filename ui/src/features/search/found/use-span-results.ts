import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadSpans, type TimeRange } from '../../../client/api.ts';
import type { Sort } from '../explore-search.ts';
import { findMistake } from '../query-mistake.ts';
import { totalStatistics } from '../total-statistics.ts';
import { selectColumns } from './columns.ts';

const PAGE_SIZE = 100;

/** Pages of matching spans, with their chosen columns. */
export function useSpanResults(
  query: string,
  range: TimeRange,
  sort: Sort,
  columns: readonly string[],
  isSearch: boolean,
) {
  const queries = useQueryClient();
  const order = sort === 'longest' ? 'longest' : 'newest';
  const asked = selectColumns(query, columns);
  const queryKey = ['spans', asked, range.from, range.to, order];
  const search = useInfiniteQuery({
    queryKey,
    queryFn: ({ signal, pageParam }) =>
      loadSpans({ query: asked, ...range, limit: PAGE_SIZE, cursor: pageParam, order }, signal),
    enabled: isSearch && findMistake(query) === undefined,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const { data } = search;
  const spans = useMemo(() => data?.pages.flatMap((page) => page.spans) ?? [], [data]);
  const notes = useMemo(() => [...new Set(data?.pages.flatMap((page) => page.notes ?? []))], [data]);
  const statistics = useMemo(() => totalStatistics(data?.pages.map((page) => page.statistics) ?? []), [data]);
  const omittedSpanCount = useMemo(
    () => data?.pages.reduce((sum, page) => sum + page.omittedSpanCount, 0) ?? 0,
    [data],
  );
  /** Asks again, from the first page on. */
  const again = async (): Promise<void> => {
    queries.setQueryData<typeof data>(queryKey, (now) =>
      now === undefined ? now : { pages: now.pages.slice(0, 1), pageParams: now.pageParams.slice(0, 1) },
    );
    await search.refetch();
  };
  return { search, spans, notes, statistics, omittedSpanCount, order: data?.pages[0]?.order, again };
}
