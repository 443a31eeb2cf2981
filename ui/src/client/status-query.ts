import { queryOptions } from '@tanstack/react-query';
import { loadStatus } from './api.ts';

const POLL_MS = 1000;

/** The server's status, every second while the page is visible; the query library stops when it is hidden. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => loadStatus(signal),
  refetchInterval: POLL_MS,
  refetchIntervalInBackground: false,
  staleTime: POLL_MS,
  retry: false,
});
