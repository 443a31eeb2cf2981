import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { RowModel } from './row-model.ts';
import { buildTraceModel } from './trace-model.ts';

const rowsOf = (rows: RowModel): number[] => [...rows.visible.subarray(0, rows.visibleCount)];
const family = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(FAMILY)));

describe('the visible rows of a trace', () => {
  it('are all rows at first', () => {
    expect(rowsOf(family())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('skip the whole subtree of a folded row and keep the row itself', () => {
    const rows = family();
    rows.setFolded(4, true);
    expect(rowsOf(rows)).toEqual([0, 1, 2, 3, 4, 7]);
    rows.setFolded(4, false);
    expect(rowsOf(rows)).toHaveLength(8);
  });

  it('do not change when a leaf is folded', () => {
    const rows = family();
    rows.setFolded(7, true);
    expect(rows.folded[7]).toBe(0);
  });

  it('remember folds inside a fold', () => {
    const rows = family();
    rows.setFolded(5, true);
    rows.setFolded(4, true);
    rows.setFolded(4, false);
    expect(rowsOf(rows)).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });

  it('show as many levels as asked for', () => {
    const rows = family();
    rows.foldToLevel(2);
    expect(rowsOf(rows)).toEqual([0, 1, 4, 7]);
    expect(rows.visibleLevels()).toBe(2);
    rows.foldToLevel(1);
    expect(rowsOf(rows)).toEqual([0]);
  });

  it('unfold every ancestor of a row that is revealed', () => {
    const rows = family();
    rows.foldToLevel(1);
    rows.reveal(6);
    expect(rowsOf(rows)).toContain(6);
  });

  it('are found by row, a hidden one at the ancestor that hides it', () => {
    const rows = family();
    rows.setFolded(1, true);
    expect(rows.positionOf(4)).toBe(2);
    expect(rows.positionOf(3)).toBe(1);
  });

  it('need no recursion for a chain of 100,000 spans', () => {
    const chain = Array.from({ length: 100_000 }, (_, row) => ({ parent: row - 1, start: row, duration: 1 }));
    const rows = new RowModel(buildTraceModel(buildTestTrace(chain)));
    expect(rows.visibleCount).toBe(100_000);
    rows.setFolded(0, true);
    expect(rows.visibleCount).toBe(1);
  });
});
