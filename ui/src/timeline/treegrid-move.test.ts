import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { entryOf, NO_ENTRY, RUN_ENTRY } from './entry.ts';
import { RowModel } from './row-model.ts';
import { buildTraceModel } from './trace-model.ts';
import { treegridMove } from './treegrid-move.ts';

const family = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(FAMILY)));

describe('a key in the treegrid', () => {
  it.each([
    ['ArrowDown', 0, { entry: entryOf(1) }],
    ['ArrowDown', 7, { entry: entryOf(7) }],
    ['ArrowUp', 0, { entry: entryOf(0) }],
    ['j', -1, { entry: entryOf(0) }],
    ['Home', 5, { entry: entryOf(0) }],
    ['End', 5, { entry: entryOf(7) }],
    ['PageDown', 1, { entry: entryOf(4) }],
    ['ArrowRight', 4, { entry: entryOf(5) }],
    ['ArrowLeft', 4, { entry: entryOf(4), fold: true }],
    ['ArrowLeft', 6, { entry: entryOf(5) }],
    ['ArrowLeft', 7, { entry: entryOf(0) }],
    ['Enter', 6, { entry: entryOf(6), open: true }],
    [' ', 4, { entry: entryOf(4), fold: true }],
  ])('%s on row %i gives %o', (key, active, move) => {
    expect(treegridMove(key, family(), active === -1 ? NO_ENTRY : entryOf(active), 3)).toEqual(move);
  });

  it('unfolds a folded row before going into it', () => {
    const rows = family();
    rows.setFolded(entryOf(4), true);
    expect(treegridMove('ArrowRight', rows, entryOf(4), 3)).toEqual({ entry: entryOf(4), fold: false });
    expect(treegridMove('ArrowDown', rows, entryOf(4), 3)).toEqual({ entry: entryOf(7) });
  });

  it('is left to others when the grid does not know it', () => {
    expect(treegridMove('x', family(), entryOf(0), 3)).toBeUndefined();
    expect(treegridMove('Enter', family(), -1, 3)).toBeUndefined();
  });

  it('opens a run with Enter, Space and the arrow, goes into it, and comes back to its line', () => {
    const loop = Array.from({ length: 6 }, (_, row) => ({ parent: row === 0 ? -1 : 0, start: row, duration: 1 }));
    const rows = new RowModel(buildTraceModel(buildTestTrace(loop)));
    const run = entryOf(1, RUN_ENTRY);
    for (const key of ['Enter', ' ', 'ArrowRight']) {
      expect(treegridMove(key, rows, run, 3)).toEqual({ entry: run, fold: false });
    }
    rows.setFolded(run, false);
    expect(treegridMove('ArrowRight', rows, run, 3)).toEqual({ entry: entryOf(1) });
    expect(treegridMove('ArrowLeft', rows, entryOf(3), 3)).toEqual({ entry: run });
    expect(treegridMove('Enter', rows, run, 3)).toEqual({ entry: run, fold: true });
    expect(treegridMove('ArrowLeft', rows, run, 3)).toEqual({ entry: run, fold: true });
  });
});
