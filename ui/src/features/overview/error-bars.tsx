import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatSpell } from './describe-cells.ts';
import { type ErrorStack, stackClass, stackLabel, stackPaths } from './error-stacks.ts';
import { RedChart } from './red-chart.tsx';
import type { TimeCursor } from './time-cursor.ts';

const WIDTH = 1000;
const HEIGHT = 150;
const words = text.overview.errorPanel;

/** Errors over time, the groups on top of each other. */
export function ErrorBars(props: {
  readonly stacks: readonly ErrorStack[];
  readonly grid: { readonly startMs: number; readonly stepMs: number; readonly columns: number };
  readonly cursor: TimeCursor;
  readonly onTime: (fromMs: number, toMs: number) => void;
}) {
  const { stacks, grid } = props;
  const paths = useMemo(() => stackPaths(stacks, WIDTH, HEIGHT), [stacks]);
  const figures = (column: number | undefined): string => {
    const total = stacks.reduce((sum, one) => sum + (column === undefined ? one.total : one.values[column]), 0);
    const most = column === undefined ? undefined : largestAt(stacks, column);
    return `${text.overview.errorCount(total)}${most === undefined ? '' : ` · ${words.mostly(stackLabel(most), most.values[column ?? 0])}`}`;
  };
  return (
    <RedChart
      title={text.overview.errors}
      label={text.overview.strip.errors}
      grid={grid}
      height={HEIGHT}
      figures={figures}
      time={(column) => {
        const begin = grid.startMs + column * grid.stepMs;
        return formatSpell(begin, begin + grid.stepMs);
      }}
      peak={formatCount(Math.round(peakOf(stacks)))}
      cursor={props.cursor}
      onZoom={props.onTime}
    >
      {paths.map((path, at) => (
        <path key={at} d={path} className={`errors-bars ${stackClass(stacks[at], at)}`} />
      ))}
    </RedChart>
  );
}

function peakOf(stacks: readonly ErrorStack[]): number {
  const sums = stacks[0].values.map((_, column) => stacks.reduce((sum, { values }) => sum + values[column], 0));
  return sums.reduce((a, b) => Math.max(a, b), 0);
}

function largestAt(stacks: readonly ErrorStack[], column: number): ErrorStack | undefined {
  const largest = stacks.reduce((a, b) => (b.values[column] > a.values[column] ? b : a));
  return largest.values[column] > 0 ? largest : undefined;
}
