import { CHART_MARGIN, type ChartLayout } from './chart-layout.ts';

/** An instant with a name, such as a deployment. */
export interface SeriesMarker {
  readonly unixMs: number;
  readonly label: string;
}

/** Pixels; names nearer to the right border are written to the left of their line. */
const LABEL_PX = 120;

/** What happened when, across the lines of a chart; those outside of its time are left out. */
export function SeriesMarkers(props: { readonly markers: readonly SeriesMarker[]; readonly layout: ChartLayout }) {
  const { layout } = props;
  const shown = props.markers.filter(({ unixMs }) => unixMs >= layout.fromMs && unixMs <= layout.toMs);
  return (
    <g>
      {shown.map(({ unixMs, label }, at) => {
        const x = layout.xOfTime(unixMs);
        const isNearEnd = x + LABEL_PX > layout.width;
        return (
          <g key={`${unixMs} ${label}`} className="series-marker">
            <title>{label}</title>
            <line x1={x} x2={x} y1={CHART_MARGIN.top} y2={layout.height - CHART_MARGIN.bottom} />
            <text
              x={isNearEnd ? x - 4 : x + 4}
              y={CHART_MARGIN.top + 10 + (at % 3) * 14}
              textAnchor={isNearEnd ? 'end' : 'start'}
            >
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}
