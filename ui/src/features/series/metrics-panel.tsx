import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { MetricUnit } from '../search/query-kind.ts';
import { ScanLine } from '../search/scan-line.tsx';
import { SeriesChart } from './series-chart.tsx';
import { SeriesExampleList } from './series-example-list.tsx';
import { shownSeries, wholeBuckets } from './series-figures.ts';
import { SeriesTable } from './series-table.tsx';
import { useExamples } from './use-examples.ts';
import './series.css';

/** The series of a metrics query: chart, figures, and what they rest on. */
export function MetricsPanel(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly unit: MetricUnit;
  /** Changes when the query is to be asked again. */
  readonly round: number;
}) {
  const { query, range, unit, round } = props;
  const [chosen, setChosen] = useState(-1);
  const nowMs = useNow(60_000);
  const metrics = useQuery({
    queryKey: ['metrics', query, range.from, range.to, round],
    queryFn: ({ signal }) => loadMetrics({ query, ...range }, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const { data, error, isFetching, isPlaceholderData } = metrics;
  const series = useMemo(() => shownSeries(data?.series ?? []), [data]);
  const examples = useExamples(props, isPlaceholderData ? undefined : data, series);
  const hidden = (data?.series.length ?? 0) - series.length;
  return (
    <>
      {isFetching && <div className="progress" />}
      {error !== null && <ProblemMessage error={error} onRetry={() => void metrics.refetch()} />}
      {data !== undefined && (
        <section aria-label={text.series.label} {...staleProps(isPlaceholderData, 'series')}>
          <header className="series-head">
            <h2>{text.series.title}</h2>
            <span>{text.series.buckets(data.pointCount, formatDuration(Number(data.stepNano)))}</span>
          </header>
          {series.length === 0 ? (
            <p className="series-empty">{text.series.empty}</p>
          ) : (
            <>
              <SeriesChart
                answer={data}
                series={series}
                unit={unit}
                chosen={chosen}
                examples={examples}
                nowMs={nowMs}
              />
              {examples.length > 0 && <SeriesExampleList examples={examples} series={series} unit={unit} />}
              {hidden > 0 && <p className="series-note">{text.series.hidden(series.length, hidden)}</p>}
              <SeriesTable series={series} unit={unit} whole={wholeBuckets(data)} onChosen={setChosen} />
            </>
          )}
          {(data.notes ?? []).map((note) => (
            <p key={note} className="series-note">
              {note}
            </p>
          ))}
          {data.statistics.sampling !== undefined && data.statistics.sampling.sampled > 0 && (
            <p className="series-note">{text.series.sampled(data.statistics.sampling)}</p>
          )}
        </section>
      )}
      {data !== undefined && <ScanLine statistics={data.statistics} />}
    </>
  );
}
