import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { timeTicks, valueTicks } from './chart-axis.ts';
import { bucketEndMs } from './series-figures.ts';

/** Pixels around the plot, for the axes. */
export const CHART_MARGIN = { left: 64, right: 12, top: 10, bottom: 24 } as const;
/** Pixels between labels of the time axis. */
const TICK_PX = 110;

export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly values: readonly number[];
  readonly times: readonly number[];
  xOfBucket(at: number): number;
  xOfTime(unixMs: number): number;
  yOfValue(value: number): number;
  /** The bucket nearest to a place. */
  bucketAt(x: number): number;
}

export function layoutChart(
  answer: MetricsAnswer,
  series: readonly FoundSeries[],
  width: number,
  height: number,
): ChartLayout {
  const count = Math.max(1, answer.pointCount);
  const fromMs = bucketEndMs(answer, 0);
  const toMs = bucketEndMs(answer, count - 1);
  let low = 0;
  let high = 0;
  for (const { values } of series) {
    for (const value of values) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const values = valueTicks(low, high);
  const bottom = values[0];
  const top = values[values.length - 1];
  const plotWidth = Math.max(1, width - CHART_MARGIN.left - CHART_MARGIN.right);
  const plotHeight = Math.max(1, height - CHART_MARGIN.top - CHART_MARGIN.bottom);
  const gap = plotWidth / Math.max(1, count - 1);
  const xOfBucket = (at: number): number => CHART_MARGIN.left + (count === 1 ? plotWidth / 2 : at * gap);
  return {
    width,
    height,
    fromMs,
    toMs,
    values,
    times: timeTicks(fromMs, toMs, Math.max(2, Math.floor(plotWidth / TICK_PX))),
    xOfBucket,
    xOfTime: (unixMs) => CHART_MARGIN.left + (plotWidth * (unixMs - fromMs)) / Math.max(1, toMs - fromMs),
    yOfValue: (value) => CHART_MARGIN.top + plotHeight * (1 - (value - bottom) / (top - bottom)),
    bucketAt: (x) => Math.min(count - 1, Math.max(0, Math.round((x - CHART_MARGIN.left) / gap))),
  };
}

/** The line of a series: interrupted where it has no value; a value alone is a short dash. */
export function linePath({ values }: FoundSeries, layout: ChartLayout): string {
  let path = '';
  let isDrawing = false;
  values.forEach((value, at) => {
    if (value === null) {
      isDrawing = false;
      return;
    }
    const x = layout.xOfBucket(at).toFixed(1);
    const y = layout.yOfValue(value).toFixed(1);
    path += isDrawing ? `L${x} ${y}` : `M${x} ${y}`;
    const isAlone = !isDrawing && (values[at + 1] ?? null) === null;
    if (isAlone) path += 'h3';
    isDrawing = true;
  });
  return path;
}
