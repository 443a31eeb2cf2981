import type { LatencyBucket } from '@clew/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatShare } from '../overview/format-rate.ts';
import { spansQuery } from './explore-queries.ts';
import { durationText } from './service-row.tsx';
import type { ServiceViewProps } from './service-view-props.ts';
import type { RangeSearch } from './services-search.ts';

const words = text.services;
const HEIGHT_PX = 150;
const MIN_BAR_PX = 2;

/** How the durations are spread, on a log scale, errors apart; each bar, and each row of the table, leads to traces. */
export function LatencyChart({ answer, service, time }: ServiceViewProps) {
  const { latency } = answer;
  const most = latency.reduce((top, { spans }) => Math.max(top, spans), 0);
  const total = latency.reduce((sum, { spans }) => sum + spans, 0);
  const navigate = useNavigate();
  const queryOf = ({ fromNano, toNano }: LatencyBucket): string =>
    spansQuery({ service: service.name, counted: service.counted, longerThan: fromNano, upTo: toNano });
  const click = (event: MouseEvent): void => {
    const slot = event.target instanceof Element ? event.target.closest('[data-bucket]') : null;
    const bucket = latency[Number(slot?.getAttribute('data-bucket') ?? -1)];
    if (bucket !== undefined && bucket.spans > 0) {
      void navigate({ to: '/explore', search: { q: queryOf(bucket), ...time } });
    }
  };
  const heightOf = (count: number): number =>
    count === 0 ? 0 : Math.max(MIN_BAR_PX, Math.round((HEIGHT_PX * count) / most));
  const label = (from: number, to: number, spans: number, errors: number): string =>
    words.service.latencyBar(
      formatDuration(from),
      formatDuration(to),
      words.service.spans(spans),
      errors === 0 ? '' : formatCount(Math.round(errors)),
    );
  return (
    <section className="service-part">
      <header className="service-part-head">
        <h2>{words.service.latency}</h2>
        <span>{words.service.spans(total)}</span>
      </header>
      {latency.length === 0 ? (
        <p className="services-note">{words.service.noLatency}</p>
      ) : (
        <>
          <div className="latency" aria-hidden="true" onClick={click}>
            {latency.map(({ fromNano, toNano, spans, errors }, at) => (
              <div
                key={fromNano}
                className={`latency-slot${spans > 0 ? ' is-filled' : ''}`}
                data-bucket={at}
                title={spans > 0 ? label(fromNano, toNano, spans, errors) : undefined}
              >
                <div className="latency-bar" style={{ height: heightOf(spans) }}>
                  {errors > 0 && <i style={{ height: heightOf(errors) }} />}
                </div>
              </div>
            ))}
          </div>
          <div className="latency-axis" aria-hidden="true">
            {axisMarks(latency[0].fromNano, latency[latency.length - 1].toNano).map(({ nanos, at }) => (
              <span key={nanos} style={{ left: `${at * 100}%` }}>
                {formatDuration(nanos)}
              </span>
            ))}
          </div>
          <LatencyMarks service={service} />
          <LatencyTable latency={latency} queryOf={queryOf} time={time} />
        </>
      )}
    </section>
  );
}

/** The same as the bars. */
function LatencyTable(props: {
  readonly latency: readonly LatencyBucket[];
  readonly queryOf: (bucket: LatencyBucket) => string;
  readonly time: RangeSearch;
}) {
  const { latency, queryOf, time } = props;
  return (
    <details className="service-twin">
      <summary>{words.service.asTable}</summary>
      <table className="figures-table">
        <thead>
          <tr>
            <th>{words.service.duration}</th>
            <th className="is-number">{words.service.errorColumns.count}</th>
            <th className="is-number">{words.service.share}</th>
          </tr>
        </thead>
        <tbody>
          {latency
            .filter(({ spans }) => spans > 0)
            .map((bucket) => (
              <tr key={bucket.fromNano}>
                <th scope="row">
                  <Link to="/explore" search={{ q: queryOf(bucket), ...time }} preload={false}>
                    {formatDuration(bucket.fromNano)} – {formatDuration(bucket.toNano)}
                  </Link>
                </th>
                <td className="is-number">{formatCount(Math.round(bucket.spans))}</td>
                <td className="is-number">{formatShare(bucket.errors, bucket.spans)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}

function LatencyMarks({ service: { now } }: Pick<ServiceViewProps, 'service'>) {
  return (
    <p className="services-note">
      {`${words.columns.p50} ${durationText(now?.p50Nano)} · ${words.columns.p95} ${durationText(now?.p95Nano)} · ${words.columns.p99} ${durationText(now?.p99Nano)}`}
    </p>
  );
}

/** Powers of ten between two durations, as a part of the log axis; of many every second or third one. */
function axisMarks(from: number, to: number): readonly { readonly nanos: number; readonly at: number }[] {
  const [low, high] = [Math.log10(Math.max(1, from)), Math.log10(Math.max(2, to))];
  const first = Math.ceil(low - 1e-9);
  const count = Math.floor(high + 1e-9) - first + 1;
  const every = Math.ceil(count / 6);
  const powers = Array.from({ length: Math.max(0, count) }, (_, i) => first + i).filter((_, i) => i % every === 0);
  return powers.map((power) => ({ nanos: 10 ** power, at: (power - low) / Math.max(1e-9, high - low) }));
}
