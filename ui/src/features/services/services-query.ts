import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { loadDependencies, loadService, loadServicesOverview, type TimeRange } from '../../client/api.ts';

const STALE_MS = 30_000;

/** Of an old range while the new one comes; never of another service. */
export const overviewQuery = (range: TimeRange) =>
  queryOptions({
    queryKey: ['services-overview', range.from, range.to],
    queryFn: ({ signal }) => loadServicesOverview(range, signal),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });

export const dependenciesQuery = (range: TimeRange) =>
  queryOptions({
    queryKey: ['dependencies', range.from, range.to],
    queryFn: ({ signal }) => loadDependencies(range, signal),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });

export const serviceQuery = (service: string, range: TimeRange) =>
  queryOptions({
    queryKey: ['service', service, range.from, range.to],
    queryFn: ({ signal }) => loadService(service, range, signal),
    placeholderData: (before, query) => (query?.queryKey[1] === service ? before : undefined),
    staleTime: STALE_MS,
  });
