import type { FoundSpanRow, FoundTrace, SearchStatistics } from '@clew/contract';
import { useMemo } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import type { Sort } from '../explore-search.ts';
import type { ResolvedRange } from '../time-range.ts';
import { useSearchResults } from '../use-search-results.ts';
import { parseColumns } from './columns.ts';
import { useSpanResults } from './use-span-results.ts';
import { type Totals, useTotals } from './use-totals.ts';

/** What was found, as traces or as spans, with all that is said of it. */
export interface ExploreResults {
  readonly isSpans: boolean;
  readonly traces: readonly FoundTrace[];
  readonly spans: readonly FoundSpanRow[];
  readonly columns: readonly string[];
  readonly shownCount: number;
  readonly hasMore: boolean;
  readonly totals: Totals | undefined;
  /** As the server put them; undefined before its first answer. */
  readonly order: string | undefined;
  readonly omittedSpanCount: number;
  readonly notes: readonly string[];
  readonly statistics: SearchStatistics | undefined;
  readonly resolved: ResolvedRange;
  readonly error: Error | null;
  /** Shown is what the query before found. */
  readonly isStale: boolean;
  readonly isFetching: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  /** Asks again, from the first page on. */
  readonly again: () => Promise<void>;
}

export function useExploreResults(request: {
  readonly query: string;
  readonly range: TimeRange;
  readonly isSpans: boolean;
  readonly sort: Sort;
  readonly cols: string;
  /** Changes when everything is to be asked again. */
  readonly round: number;
  readonly isSearch: boolean;
}): ExploreResults {
  const { query, range, isSpans, sort, cols, isSearch } = request;
  const columns = useMemo(() => parseColumns(cols), [cols]);
  const traces = useSearchResults(query, range, sort, isSearch && !isSpans);
  const spans = useSpanResults(query, range, sort, columns, isSearch && isSpans);
  const totals = useTotals(query, range, request.round, isSearch);
  const { search, notes, statistics, order, again } = isSpans ? spans : traces;
  return {
    isSpans,
    traces: isSpans ? [] : traces.traces,
    spans: isSpans ? spans.spans : [],
    columns,
    shownCount: isSpans ? spans.spans.length : traces.traces.length,
    hasMore: search.hasNextPage,
    totals,
    order,
    omittedSpanCount: isSpans ? spans.omittedSpanCount : 0,
    notes,
    statistics,
    resolved: traces.resolved,
    error: search.error,
    isStale: search.isPlaceholderData,
    isFetching: search.isFetching,
    isLoadingMore: search.isFetchingNextPage,
    loadMore: () => void search.fetchNextPage(),
    again,
  };
}
