import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { entryOf, RUN_ENTRY } from './entry.ts';
import { applyFold, formatFold } from './fold-text.ts';
import { RowModel } from './row-model.ts';
import { buildTraceModel } from './trace-model.ts';

const family = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(FAMILY)));

describe('folded rows as URL text', () => {
  it('are empty when nothing is folded', () => {
    expect(formatFold(family(), undefined)).toBe('');
  });

  it('name folded rows by the start of their span id', () => {
    const rows = family();
    rows.setFolded(entryOf(4), true);
    expect(formatFold(rows, undefined)).toBe('-00000005');
  });

  it('come back as they were, with a level and exceptions', () => {
    const rows = family();
    rows.foldToLevel(2);
    rows.setFolded(entryOf(4), false);
    const text = formatFold(rows, 2);
    const again = family();
    expect(applyFold(again, text)).toBe(2);
    expect([...again.folded]).toEqual([...rows.folded]);
    expect(again.visibleCount).toBe(rows.visibleCount);
  });

  it('ignore what they do not understand', () => {
    const rows = family();
    expect(applyFold(rows, 'Lx.-zz.-99999999.<script>')).toBeUndefined();
    expect(rows.visibleCount).toBe(8);
  });

  it('stay short however many rows are folded', () => {
    const wide = Array.from({ length: 1000 }, (_, row) => ({
      parent: row % 2 === 0 ? -1 : row - 1,
      start: 0,
      duration: 1,
    }));
    const rows = new RowModel(buildTraceModel(buildTestTrace(wide)));
    for (let row = 0; row < 1000; row += 2) rows.folded[row] = 1;
    expect(formatFold(rows, undefined).length).toBeLessThan(500);
  });

  it('name open runs by their first sibling, all of them by one letter', () => {
    const loops = [0, 1].flatMap((half) =>
      Array.from({ length: 6 }, (_, row) => ({ parent: row === 0 ? -1 : half * 6, start: row, duration: 1 })),
    );
    const build = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(loops)));
    const rows = build();
    rows.setFolded(entryOf(1, RUN_ENTRY), false);
    expect(formatFold(rows, undefined)).toBe('~00000002');
    const again = build();
    applyFold(again, '~00000002');
    expect([...again.runOpen]).toEqual([1, 0]);
    rows.setFolded(entryOf(7, RUN_ENTRY), false);
    expect(formatFold(rows, undefined)).toBe('G');
    applyFold(again, 'G');
    expect([...again.runOpen]).toEqual([1, 1]);
  });
});
