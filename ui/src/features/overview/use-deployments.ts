import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { type Deployment, findDeployments } from './deployments.ts';
import { tryVersionsQuery } from './overview-query.ts';

const NONE: readonly Deployment[] = [];

/** Asked for once the charts are there, where that is cheap: they do not wait for the markers. */
export function useDeployments(
  query: string,
  range: TimeRange,
  stepMs: number,
  isCheap: boolean,
): readonly Deployment[] {
  const versions = useMemo(() => tryVersionsQuery(query), [query]);
  const { data } = useQuery({
    queryKey: ['versions', versions, range.from, range.to, stepMs],
    queryFn: ({ signal }) => loadMetrics({ query: versions ?? '', ...range, stepMs }, signal),
    enabled: isCheap && versions !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
  return useMemo(() => (data === undefined || !isCheap ? NONE : findDeployments(data)), [data, isCheap]);
}
