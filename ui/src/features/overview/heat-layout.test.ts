import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { shadeOf } from './heat-colours.ts';
import { densestCell, moveRectangle } from './heat-keys.ts';
import {
  type CellRectangle,
  cellAt,
  cellsOfSelection,
  figuresOfCells,
  HEAT_MARGIN,
  layoutHeat,
  selectionOfCells,
  xOfColumn,
  yOfRow,
} from './heat-layout.ts';
import { highOfRow, type Overview } from './overview-model.ts';

const START_MS = 1_790_000_000_000;

function overviewOf(random: Random, columns: number, rows: number, firstStep: number): Overview {
  const spans = Float64Array.from({ length: columns * rows }, () => random.pick([0, 0, 1, 5, 400]));
  const errors = spans.map((count) => Math.min(count, random.pick([0, 0, 1])));
  const sums = (of: Float64Array): Float64Array =>
    Float64Array.from({ length: columns }, (_, column) =>
      of.slice(column * rows, (column + 1) * rows).reduce((a, b) => a + b, 0),
    );
  return {
    startMs: START_MS,
    stepMs: 30_000,
    columns,
    wholeColumns: columns,
    firstStep,
    rows,
    hasDurations: true,
    spans,
    errors,
    columnSpans: sums(spans),
    columnErrors: sums(errors),
    quantiles: [],
    total: spans.reduce((a, b) => a + b, 0),
    totalErrors: errors.reduce((a, b) => a + b, 0),
    totalQuantiles: [],
  };
}

describe('the cells of the heatmap', () => {
  it('hold every span once, at whatever size, and are large enough to hit', () => {
    const random = new Random(21);
    for (const [width, height] of [
      [1400, 208],
      [360, 208],
      [120, 90],
    ]) {
      for (const rows of [1, 9, 40, 240]) {
        const overview = overviewOf(random, 120, rows, random.between(0, 100));
        const layout = layoutHeat(overview, width, height);
        const whole = { fromColumn: 0, toColumn: layout.columns - 1, fromRow: 0, toRow: layout.rows - 1 };
        expect(figuresOfCells(layout, whole)).toEqual({ spans: overview.total, errors: overview.totalErrors });
        expect(layout.columnErrors.reduce((a, b) => a + b, 0)).toBe(overview.totalErrors);
        expect(xOfColumn(layout, 1) - xOfColumn(layout, 0)).toBeGreaterThanOrEqual(4);
        expect(yOfRow(layout, 0) - yOfRow(layout, 1)).toBeGreaterThanOrEqual(3.5);
        expect(layout.highNano / layout.lowNano).toBeGreaterThanOrEqual(8 * 0.9);
        expect(layout.bounds.at(-1)).toBeGreaterThanOrEqual(highOfRow(overview, rows - 1));
      }
    }
  });

  it('are found again where they are drawn', () => {
    const layout = layoutHeat(overviewOf(new Random(22), 60, 40, 80), 800, 208);
    for (const [column, row] of [
      [0, 0],
      [59, layout.rows - 1],
      [17, 5],
    ]) {
      const x = (xOfColumn(layout, column) + xOfColumn(layout, column + 1)) / 2;
      const y = (yOfRow(layout, row) + yOfRow(layout, row - 1)) / 2;
      expect(cellAt(layout, x, y)).toEqual({ column, row });
    }
    expect(cellAt(layout, -5, 9_999)).toEqual({ column: 0, row: 0 });
    expect(cellAt(layout, 9_999, HEAT_MARGIN.top)).toEqual({ column: 59, row: layout.rows - 1 });
  });

  it('that are selected are the same ones in the selection', () => {
    const random = new Random(23);
    for (let round = 0; round < 100; round++) {
      const layout = layoutHeat(
        overviewOf(random, random.between(2, 120), random.between(1, 120), random.between(40, 120)),
        900,
        208,
      );
      const between = (most: number): [number, number] => {
        const [a, b] = [random.between(0, most - 1), random.between(0, most - 1)];
        return [Math.min(a, b), Math.max(a, b)];
      };
      const [fromColumn, toColumn] = between(layout.columns);
      const [fromRow, toRow] = between(layout.rows);
      const cells = { fromColumn, toColumn, fromRow, toRow };
      expect(cellsOfSelection(layout, selectionOfCells(layout, cells))).toEqual(cells);
    }
  });

  it('of the whole height are any duration, and times outside are not shown', () => {
    const layout = layoutHeat(overviewOf(new Random(24), 10, 40, 80), 800, 208);
    const column = { fromColumn: 2, toColumn: 3, fromRow: 0, toRow: layout.rows - 1 };
    expect(selectionOfCells(layout, column)).toEqual({ fromMs: START_MS + 60_000, toMs: START_MS + 120_000 });
    expect(selectionOfCells(layout, { ...column, toRow: 0 }).durations?.lowNano).toBe(0);
    expect(cellsOfSelection(layout, { fromMs: 0, toMs: START_MS })).toBeUndefined();
    expect(cellsOfSelection(layout, { fromMs: 0, toMs: 2 * START_MS })).toMatchObject({ fromColumn: 0, toColumn: 9 });
  });

  it('are darker the more spans they have', () => {
    const shades = [1, 2, 10, 100, 1_000].map((count) => shadeOf(count, 1_000));
    expect(shades).toEqual(shades.toSorted((a, b) => a - b));
    expect([shades[0], shades.at(-1)]).toEqual([0, 11]);
    expect(shadeOf(1, 1)).toBe(0);
    expect(shadeOf(0.5, 10)).toBe(0);
  });
});

describe('a rectangle by keyboard', () => {
  const layout = { columns: 10, rows: 8, spans: new Float64Array(80) };
  layout.spans[3 * 8 + 2] = 7;
  const start = densestCell(layout);
  const press = (cells: CellRectangle, ...keys: readonly string[]): CellRectangle | undefined =>
    keys.reduce<CellRectangle | undefined>((now, key) => {
      const isResizing = key.startsWith('Shift ');
      return now && moveRectangle(now, key.replace('Shift ', ''), isResizing, layout);
    }, cells);

  it('begins where most spans are', () => {
    expect(start).toEqual({ fromColumn: 3, toColumn: 3, fromRow: 2, toRow: 2 });
  });

  it('moves, grows, and stays inside', () => {
    expect(press(start, 'ArrowRight', 'ArrowUp')).toEqual({ fromColumn: 4, toColumn: 4, fromRow: 3, toRow: 3 });
    const grown = { fromColumn: 3, toColumn: 5, fromRow: 2, toRow: 3 };
    expect(press(start, 'Shift ArrowRight', 'Shift ArrowRight', 'Shift ArrowUp')).toEqual(grown);
    expect(press(grown, 'Shift ArrowDown', 'Shift ArrowDown')).toEqual({ ...grown, toRow: 2 });
    expect(press(grown, 'End', 'PageUp', 'ArrowRight')).toEqual({ fromColumn: 7, toColumn: 9, fromRow: 6, toRow: 7 });
    expect(press(grown, 'Home', 'PageDown')).toEqual({ fromColumn: 0, toColumn: 2, fromRow: 0, toRow: 1 });
    expect(press(start, 'x')).toBeUndefined();
  });
});
