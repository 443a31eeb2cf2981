import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { placeExamples, type SeriesExample } from './series-examples.ts';

/** More could neither be told apart nor hit. */
const MAX_EXAMPLES = 60;
/** A measuring that took longer is not repeated for the sake of examples; the hint `exemplars` brings them along. */
const MAX_MEASURED_MS = 2_000;

/** Spans that the shown series count. They are asked for once the answer is there: the chart does not wait for them. */
export function useExamples(
  { query, range, round }: { readonly query: string; readonly range: TimeRange; readonly round: number },
  answer: MetricsAnswer | undefined,
  shown: readonly FoundSeries[],
): readonly SeriesExample[] {
  const isAlong = answer?.series.some(({ exemplars = [] }) => exemplars.length > 0) ?? false;
  const { complete = false, elapsedMs = 0 } = answer?.statistics ?? {};
  const asked = useQuery({
    queryKey: ['examples', query, range.from, range.to, round],
    queryFn: ({ signal }) => loadMetrics({ query, ...range, exemplars: MAX_EXAMPLES }, signal),
    enabled: shown.length > 0 && !isAlong && complete && elapsedMs <= MAX_MEASURED_MS,
    retry: false,
    staleTime: 60_000,
  });
  const measured = isAlong ? answer?.series : asked.data?.series;
  return useMemo(
    () => (answer === undefined || measured === undefined ? [] : placeExamples(answer, shown, measured)),
    [answer, shown, measured],
  );
}
