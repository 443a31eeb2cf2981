import { type ReactNode, useEffect, useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import { type ChartGrid, RedChartPointer } from './red-chart-pointer.ts';
import type { TimeCursor } from './time-cursor.ts';

export const RED_HEIGHT = 56;

/** A small chart with its figures above: of all the time, or of the column under the cursor. */
export function RedChart(props: {
  readonly title: string;
  readonly label: string;
  /** Figures: of a column, or of all of them together. */
  readonly figures: (column: number | undefined) => string;
  /** The time of a column. */
  readonly time: (column: number) => string;
  readonly grid: ChartGrid;
  /** The largest value; empty for none. */
  readonly peak: string;
  /** Columns to mark. */
  readonly marks?: readonly { readonly column: number; readonly title: string }[];
  /** Pixels; absent: RED_HEIGHT. */
  readonly height?: number;
  readonly cursor: TimeCursor;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  /** The drawing, `height` high and 1000 wide, stretched to the width there is. */
  readonly children: ReactNode;
}) {
  const { grid, cursor, title, height = RED_HEIGHT } = props;
  const plot = useRef<HTMLDivElement>(null);
  const figures = useRef<HTMLSpanElement>(null);
  const when = useRef<HTMLSpanElement>(null);
  const pointer = useRef<RedChartPointer>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const initialGrid = useRef(grid);
  useEffect(() => {
    const element = plot.current;
    if (element === null) return;
    const built = new RedChartPointer(element, initialGrid.current, cursor, {
      onZoom: (fromMs, toMs) => latest.current.onZoom(fromMs, toMs),
      onColumn: (column) => {
        const now = latest.current;
        const time = column === undefined ? '' : now.time(column);
        const aside = column === undefined ? peakOf(now.peak) : time;
        if (figures.current !== null) figures.current.textContent = now.figures(column);
        if (when.current !== null) when.current.textContent = aside;
        element.setAttribute('aria-valuenow', String(column ?? 0));
        element.setAttribute('aria-valuetext', `${time} ${now.figures(column)}`.trim());
      },
    });
    pointer.current = built;
    return () => built.destroy();
  }, [cursor]);
  useEffect(() => pointer.current?.setGrid(grid), [grid]);
  return (
    <figure className="red-chart">
      <figcaption className="red-head">
        <h3>{title}</h3>
        <span ref={figures} className="red-figures">
          {props.figures(undefined)}
        </span>
        <span ref={when} className="red-when">
          {peakOf(props.peak)}
        </span>
      </figcaption>
      <div
        ref={plot}
        className={height === RED_HEIGHT ? 'red-plot' : 'red-plot is-tall'}
        role="slider"
        aria-label={props.label}
        aria-description={text.overview.strip.hint}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, grid.columns - 1)}
        aria-valuenow={0}
        aria-valuetext={props.figures(undefined)}
        tabIndex={0}
      >
        <svg
          className="red-drawing"
          aria-hidden="true"
          width="100%"
          viewBox={`0 0 1000 ${height}`}
          preserveAspectRatio="none"
        >
          {props.children}
        </svg>
        {(props.marks ?? []).map(({ column, title }) => (
          <i
            key={title}
            className="red-deployment"
            title={title}
            style={{ left: `${(100 * column) / Math.max(1, grid.columns)}%` }}
          />
        ))}
      </div>
    </figure>
  );
}

function peakOf(peak: string): string {
  return peak === '' ? '' : text.overview.peak(peak);
}
