import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatClock, formatInstant, formatShortInstant } from '../../text/format-time.ts';
import type { MetricUnit } from '../search/query-kind.ts';
import { CHART_MARGIN, type ChartLayout, layoutChart, linePath } from './chart-layout.ts';
import { formatMetric } from './format-metric.ts';
import { SeriesExamplePoints } from './series-example-points.tsx';
import type { SeriesExample } from './series-examples.ts';
import { bucketEndMs } from './series-figures.ts';
import { seriesLabel } from './series-label.ts';
import { seriesClass } from './series-mark.tsx';
import { type SeriesMarker, SeriesMarkers } from './series-markers.tsx';

/** Pixels, where none is asked for. */
const HEIGHT = 260;
/** Lines of the tip: the largest values of the bucket. */
const TIP_LINES = 8;
const TIP_WIDTH = 240;

/** Lines over time. The pointer or the arrow keys read the values of a bucket; the table below has the same series. */
export function SeriesChart(props: {
  readonly answer: MetricsAnswer;
  readonly series: readonly FoundSeries[];
  readonly unit: MetricUnit;
  /** The series that stands out, or -1. */
  readonly chosen: number;
  readonly examples: readonly SeriesExample[];
  readonly nowMs: number;
  /** Pixels. */
  readonly height?: number;
  /** Instants with a name: what happened then. */
  readonly markers?: readonly SeriesMarker[];
}) {
  const { answer, series, unit, height = HEIGHT } = props;
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const [bucket, setBucket] = useState<number>();
  const layout = useMemo(() => layoutChart(answer, series, width, height), [answer, series, width, height]);
  const paths = useMemo(() => series.map((one) => linePath(one, layout)), [series, layout]);
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    setBucket(layout.bucketAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  const press = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
    const last = answer.pointCount - 1;
    if (event.key === 'Escape' && bucket !== undefined) setBucket(undefined);
    else if (event.key === 'Home') setBucket(0);
    else if (event.key === 'End') setBucket(last);
    else if (event.key in steps) setBucket((now) => Math.min(last, Math.max(0, (now ?? last + 1) + steps[event.key])));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const at = bucket === undefined || bucket >= answer.pointCount ? undefined : bucket;
  return (
    <div ref={host} className="series-host">
      <svg
        className="series-chart"
        role="img"
        aria-label={text.series.chartLabel(series.length)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys read values, as the pointer does.
        tabIndex={0}
        width={width}
        height={height}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setBucket(undefined)}
        onBlur={() => setBucket(undefined)}
        onKeyDown={press}
      >
        <Axes layout={layout} unit={unit} nowMs={props.nowMs} />
        {props.markers !== undefined && <SeriesMarkers markers={props.markers} layout={layout} />}
        {paths.map((path, index) => (
          <path key={index} d={path} className={`series-line ${seriesClass(index)}${lineState(index, props.chosen)}`} />
        ))}
        {at !== undefined && <Crosshair layout={layout} series={series} at={at} />}
      </svg>
      <SeriesExamplePoints examples={props.examples} series={series} layout={layout} />
      {at !== undefined && (
        <Tip layout={layout} series={series} at={at} unit={unit} time={formatInstant(bucketEndMs(answer, at))} />
      )}
    </div>
  );
}

/** Half of the room that the words of an instant take. */
const HALF_TICK_PX = 20;

function lineState(index: number, chosen: number): string {
  if (chosen < 0) return '';
  return index === chosen ? ' is-chosen' : ' is-dim';
}

function Axes(props: { readonly layout: ChartLayout; readonly unit: MetricUnit; readonly nowMs: number }) {
  const { layout, unit } = props;
  const isShort = layout.toMs - layout.fromMs < 180_000;
  const right = layout.width - CHART_MARGIN.right;
  const bottom = layout.height - CHART_MARGIN.bottom;
  return (
    <g>
      {layout.values.map((value) => (
        <g key={value}>
          <line
            className="series-grid"
            x1={CHART_MARGIN.left}
            x2={right}
            y1={layout.yOfValue(value)}
            y2={layout.yOfValue(value)}
          />
          <text className="series-tick" x={CHART_MARGIN.left - 8} y={layout.yOfValue(value) + 4} textAnchor="end">
            {formatMetric(value, unit)}
          </text>
        </g>
      ))}
      {layout.times.map((time) => (
        <g key={time}>
          <line
            className="series-grid"
            x1={layout.xOfTime(time)}
            x2={layout.xOfTime(time)}
            y1={CHART_MARGIN.top}
            y2={bottom}
          />
          <text
            className="series-tick"
            x={layout.xOfTime(time)}
            y={bottom + 16}
            textAnchor={layout.xOfTime(time) + HALF_TICK_PX > layout.width ? 'end' : 'middle'}
          >
            {isShort ? formatClock(time).slice(0, 8) : formatShortInstant(time, props.nowMs)}
          </text>
        </g>
      ))}
    </g>
  );
}

function Crosshair(props: {
  readonly layout: ChartLayout;
  readonly series: readonly FoundSeries[];
  readonly at: number;
}) {
  const { layout, at } = props;
  const x = layout.xOfBucket(at);
  return (
    <g>
      <line className="series-cross" x1={x} x2={x} y1={CHART_MARGIN.top} y2={layout.height - CHART_MARGIN.bottom} />
      {props.series.map((one, index) => {
        const value = one.values[at] ?? null;
        if (value === null) return undefined;
        return (
          <circle
            key={index}
            className={`series-point ${seriesClass(index)}`}
            cx={x}
            cy={layout.yOfValue(value)}
            r={3}
          />
        );
      })}
    </g>
  );
}

function Tip(props: {
  readonly layout: ChartLayout;
  readonly series: readonly FoundSeries[];
  readonly at: number;
  readonly unit: MetricUnit;
  readonly time: string;
}) {
  const { layout, at } = props;
  const x = layout.xOfBucket(at);
  const left = x + TIP_WIDTH + 16 > layout.width ? Math.max(0, x - TIP_WIDTH - 10) : x + 10;
  const rows = props.series
    .map((one, index) => ({ label: seriesLabel(one), value: one.values[at] ?? null, index }))
    .filter((row) => row.value !== null)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return (
    <div className="series-tip" role="status" style={{ left, width: TIP_WIDTH }}>
      <strong>{props.time}</strong>
      {rows.slice(0, TIP_LINES).map((row) => (
        <span key={row.index} className="series-tip-row">
          <i className={`series-mark ${seriesClass(row.index)}`} />
          <span>{row.label}</span>
          <b>{formatMetric(row.value, props.unit)}</b>
        </span>
      ))}
      {rows.length === 0 && <span>{text.series.noValue}</span>}
      {rows.length > TIP_LINES && <span>{text.series.moreLines(rows.length - TIP_LINES)}</span>}
    </div>
  );
}

/** Width of an element, pixels; 800 before it is laid out. */
function useWidth(host: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.floor(entry.contentRect.width))));
    observer.observe(element);
    return () => observer.disconnect();
  }, [host]);
  return width;
}
