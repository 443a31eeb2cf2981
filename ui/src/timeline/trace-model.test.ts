import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { buildCriticalSections, criticalTimeOf } from './critical-path.ts';
import { computeDensity, widenDensity } from './minimap-density.ts';
import { buildTraceModel } from './trace-model.ts';

describe('a trace model', () => {
  const trace = buildTraceModel(buildTestTrace(FAMILY));

  it('knows depth, children and subtree of every row', () => {
    expect([...trace.depth]).toEqual([0, 1, 2, 2, 1, 2, 3, 1]);
    expect([...trace.childCount]).toEqual([3, 2, 0, 0, 1, 1, 0, 0]);
    expect(trace.subtreeEnd[4]).toBe(7);
    expect(trace.maxDepth).toBe(3);
  });

  it('lists the rows with errors in order', () => {
    expect([...trace.errorRows]).toEqual([2, 6]);
  });

  it('takes the time of children from the self time', () => {
    expect(trace.selfTime[0]).toBe(100 - 40 - 50 - 5);
    expect(trace.selfTime[1]).toBe(20);
  });
});

describe('the critical path by row', () => {
  const sections = buildCriticalSections(buildTestTrace(FAMILY));

  it('is sorted by row and adds up to the duration of the root', () => {
    expect([...sections.row]).toEqual([...sections.row].sort((a, b) => a - b));
    expect(sections.total).toBe(100);
  });

  it('tells the time each row holds itself', () => {
    const times = FAMILY.map((_, row) => criticalTimeOf(sections, row));
    expect(times.reduce((sum, time) => sum + time, 0)).toBe(100);
    expect(times[6]).toBe(10);
  });
});

describe('the density of the minimap', () => {
  it('counts spans in flight per slice and marks slices with errors', () => {
    const trace = buildTraceModel(buildTestTrace(FAMILY));
    const density = computeDensity(trace.columns, trace.errorRows, 10);
    expect(density.concurrent[0]).toBe(3); // root, pay, and the SELECT that starts at 5
    expect(density.concurrent[9]).toBe(3); // root, the end of ship, render
    expect([...density.errors]).toEqual([1, 1, 0, 0, 0, 1, 1, 0, 0, 0]);
  });

  it('keeps the peak and every error when there are fewer pixels than slices, or more', () => {
    const density = { concurrent: Uint32Array.of(1, 4, 2, 0, 3, 1), errors: Uint8Array.of(0, 0, 1, 0, 0, 0) };
    const wide = widenDensity(density, 3);
    expect([...wide.concurrent]).toEqual([4, 2, 3]);
    expect([...wide.errors]).toEqual([0, 1, 0]);
    expect(wide.peak).toBe(4);
    expect([...widenDensity(density, 12).concurrent]).toEqual([1, 1, 4, 4, 2, 2, 0, 0, 3, 3, 1, 1]);
  });

  it('is defined for a trace without any duration', () => {
    const trace = buildTraceModel(buildTestTrace([{ parent: -1, start: 0, duration: 0 }]));
    expect(trace.density.concurrent[0]).toBe(1);
  });
});
