import type { CellRectangle, HeatLayout } from './heat-layout.ts';

type Extent = Pick<HeatLayout, 'columns' | 'rows' | 'spans'>;

/** Steps of a key in columns and rows: with a page key, ten. */
const STEPS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [0, 10],
  PageDown: [0, -10],
};

/** Where a selection by keyboard begins: the cell with the most spans. */
export function densestCell({ columns, rows, spans }: Extent): CellRectangle {
  let densest = 0;
  for (let cell = 1; cell < columns * rows; cell++) if (spans[cell] > spans[densest]) densest = cell;
  const column = Math.floor(densest / rows);
  return { fromColumn: column, toColumn: column, fromRow: densest % rows, toRow: densest % rows };
}

/** The rectangle after a key: arrows move it, with Shift they move its upper right corner. Undefined: not its key. */
export function moveRectangle(
  cells: CellRectangle,
  key: string,
  isResizing: boolean,
  { columns, rows }: Extent,
): CellRectangle | undefined {
  if (key === 'Home') return moved(cells, -cells.fromColumn, 0);
  if (key === 'End') return moved(cells, columns - 1 - cells.toColumn, 0);
  if (!Object.hasOwn(STEPS, key)) return undefined;
  const [right, up] = STEPS[key];
  if (isResizing) {
    return {
      ...cells,
      toColumn: clamp(cells.toColumn + right, cells.fromColumn, columns - 1),
      toRow: clamp(cells.toRow + up, cells.fromRow, rows - 1),
    };
  }
  return moved(
    cells,
    clamp(right, -cells.fromColumn, columns - 1 - cells.toColumn),
    clamp(up, -cells.fromRow, rows - 1 - cells.toRow),
  );
}

function moved(cells: CellRectangle, right: number, up: number): CellRectangle {
  return {
    fromColumn: cells.fromColumn + right,
    toColumn: cells.toColumn + right,
    fromRow: cells.fromRow + up,
    toRow: cells.toRow + up,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
