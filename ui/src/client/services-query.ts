import { queryOptions } from '@tanstack/react-query';
import { loadServices } from './api.ts';

const STALE_MS = 60_000;

/** Names of the services that sent spans in the last seven days, for whoever chooses one of them. */
export const servicesQuery = queryOptions({
  queryKey: ['services', 'now-7d'],
  queryFn: ({ signal }) => loadServices({ from: 'now-7d', to: 'now' }, signal),
  staleTime: STALE_MS,
});
