import { describe, expect, it } from 'vitest';
import { clampWindow, isWhole, logTicks, niceStep, panWindow, timeTicks, zoomWindow } from './time-scale.ts';

describe('ticks', () => {
  it('stand at round instants inside the window', () => {
    expect(timeTicks({ from: 0, to: 100 }, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(timeTicks({ from: 33, to: 47 }, 3)).toEqual([35, 40, 45]);
  });

  it('keep to 1, 2 and 5 at every magnitude', () => {
    for (const span of [7, 1e3, 3.3e6, 9.99e9, 8.64e13]) {
      const step = niceStep(span, 8);
      const digit = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
      expect([1, 2, 5]).toContain(Math.round(digit));
      expect(timeTicks({ from: 0, to: span }, 8).length).toBeLessThanOrEqual(10);
    }
  });

  it('are powers of ten on a log scale, with more between when there is room', () => {
    expect(logTicks(1e6, 1e9, 4)).toEqual([1e6, 1e7, 1e8, 1e9]);
    expect(logTicks(1, 10, 10)).toEqual([1, 2, 5, 10]);
    expect(logTicks(1, 1e12, 3).length).toBeLessThanOrEqual(4);
  });
});

describe('a time window', () => {
  it('stays inside the trace', () => {
    expect(clampWindow({ from: -50, to: 50 }, 1000)).toEqual({ from: 0, to: 100 });
    expect(clampWindow({ from: 950, to: 1050 }, 1000)).toEqual({ from: 900, to: 1000 });
    expect(clampWindow({ from: 0, to: 5000 }, 1000)).toEqual({ from: 0, to: 1000 });
  });

  it('never becomes empty, not even for a trace without duration', () => {
    const window = clampWindow({ from: 0, to: 0 }, 0);
    expect(window.to).toBeGreaterThan(window.from);
    expect(isWhole(window, 0)).toBe(true);
  });

  it('keeps the pivot where it is when zoomed', () => {
    const zoomed = zoomWindow({ from: 0, to: 1000 }, 0.5, 250, 1000);
    expect(zoomed).toEqual({ from: 125, to: 625 });
    expect((250 - zoomed.from) / (zoomed.to - zoomed.from)).toBe(0.25);
  });

  it('is panned by parts of itself and stops at the ends', () => {
    expect(panWindow({ from: 100, to: 200 }, 0.5, 1000)).toEqual({ from: 150, to: 250 });
    expect(panWindow({ from: 0, to: 200 }, -0.5, 1000)).toEqual({ from: 0, to: 200 });
  });
});
