import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { entryOf, kindOfEntry, RUN_ENTRY, rowOfEntry, SPAN_ENTRY } from './entry.ts';
import { RowModel } from './row-model.ts';
import { buildTraceModel } from './trace-model.ts';

/** Lines as text: the row, `run n` for the run that begins there, `missing n` for the parent missing above it. */
const linesOf = (rows: RowModel): (number | string)[] =>
  [...rows.visible.subarray(0, rows.visibleCount)].map((entry) => {
    const row = rowOfEntry(entry);
    const kind = kindOfEntry(entry);
    return kind === SPAN_ENTRY ? row : `${kind === RUN_ENTRY ? 'run' : 'missing'} ${row}`;
  });
const family = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(FAMILY)));

describe('the visible rows of a trace', () => {
  it('are all rows at first', () => {
    expect(linesOf(family())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('skip the whole subtree of a folded row and keep the row itself', () => {
    const rows = family();
    rows.setFolded(entryOf(4), true);
    expect(linesOf(rows)).toEqual([0, 1, 2, 3, 4, 7]);
    rows.setFolded(entryOf(4), false);
    expect(linesOf(rows)).toHaveLength(8);
  });

  it('do not change when a leaf is folded', () => {
    const rows = family();
    rows.setFolded(entryOf(7), true);
    expect(rows.folded[7]).toBe(0);
  });

  it('remember folds inside a fold', () => {
    const rows = family();
    rows.setFolded(entryOf(5), true);
    rows.setFolded(entryOf(4), true);
    rows.setFolded(entryOf(4), false);
    expect(linesOf(rows)).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });

  it('show as many levels as asked for', () => {
    const rows = family();
    rows.foldToLevel(2);
    expect(linesOf(rows)).toEqual([0, 1, 4, 7]);
    expect(rows.visibleLevels()).toBe(2);
    rows.foldToLevel(1);
    expect(linesOf(rows)).toEqual([0]);
  });

  it('unfold every ancestor of a row that is revealed', () => {
    const rows = family();
    rows.foldToLevel(1);
    rows.reveal(6);
    expect(linesOf(rows)).toContain(6);
  });

  it('are found by row, a hidden one at the ancestor that hides it', () => {
    const rows = family();
    rows.setFolded(entryOf(1), true);
    expect(rows.positionOf(entryOf(4))).toBe(2);
    expect(rows.positionOf(entryOf(3))).toBe(1);
  });

  it('need no recursion for a chain of 100,000 spans', () => {
    const chain = Array.from({ length: 100_000 }, (_, row) => ({ parent: row - 1, start: row, duration: 1 }));
    const rows = new RowModel(buildTraceModel(buildTestTrace(chain)));
    expect(rows.visibleCount).toBe(100_000);
    rows.setFolded(entryOf(0), true);
    expect(rows.visibleCount).toBe(1);
  });
});

/** 0 root ─ 1…6 six calls, the fourth with a child, 8 another, 9…12 four calls more. */
const LOOP = [
  { parent: -1, start: 0, duration: 100, name: 'all' },
  { parent: 0, start: 0, duration: 10, name: 'SELECT' },
  { parent: 0, start: 10, duration: 10, name: 'SELECT' },
  { parent: 0, start: 20, duration: 10, name: 'SELECT' },
  { parent: 0, start: 30, duration: 10, name: 'SELECT' },
  { parent: 4, start: 31, duration: 2, name: 'read' },
  { parent: 0, start: 40, duration: 10, name: 'SELECT' },
  { parent: 0, start: 50, duration: 10, name: 'SELECT' },
  { parent: 0, start: 60, duration: 10, name: 'UPDATE' },
  { parent: 0, start: 70, duration: 1, name: 'SELECT' },
  { parent: 0, start: 71, duration: 1, name: 'SELECT' },
  { parent: 0, start: 72, duration: 1, name: 'SELECT' },
  { parent: 0, start: 73, duration: 1, name: 'SELECT' },
];

describe('the rows of repeated siblings', () => {
  const loop = (grouped = true): RowModel => new RowModel(buildTraceModel(buildTestTrace(LOOP)), grouped);

  it('are one line for a run of five and more, and rows of their own for fewer', () => {
    expect(linesOf(loop())).toEqual([0, 'run 1', 8, 9, 10, 11, 12]);
    expect(linesOf(loop(false))).toEqual(LOOP.map((_, row) => row));
  });

  it('stand one level below the line when it is open, with what lies below them', () => {
    const rows = loop();
    rows.setFolded(entryOf(1, RUN_ENTRY), false);
    expect(linesOf(rows)).toEqual([0, 'run 1', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect([...rows.level.subarray(0, 9)]).toEqual([0, 1, 2, 2, 2, 2, 3, 2, 2]);
    expect(rows.level[9]).toBe(1);
  });

  it('are revealed by opening the run', () => {
    const rows = loop();
    expect(rows.positionOf(entryOf(5))).toBe(1);
    expect(rows.reveal(5)).toBe(true);
    expect(linesOf(rows)).toContain(5);
    expect(rows.reveal(5)).toBe(false);
  });

  it('are not grouped while only matches are shown', () => {
    const rows = loop();
    rows.setKept(Int32Array.of(5, 11));
    expect(linesOf(rows)).toEqual([0, 4, 5, 11]);
    rows.setKept(undefined);
    expect(linesOf(rows)).toHaveLength(7);
  });
});

describe('folding what lies outside of a subtree', () => {
  it('leaves the way to it and all below it', () => {
    const rows = family();
    rows.foldOutside(5);
    expect(linesOf(rows)).toEqual([0, 1, 4, 5, 6, 7]);
    expect(rows.isFolded(entryOf(1))).toBe(true);
    expect(rows.isFolded(entryOf(4))).toBe(false);
  });
});

describe('a parent that is missing', () => {
  it('is a line above the spans that name it, which stand below', () => {
    const orphans = [
      { parent: -1, start: 0, duration: 9 },
      { parent: -1, start: 1, duration: 1 },
      { parent: 1, start: 1, duration: 1 },
      { parent: -1, start: 2, duration: 1 },
      { parent: -1, start: 5, duration: 1 },
    ];
    const missing = { spanId: Int32Array.of(7, 7), first: Int32Array.of(1), end: Int32Array.of(4) };
    const rows = new RowModel(buildTraceModel({ ...buildTestTrace(orphans), missing }));
    expect(linesOf(rows)).toEqual([0, 'missing 1', 1, 2, 3, 4]);
    expect([...rows.level.subarray(0, 6)]).toEqual([0, 0, 1, 2, 1, 0]);
    rows.setKept(Int32Array.of(3));
    expect(linesOf(rows)).toEqual(['missing 1', 3]);
  });
});
