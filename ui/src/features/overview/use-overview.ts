import type { MetricsStatistics } from '@clew/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { resolveRange } from '../search/time-range.ts';
import { buildOverview, type Overview, ROWS_PER_DOUBLING } from './overview-model.ts';
import { isOneFilter, tryCountQuery, tryHistogramQuery } from './overview-query.ts';
import { stepOf } from './overview-step.ts';

/** Columns of the charts, at most. */
export const MAX_COLUMNS = 120;

export interface LoadedOverview {
  readonly overview: Overview | undefined;
  readonly statistics: MetricsStatistics | undefined;
  readonly isFetching: boolean;
  /** The overview is of the query before. */
  readonly isStale: boolean;
  readonly error: Error | null;
  readonly retry: () => void;
}

/**
 * All charts of a query and range out of one answer; asked beside the search, left when the query changes.
 * @param isListed whether the search has its first results: measuring what is dear to find does not delay them
 */
export function useOverview(query: string, range: TimeRange, round: number, isListed: boolean): LoadedOverview {
  const histogram = useMemo(() => tryHistogramQuery(query), [query]);
  const count = useMemo(() => tryCountQuery(query), [query]);
  const stepMs = stepOf(resolveRange(range, Date.now()), MAX_COLUMNS);
  const common = { placeholderData: keepPreviousData, retry: false, staleTime: 60_000 } as const;
  const asked = useQuery({
    queryKey: ['overview', histogram, range.from, range.to, stepMs, round],
    queryFn: ({ signal }) =>
      loadMetrics({ query: histogram ?? '', ...range, stepMs, resolution: ROWS_PER_DOUBLING }, signal),
    enabled: histogram !== undefined && (isListed || isOneFilter(query)),
    ...common,
  });
  // Of more spans than can be gone through one by one there are sums a minute, which know nothing of single durations.
  const isTooMuch = asked.data?.statistics.complete === false && asked.data.series.length === 0;
  const counted = useQuery({
    queryKey: ['overview', count, range.from, range.to, stepMs, round],
    queryFn: ({ signal }) => loadMetrics({ query: count ?? '', ...range, stepMs }, signal),
    enabled: isTooMuch && !asked.isPlaceholderData && count !== undefined,
    ...common,
  });
  const data = isTooMuch ? (counted.data ?? asked.data) : asked.data;
  const overview = useMemo(() => (data === undefined ? undefined : buildOverview(data)), [data]);
  return {
    overview,
    statistics: asked.data?.statistics,
    isFetching: asked.isFetching || counted.isFetching,
    isStale: asked.isPlaceholderData,
    error: asked.error,
    retry: () => void asked.refetch(),
  };
}
