import type { FoundSeries, ServiceFigures, VersionFigures } from '@clew/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { millisOfNanos } from '../../text/format-time.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { MetricUnit } from '../search/query-kind.ts';
import { resolveRange } from '../search/time-range.ts';
import { SeriesChart } from '../series/series-chart.tsx';
import { shownSeries, wholeBuckets } from '../series/series-figures.ts';
import type { SeriesMarker } from '../series/series-markers.tsx';
import { SeriesTable } from '../series/series-table.tsx';
import { chartStepMs, hasErrors, quantileSeries, statusSeries } from './chart-series.ts';
import { metricsQuery } from './explore-queries.ts';
import '../series/series.css';

const words = text.services.service;
const HEIGHT = 180;

/** Rate by status and durations over time, with the deployments of the time. */
export function ServiceCharts(props: {
  readonly service: ServiceFigures;
  readonly range: TimeRange;
  readonly versions: readonly VersionFigures[];
}) {
  const { service, range, versions } = props;
  const markers = useMemo(
    () =>
      versions
        .filter(({ isNew }) => isNew)
        .map(({ version, firstUnixNano }): SeriesMarker => {
          return { unixMs: millisOfNanos(firstUnixNano), label: words.deployed(version) };
        }),
    [versions],
  );
  const queryOf = (metric: string): string => metricsQuery(service.name, service.counted, metric);
  return (
    <div className="service-pair">
      <Chart
        title={words.requestsChart}
        query={queryOf('rate() by(status)')}
        unit="per-second"
        order={statusSeries}
        range={range}
        markers={markers}
      />
      <Chart
        title={words.latencyChart}
        query={queryOf('quantile_over_time(duration, 0.5, 0.95, 0.99)')}
        unit="seconds"
        order={quantileSeries}
        range={range}
        markers={markers}
      />
    </div>
  );
}

function Chart(props: {
  readonly title: string;
  readonly query: string;
  readonly unit: MetricUnit;
  readonly order: (series: readonly FoundSeries[]) => readonly FoundSeries[];
  readonly range: TimeRange;
  readonly markers: readonly SeriesMarker[];
}) {
  const { query, range, unit, order } = props;
  const [chosen, setChosen] = useState(-1);
  const nowMs = useNow(60_000);
  const metrics = useQuery({
    queryKey: ['metrics', query, range.from, range.to, 'service'],
    queryFn: ({ signal }) => loadMetrics({ query, ...range, stepMs: stepOf(range) }, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const { data, error } = metrics;
  const series = useMemo(() => order(shownSeries(data?.series ?? [])), [data, order]);
  return (
    <section className={`service-part service-chart${hasErrors(series) ? ' has-errors' : ''}`}>
      <header className="service-part-head">
        <h2>{props.title}</h2>
        <Link to="/explore" search={{ q: query, ...timeOf(range) }}>
          {text.shell.explore}
        </Link>
      </header>
      {error !== null && <ProblemMessage error={error} onRetry={() => void metrics.refetch()} />}
      {data === undefined ? (
        <div className="service-chart-space" />
      ) : series.length === 0 ? (
        <p className="services-note">{text.series.empty}</p>
      ) : (
        <div {...staleProps(metrics.isPlaceholderData)}>
          <SeriesChart
            answer={data}
            series={series}
            unit={unit}
            chosen={chosen}
            examples={[]}
            nowMs={nowMs}
            height={HEIGHT}
            markers={props.markers}
          />
          <SeriesTable series={series} unit={unit} whole={wholeBuckets(data)} onChosen={setChosen} />
        </div>
      )}
    </section>
  );
}

function stepOf(range: TimeRange): number {
  const { fromMs, toMs } = resolveRange(range, Date.now());
  return chartStepMs(toMs - fromMs);
}

function timeOf({ from, to }: TimeRange): { readonly from?: string; readonly to?: string } {
  return { ...(from === 'now-1h' ? {} : { from }), ...(to === 'now' ? {} : { to }) };
}
