import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { Deployment } from './deployments.ts';
import { formatRate } from './format-rate.ts';
import type { Overview } from './overview-model.ts';
import { RED_HEIGHT, RedChart } from './red-chart.tsx';
import { barsPath, linePath } from './red-paths.ts';
import { stripWords } from './strip-words.ts';
import type { TimeCursor } from './time-cursor.ts';

const WIDTH = 1000;

/** Rate, errors and duration of what the query finds: small charts with one cursor. A dragged time is zoomed into. */
export function RedStrip(props: {
  readonly overview: Overview;
  readonly deployments: readonly Deployment[];
  readonly cursor: TimeCursor;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}) {
  const { overview } = props;
  const { columns, startMs, stepMs } = overview;
  const grid = useMemo(() => ({ startMs, stepMs, columns }), [startMs, stepMs, columns]);
  const words = useMemo(() => stripWords(overview), [overview]);
  const spans = useMemo(() => bars(overview.columnSpans), [overview]);
  const errors = useMemo(() => bars(overview.columnErrors), [overview]);
  const lines = useMemo(() => durationLines(overview), [overview]);
  const marks = props.deployments.map(({ service, version, column }) => ({ column, title: `${service} ${version}` }));
  const peakOf = (most: number): string => (most === 0 ? '' : formatRate(most / (stepMs / 1000)));
  const common = { grid, time: words.time, marks, cursor: props.cursor, onZoom: props.onZoom };
  const { rate, errors: errorsTitle, duration, quantile, strip } = text.overview;
  return (
    <div className="red-strip">
      <RedChart {...common} title={rate} label={strip.rate} figures={words.rate} peak={peakOf(spans.most)}>
        <path d={spans.path} className="red-bars" />
      </RedChart>
      <RedChart {...common} title={errorsTitle} label={strip.errors} figures={words.errors} peak={peakOf(errors.most)}>
        <path d={errors.path} className="red-bars is-error" />
      </RedChart>
      <RedChart {...common} title={duration} label={strip.duration} figures={words.durations} peak={lines.peak}>
        {lines.paths.map((path, at) => (
          <path key={quantile[at]} d={path} className={`red-line is-quantile-${at}`} />
        ))}
      </RedChart>
    </div>
  );
}

function bars(values: Float64Array): { readonly path: string; readonly most: number } {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return { path: barsPath(values, most, WIDTH, RED_HEIGHT), most };
}

/** On a log scale: p50 and p99 are often a hundredfold apart. */
function durationLines({ quantiles }: Overview): { readonly paths: readonly string[]; readonly peak: string } {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const values of quantiles) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (high === 0) return { paths: [], peak: '' };
  const [bottom, top] = [Math.log(low / 1.3), Math.log(high * 1.3)];
  const yOf = (value: number): number => RED_HEIGHT * (1 - (Math.log(value) - bottom) / (top - bottom));
  return { paths: quantiles.map((values) => linePath(values, yOf, WIDTH)), peak: formatDuration(high) };
}
