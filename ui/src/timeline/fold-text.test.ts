import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
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
    rows.setFolded(4, true);
    expect(formatFold(rows, undefined)).toBe('-00000005');
  });

  it('come back as they were, with a level and exceptions', () => {
    const rows = family();
    rows.foldToLevel(2);
    rows.setFolded(4, false);
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
});
