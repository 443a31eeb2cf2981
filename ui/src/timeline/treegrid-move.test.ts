import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { RowModel } from './row-model.ts';
import { buildTraceModel } from './trace-model.ts';
import { treegridMove } from './treegrid-move.ts';

const family = (): RowModel => new RowModel(buildTraceModel(buildTestTrace(FAMILY)));

describe('a key in the treegrid', () => {
  it.each([
    ['ArrowDown', 0, { row: 1 }],
    ['ArrowDown', 7, { row: 7 }],
    ['ArrowUp', 0, { row: 0 }],
    ['j', -1, { row: 0 }],
    ['Home', 5, { row: 0 }],
    ['End', 5, { row: 7 }],
    ['PageDown', 1, { row: 4 }],
    ['ArrowRight', 4, { row: 5 }],
    ['ArrowLeft', 4, { row: 4, fold: true }],
    ['ArrowLeft', 6, { row: 5 }],
    ['ArrowLeft', 7, { row: 0 }],
    ['Enter', 6, { row: 6, open: true }],
    [' ', 4, { row: 4, fold: true }],
  ])('%s on row %i gives %o', (key, active, move) => {
    expect(treegridMove(key, family(), active, 3)).toEqual(move);
  });

  it('unfolds a folded row before going into it', () => {
    const rows = family();
    rows.setFolded(4, true);
    expect(treegridMove('ArrowRight', rows, 4, 3)).toEqual({ row: 4, fold: false });
    expect(treegridMove('ArrowDown', rows, 4, 3)).toEqual({ row: 7 });
  });

  it('is left to others when the grid does not know it', () => {
    expect(treegridMove('x', family(), 0, 3)).toBeUndefined();
    expect(treegridMove('Enter', family(), -1, 3)).toBeUndefined();
  });
});
