import { NO_PARENT } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { criticalPath } from './critical-path.ts';
import { selfTimes } from './tree-measures.ts';

/** Rows in pre-order: [parent, start, end]. */
function columns(...rows: readonly (readonly [parent: number, start: number, end: number])[]) {
  return {
    spanCount: rows.length,
    parent: Int32Array.from(rows, (row) => row[0]),
    start: Float64Array.from(rows, (row) => row[1]),
    duration: Float64Array.from(rows, (row) => row[2] - row[1]),
  };
}

/** "row:from-to" oldest first. */
function pathOf(trace: ReturnType<typeof columns>): string {
  const path = criticalPath(trace);
  return Array.from(path.row, (row, index) => `${row}:${path.from[index]}-${path.to[index]}`).join(' ');
}

describe('the critical path', () => {
  it('is the span itself when it has no children', () => {
    expect(pathOf(columns([-1, 0, 10]))).toBe('0:0-10');
  });

  it('goes through children that ran one after the other', () => {
    expect(pathOf(columns([-1, 0, 100], [0, 10, 40], [0, 50, 90]))).toBe('0:0-10 1:10-40 0:40-50 2:50-90 0:90-100');
  });

  it('takes of two parallel children the one that ended last', () => {
    expect(pathOf(columns([-1, 0, 100], [0, 10, 60], [0, 20, 90]))).toBe('0:0-20 2:20-90 0:90-100');
  });

  it('goes down to grandchildren', () => {
    expect(pathOf(columns([-1, 0, 100], [0, 10, 80], [1, 20, 70]))).toBe('0:0-10 1:10-20 2:20-70 1:70-80 0:80-100');
  });

  it('cuts a child that outlives its parent', () => {
    expect(pathOf(columns([-1, 0, 100], [0, 40, 500], [1, 50, 400]))).toBe('0:0-40 1:40-50 2:50-100');
  });

  it('cuts a child that starts before its parent', () => {
    expect(pathOf(columns([-1, 50, 100], [0, 20, 80]))).toBe('1:50-80 0:80-100');
  });

  it('leaves out a child that ran after its parent', () => {
    expect(pathOf(columns([-1, 0, 100], [0, 200, 300]))).toBe('0:0-100');
  });

  it('follows the longest of several roots', () => {
    expect(pathOf(columns([-1, 0, 10], [-1, 5, 50], [1, 5, 30]))).toBe('2:5-30 1:30-50');
  });

  it('is empty without spans and without durations', () => {
    expect(pathOf(columns())).toBe('');
    expect(pathOf(columns([-1, 5, 5]))).toBe('');
  });

  it('goes 100,000 levels deep', () => {
    const depth = 100_000;
    const path = criticalPath(
      columns(...Array.from({ length: depth }, (_, row) => [row - 1, row, 3 * depth - row] as const)),
    );
    expect(path.count).toBe(2 * depth - 1);
  });

  it('always adds up to the duration of the longest root, without gaps', () => {
    const seed = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000);
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >>> 8) % below;
    };
    for (let round = 0; round < 300; round++) {
      const rows = Array.from({ length: 1 + random(20) }, (_, row) => {
        const start = random(50);
        return [row === 0 ? NO_PARENT : random(row + 1) - 1, start, start + random(50)] as const;
      });
      const trace = columns(...rows);
      const path = criticalPath(trace);
      const roots = [...trace.duration].filter((_, row) => trace.parent[row] === NO_PARENT);
      let total = 0;
      for (let i = 0; i < path.count; i++) {
        total += path.to[i] - path.from[i];
        if (i > 0) expect(path.from[i], `seed ${seed}`).toBe(path.to[i - 1]);
      }
      expect(total, `seed ${seed}`).toBe(Math.max(...roots));
    }
  });
});

describe('self time', () => {
  it('is the duration less what children cover, overlaps once, within the parent only', () => {
    const trace = columns([-1, 0, 100], [0, 10, 40], [1, 0, 20], [0, 30, 50], [0, 90, 300]);
    expect([...selfTimes(trace)]).toEqual([100 - 40 - 10, 20, 20, 20, 210]);
  });
});
