import type { FoundTrace } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import {
  clockTicks,
  layoutScatter,
  pointAt,
  SCATTER_MARGIN,
  scatterRange,
  timeOfX,
  xOfTime,
} from './scatter-layout.ts';

const RANGE = { fromMs: 1_800_000_000_000, toMs: 1_800_000_600_000 };

function trace(id: string, offsetMs: number, durationNano: number, errorCount = 0): FoundTrace {
  return {
    traceId: id,
    rootService: 'shop',
    rootName: 'buy',
    startTimeUnixNano: String(BigInt(RANGE.fromMs + offsetMs) * 1_000_000n),
    durationNano: String(durationNano),
    spanCount: 10,
    errorCount,
    services: [],
    matchedCount: 1,
    matched: [],
    spansets: [],
  };
}

describe('the scatter', () => {
  const traces = [trace('a', 0, 1e6), trace('b', 300_000, 1e8, 2), trace('c', 600_000, 1e9)];
  const layout = layoutScatter(traces, RANGE, 800, 200);

  it('places time to the right and duration up, on a log scale', () => {
    const [a, b, c] = layout.points;
    expect(a.x).toBe(SCATTER_MARGIN.left);
    expect(c.x).toBe(800 - SCATTER_MARGIN.right);
    expect(b.x).toBeCloseTo((a.x + c.x) / 2);
    expect((a.y - b.y) / (b.y - c.y)).toBeCloseTo(2);
    expect([a.failed, b.failed]).toEqual([false, true]);
  });

  it('finds the nearest point within reach, and none beyond', () => {
    const [, b] = layout.points;
    expect(pointAt(layout, b.x + 5, b.y - 5, 8)?.trace.traceId).toBe('b');
    expect(pointAt(layout, b.x + 60, b.y, 8)).toBeUndefined();
  });

  it('turns a place back into a time', () => {
    expect(timeOfX(layout, xOfTime(layout, RANGE.fromMs + 123_000))).toBeCloseTo(RANGE.fromMs + 123_000);
    expect(timeOfX(layout, -100)).toBe(RANGE.fromMs);
  });

  it('stands durations of zero on its lowest line', () => {
    const { points } = layoutScatter([trace('z', 0, 0)], RANGE, 800, 200);
    expect(points[0].y).toBe(200 - SCATTER_MARGIN.bottom);
  });

  it('spans only what is loaded while older traces exist', () => {
    const newest = [trace('b', 300_000, 1e8)];
    expect(scatterRange(newest, RANGE, false)).toEqual(RANGE);
    expect(scatterRange(newest, RANGE, true).fromMs).toBe(RANGE.fromMs + 294_000);
  });

  it('has ticks at round times', () => {
    const { ticks, stepMs } = clockTicks(RANGE, 6);
    expect(stepMs).toBe(120_000);
    expect(ticks.length).toBeLessThanOrEqual(6);
    for (const tick of ticks) expect(new Date(tick).getSeconds()).toBe(0);
  });
});
