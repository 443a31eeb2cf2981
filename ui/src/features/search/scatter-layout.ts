import type { FoundTrace } from '@clew/contract';
import { millisOfNanos } from '../../text/format-time.ts';
import { wallTicks } from '../../text/wall-ticks.ts';
import type { ResolvedRange } from './time-range.ts';

/** Pixels around the plot, for the axes. */
export const SCATTER_MARGIN = { left: 58, right: 12, top: 10, bottom: 22 } as const;

export interface ScatterPoint {
  readonly trace: FoundTrace;
  readonly startMs: number;
  readonly durationNano: number;
  /** Pixels. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly failed: boolean;
}

export interface ScatterLayout {
  readonly points: readonly ScatterPoint[];
  readonly width: number;
  readonly height: number;
  readonly range: ResolvedRange;
  /** Nanoseconds at the bottom and the top, log scale; both above zero. */
  readonly low: number;
  readonly high: number;
}

const RADIUS_MIN_PX = 3;
const RADIUS_MAX_PX = 8;
/** Durations of zero have no logarithm: they lie on the lowest line. */
const SHORTEST_NANO = 1;

/** Places traces: time to the right, duration up on a log scale, size by the number of spans. */
export function layoutScatter(
  traces: readonly FoundTrace[],
  range: ResolvedRange,
  width: number,
  height: number,
): ScatterLayout {
  const durations = traces.map((trace) => Math.max(SHORTEST_NANO, Number(trace.durationNano)));
  const low = 10 ** Math.floor(Math.log10(Math.min(...durations, Number.MAX_SAFE_INTEGER)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...durations, low * 2)));
  const layout = { width, height, range, low, high };
  const points = traces.map((trace, index) => {
    const startMs = millisOfNanos(trace.startTimeUnixNano);
    return {
      trace,
      startMs,
      durationNano: durations[index],
      x: xOfTime(layout, startMs),
      y: yOfDuration(layout, durations[index]),
      radius: Math.min(RADIUS_MAX_PX, RADIUS_MIN_PX + Math.log10(Math.max(1, trace.spanCount))),
      failed: trace.errorCount > 0,
    };
  });
  return { ...layout, points };
}

type Frame = Pick<ScatterLayout, 'width' | 'height' | 'range' | 'low' | 'high'>;

export function xOfTime({ width, range }: Pick<Frame, 'width' | 'range'>, unixMs: number): number {
  const plot = width - SCATTER_MARGIN.left - SCATTER_MARGIN.right;
  const part = (unixMs - range.fromMs) / Math.max(1, range.toMs - range.fromMs);
  return SCATTER_MARGIN.left + Math.min(1, Math.max(0, part)) * plot;
}

export function timeOfX({ width, range }: Pick<Frame, 'width' | 'range'>, x: number): number {
  const plot = width - SCATTER_MARGIN.left - SCATTER_MARGIN.right;
  const part = Math.min(1, Math.max(0, (x - SCATTER_MARGIN.left) / Math.max(1, plot)));
  return range.fromMs + part * (range.toMs - range.fromMs);
}

export function yOfDuration({ height, low, high }: Pick<Frame, 'height' | 'low' | 'high'>, nanos: number): number {
  const plot = height - SCATTER_MARGIN.top - SCATTER_MARGIN.bottom;
  const part = Math.log(nanos / low) / Math.log(high / low);
  return height - SCATTER_MARGIN.bottom - part * plot;
}

/** The point nearest to a place on the plot, if one is within reach (pixels beyond its edge). */
export function pointAt(layout: ScatterLayout, x: number, y: number, reach: number): ScatterPoint | undefined {
  let nearest: ScatterPoint | undefined;
  let best = Number.POSITIVE_INFINITY;
  for (const point of layout.points) {
    const distance = Math.hypot(point.x - x, point.y - y) - point.radius;
    if (distance > reach || distance >= best) continue;
    best = distance;
    nearest = point;
  }
  return nearest;
}

/** What the plot's time axis should span: all of the range, or from the oldest trace on while older ones are not loaded. */
export function scatterRange(traces: readonly FoundTrace[], range: ResolvedRange, more: boolean): ResolvedRange {
  if (!more || traces.length === 0) return range;
  let oldest = range.toMs;
  for (const trace of traces) oldest = Math.min(oldest, millisOfNanos(trace.startTimeUnixNano));
  const width = Math.max(1, range.toMs - oldest);
  return { fromMs: Math.max(range.fromMs, oldest - width * 0.02), toMs: range.toMs };
}

const TICK_STEPS_MS = [
  1, 10, 100, 1e3, 2e3, 5e3, 1e4, 1.5e4, 3e4, 6e4, 1.2e5, 3e5, 6e5, 9e5, 1.8e6, 3.6e6, 7.2e6, 1.08e7, 2.16e7, 4.32e7,
  8.64e7, 1.728e8, 6.048e8, 1.2096e9,
];

/** Round instants of the clock of the zone in use, at most `count`. */
export function clockTicks(
  { fromMs, toMs }: ResolvedRange,
  count: number,
): { readonly ticks: number[]; readonly stepMs: number } {
  const wanted = (toMs - fromMs) / Math.max(1, count);
  const stepMs = TICK_STEPS_MS.find((step) => step >= wanted) ?? TICK_STEPS_MS[TICK_STEPS_MS.length - 1];
  return { ticks: wallTicks(fromMs, toMs, stepMs), stepMs };
}
