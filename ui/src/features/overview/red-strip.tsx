import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatSpell } from './describe-cells.ts';
import { formatRate, formatShare } from './format-rate.ts';
import type { Overview } from './overview-model.ts';
import { RED_HEIGHT, RedChart } from './red-chart.tsx';
import { barsPath, linePath } from './red-paths.ts';
import type { TimeCursor } from './time-cursor.ts';

const WIDTH = 1000;

/** Rate, errors and duration of what the query finds: small charts with one cursor. A dragged time is zoomed into. */
export function RedStrip(props: {
  readonly overview: Overview;
  readonly cursor: TimeCursor;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}) {
  const { overview } = props;
  const { columns, columnSpans, columnErrors, startMs, stepMs, wholeColumns } = overview;
  const grid = useMemo(() => ({ startMs, stepMs, columns }), [startMs, stepMs, columns]);
  const most = columnSpans.reduce((a, b) => Math.max(a, b), 0);
  const mostErrors = columnErrors.reduce((a, b) => Math.max(a, b), 0);
  const bars = useMemo(() => barsPath(columnSpans, most, WIDTH, RED_HEIGHT), [columnSpans, most]);
  const errors = useMemo(() => barsPath(columnErrors, mostErrors, WIDTH, RED_HEIGHT), [columnErrors, mostErrors]);
  const lines = useMemo(() => durationLines(overview), [overview]);
  const seconds = stepMs / 1000;
  const time = (column: number): string => {
    const begin = startMs + column * stepMs;
    const spell = formatSpell(begin, begin + stepMs);
    return column < wholeColumns ? spell : `${spell}, ${text.overview.filling}`;
  };
  // Of columns that have all their spans: the last one would make the rate look lower than it is.
  const allSeconds = seconds * Math.max(1, wholeColumns);
  const wholeSpans = columnSpans.slice(0, Math.max(1, wholeColumns)).reduce((a, b) => a + b, 0);
  const rateOf = (column: number | undefined): string =>
    column === undefined
      ? `${formatRate(wholeSpans / allSeconds)} · ${text.overview.spans(overview.total)}`
      : `${formatRate(columnSpans[column] / seconds)} · ${text.overview.spans(columnSpans[column])}`;
  const errorsOf = (column: number | undefined): string => {
    const [failed, all] =
      column === undefined ? [overview.totalErrors, overview.total] : [columnErrors[column], columnSpans[column]];
    return `${formatShare(failed, all)} · ${text.overview.errorCount(failed)}`;
  };
  const durationsOf = (column: number | undefined): string =>
    text.overview.quantile
      .map((name, at) => {
        const nanos = column === undefined ? overview.totalQuantiles[at] : overview.quantiles[at][column];
        return `${name} ${Number.isNaN(nanos) ? text.overview.none : formatDuration(nanos)}`;
      })
      .join('  ');
  const common = { grid, time, cursor: props.cursor, onZoom: props.onZoom };
  const { strip } = text.overview;
  return (
    <div className="red-strip">
      <RedChart
        {...common}
        title={text.overview.rate}
        label={strip.rate}
        figures={rateOf}
        top={most === 0 ? '' : formatRate(most / seconds)}
      >
        <path d={bars} className="red-bars" />
      </RedChart>
      <RedChart
        {...common}
        title={text.overview.errors}
        label={strip.errors}
        figures={errorsOf}
        top={mostErrors === 0 ? '' : formatRate(mostErrors / seconds)}
      >
        <path d={errors} className="red-bars is-error" />
      </RedChart>
      <RedChart {...common} title={text.overview.duration} label={strip.duration} figures={durationsOf} top={lines.top}>
        {lines.paths.map((path, at) => (
          <path key={text.overview.quantile[at]} d={path} className={`red-line is-quantile-${at}`} />
        ))}
      </RedChart>
    </div>
  );
}

/** On a log scale: p50 and p99 are often a hundredfold apart. */
function durationLines({ quantiles }: Overview): { readonly paths: readonly string[]; readonly top: string } {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const values of quantiles) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (high === 0) return { paths: [], top: '' };
  const [bottom, top] = [Math.log(low / 1.3), Math.log(high * 1.3)];
  const yOf = (value: number): number => RED_HEIGHT * (1 - (Math.log(value) - bottom) / (top - bottom));
  return { paths: quantiles.map((values) => linePath(values, yOf, WIDTH)), top: formatDuration(high) };
}
