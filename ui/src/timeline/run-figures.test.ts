import { describe, expect, it } from 'vitest';
import { buildTestTrace, type TestSpan } from './build-test-trace.ts';
import { HISTOGRAM_BARS, runFigures } from './run-figures.ts';
import { buildTraceModel } from './trace-model.ts';

/** A root over calls with these durations, one after the other. */
function loopOf(durations: readonly number[], failed: readonly number[] = []): readonly TestSpan[] {
  let start = 0;
  const calls = durations.map((duration, at) => {
    const call = { parent: 0, start, duration, name: 'call', error: failed.includes(at) };
    start += duration + 1;
    return call;
  });
  return [{ parent: -1, start: 0, duration: start, name: 'all' }, ...calls];
}

function figuresOf(spans: readonly TestSpan[], run = 0) {
  const { columns, subtreeEnd, runs } = buildTraceModel(buildTestTrace(spans));
  return runFigures(columns, subtreeEnd, runs, run);
}

describe('runs of siblings', () => {
  const runsOf = (spans: readonly TestSpan[]): string[] => {
    const { runs } = buildTraceModel(buildTestTrace(spans));
    return Array.from({ length: runs.count }, (_, run) => `${runs.first[run]}×${runs.size[run]}-${runs.end[run]}`);
  };

  it('end where service, name or parent change, and pass over what lies below the siblings', () => {
    const nested: TestSpan[] = [{ parent: -1, start: 0, duration: 100 }];
    for (let at = 0; at < 5; at++) {
      const parent = nested.push({ parent: 0, start: at, duration: 10, name: 'item' }) - 1;
      for (let below = 0; below < 6; below++) nested.push({ parent, start: at, duration: 1, name: 'read' });
    }
    nested.push({ parent: 0, start: 50, duration: 1, name: 'item', service: 'other' });
    expect(runsOf(nested)).toEqual(['1×5-36', '2×6-8', '9×6-15', '16×6-22', '23×6-29', '30×6-36']);
  });

  it('are none among four, nor among roots', () => {
    expect(runsOf(loopOf([1, 1, 1, 1]))).toEqual([]);
    expect(runsOf(Array.from({ length: 9 }, (_, row) => ({ parent: -1, start: row, duration: 1 })))).toEqual([]);
  });

  it('are found among spans of one missing parent', () => {
    const orphans = Array.from({ length: 6 }, (_, row) => ({ parent: -1, start: row, duration: 1 }));
    const missing = { spanId: Int32Array.of(1, 2), first: Int32Array.of(0), end: Int32Array.of(6) };
    const { runs } = buildTraceModel({ ...buildTestTrace(orphans), missing });
    expect([...runs.size]).toEqual([6]);
    expect([...runs.runOf]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('the figures of a run', () => {
  it('are count, sum, median, longest, failures and bounds', () => {
    expect(figuresOf(loopOf([5, 1, 9, 3, 7], [1, 4]))).toMatchObject({
      ...{ count: 5, errors: 2, total: 25, p50: 5, max: 9, from: 0, to: 29 },
    });
  });

  it('have the median that sorting gives, whatever the order (seed 7)', () => {
    let state = 7;
    for (const length of [5, 6, 50, 501]) {
      const durations = Array.from({ length }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return state % 40;
      });
      const sorted = durations.toSorted((a, b) => a - b);
      expect(figuresOf(loopOf(durations)).p50).toBe(sorted[Math.ceil(length / 2) - 1]);
    }
  });

  it('count every sibling in the histogram, from the shortest to the longest', () => {
    const { histogram } = figuresOf(loopOf([1, 1, 1, 10, 100, 1000]));
    expect(histogram).toHaveLength(HISTOGRAM_BARS);
    expect(histogram.reduce((sum, bar) => sum + bar, 0)).toBe(6);
    expect(histogram[0]).toBe(3);
    expect(histogram[HISTOGRAM_BARS - 1]).toBe(1);
    expect(figuresOf(loopOf([4, 4, 4, 4, 4])).histogram[0]).toBe(5);
  });
});
