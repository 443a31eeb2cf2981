import { queryOptions } from '@tanstack/react-query';
import { loadMetricsText } from './api.ts';

const POLL_MS = 5000;

/** The server's own metrics as Prometheus text, every few seconds while the page is visible. */
export const metricsQuery = queryOptions({
  queryKey: ['metrics-text'],
  queryFn: ({ signal }) => loadMetricsText(signal),
  refetchInterval: POLL_MS,
  refetchIntervalInBackground: false,
  staleTime: POLL_MS,
  retry: false,
});
