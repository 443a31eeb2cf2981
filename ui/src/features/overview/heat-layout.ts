import { highOfRow, type Overview, ROWS_PER_DOUBLING } from './overview-model.ts';
import type { Selection } from './overview-search.ts';

/** Pixels around the cells, for the axes and the lane of errors. */
export const HEAT_MARGIN = { left: 58, right: 12, top: 24, bottom: 22 } as const;
/** Pixels: the lane of errors above the cells. */
export const ERROR_LANE = { top: 4, height: 14 } as const;
/** Smaller cells can neither be told apart nor hit: neighbours are added up. */
const SMALLEST_CELL = { width: 4, height: 4 } as const;
/** Doublings of the duration that are shown at least. */
const LEAST_DOUBLINGS = 3;

/** The cells of a heatmap as they are drawn: so many columns and rows of the overview added up. */
export interface HeatLayout {
  readonly width: number;
  readonly height: number;
  readonly startMs: number;
  /** Of a drawn column. */
  readonly stepMs: number;
  readonly columns: number;
  readonly rows: number;
  /** Nanoseconds: bounds of the drawn rows, one more than rows, from the bottom up; the first is 0. */
  readonly bounds: Float64Array;
  /** Column by column, rows from the bottom up. */
  readonly spans: Float64Array;
  readonly errors: Float64Array;
  readonly columnErrors: Float64Array;
  readonly largest: number;
  readonly largestErrors: number;
  /** Bottom and top on the log scale of the axis. */
  readonly lowNano: number;
  readonly highNano: number;
}

/** A rectangle of cells; both ends belong to it. */
export interface CellRectangle {
  readonly fromColumn: number;
  readonly toColumn: number;
  readonly fromRow: number;
  readonly toRow: number;
}

export function layoutHeat(overview: Overview, width: number, height: number): HeatLayout {
  const plotWidth = Math.max(1, width - HEAT_MARGIN.left - HEAT_MARGIN.right);
  const plotHeight = Math.max(1, height - HEAT_MARGIN.top - HEAT_MARGIN.bottom);
  const joined = Math.max(1, Math.ceil((overview.columns * SMALLEST_CELL.width) / plotWidth));
  const columns = Math.max(1, Math.ceil(overview.columns / joined));
  const { first, count } = shownRows(overview);
  let stacked = 1;
  // By halves of a doubling, so that bounds stay the same ones at every height.
  while (count / stacked > plotHeight / SMALLEST_CELL.height) stacked *= 2;
  const rows = Math.ceil(count / stacked);
  const bounds = Float64Array.from({ length: rows + 1 }, (_, row) => highOfRow(overview, first - 1 + row * stacked));
  const cells = addUp(overview, { joined, stacked, first, columns, rows });
  const [lowNano, highNano] = [bounds[0], bounds[rows]];
  // What took no time at all has its place in the lowest row.
  bounds[0] = 0;
  return {
    width,
    height,
    startMs: overview.startMs,
    stepMs: overview.stepMs * joined,
    columns,
    rows,
    bounds,
    ...cells,
    largest: cells.spans.reduce((a, b) => Math.max(a, b), 0),
    largestErrors: cells.columnErrors.reduce((a, b) => Math.max(a, b), 0),
    lowNano,
    highNano,
  };
}

/** Rows with room around them, so that few durations do not fill the height. */
function shownRows({ rows, firstStep }: Overview): { readonly first: number; readonly count: number } {
  const missing = Math.max(2, LEAST_DOUBLINGS * ROWS_PER_DOUBLING - rows);
  const below = Math.min(firstStep, Math.floor(missing / 2));
  return { first: -below, count: rows + missing };
}

interface Joining {
  readonly joined: number;
  readonly stacked: number;
  readonly first: number;
  readonly columns: number;
  readonly rows: number;
}

function addUp(
  overview: Overview,
  { joined, stacked, first, columns, rows }: Joining,
): Pick<HeatLayout, 'spans' | 'errors' | 'columnErrors'> {
  const spans = new Float64Array(columns * rows);
  const errors = new Float64Array(columns * rows);
  const columnErrors = new Float64Array(columns);
  for (let column = 0; column < overview.columns; column++) {
    const toColumn = Math.floor(column / joined);
    columnErrors[toColumn] += overview.columnErrors[column];
    for (let row = 0; row < overview.rows; row++) {
      const from = column * overview.rows + row;
      const to = toColumn * rows + Math.floor((row - first) / stacked);
      spans[to] += overview.spans[from];
      errors[to] += overview.errors[from];
    }
  }
  return { spans, errors, columnErrors };
}

export function xOfColumn({ width, columns }: HeatLayout, column: number): number {
  return HEAT_MARGIN.left + (column * (width - HEAT_MARGIN.left - HEAT_MARGIN.right)) / columns;
}

/** The upper edge of a row from the bottom; of -1 the bottom of the plot. */
export function yOfRow({ height, rows }: HeatLayout, row: number): number {
  const plot = height - HEAT_MARGIN.top - HEAT_MARGIN.bottom;
  return height - HEAT_MARGIN.bottom - ((row + 1) * plot) / rows;
}

export function xOfTime(layout: HeatLayout, unixMs: number): number {
  return xOfColumn(layout, clamp((unixMs - layout.startMs) / layout.stepMs, 0, layout.columns));
}

export function yOfDuration(layout: HeatLayout, nanos: number): number {
  const { lowNano, highNano, rows } = layout;
  const part = Math.log(Math.max(nanos, lowNano) / lowNano) / Math.log(highNano / lowNano);
  return yOfRow(layout, clamp(part, 0, 1) * rows - 1);
}

/** The nearest cell. */
export function cellAt(layout: HeatLayout, x: number, y: number): { readonly column: number; readonly row: number } {
  const { width, height, columns, rows } = layout;
  const right = (x - HEAT_MARGIN.left) / Math.max(1, width - HEAT_MARGIN.left - HEAT_MARGIN.right);
  const up = (height - HEAT_MARGIN.bottom - y) / Math.max(1, height - HEAT_MARGIN.top - HEAT_MARGIN.bottom);
  return {
    column: clamp(Math.floor(right * columns), 0, columns - 1),
    row: clamp(Math.floor(up * rows), 0, rows - 1),
  };
}

export function isInPlot({ width, height }: HeatLayout, x: number, y: number): boolean {
  return (
    x >= HEAT_MARGIN.left && x <= width - HEAT_MARGIN.right && y >= ERROR_LANE.top && y <= height - HEAT_MARGIN.bottom
  );
}

/** Of the whole height: any duration. */
export function selectionOfCells(layout: HeatLayout, cells: CellRectangle): Selection {
  const { startMs, stepMs, bounds, rows } = layout;
  const fromMs = Math.round(startMs + cells.fromColumn * stepMs);
  const toMs = Math.max(fromMs + 1, Math.round(startMs + (cells.toColumn + 1) * stepMs));
  if (cells.fromRow === 0 && cells.toRow === rows - 1) return { fromMs, toMs };
  const lowNano = readable(bounds[cells.fromRow]);
  const highNano = Math.max(lowNano + 1, readable(bounds[cells.toRow + 1]));
  return { fromMs, toMs, durations: { lowNano, highNano } };
}

/** Three digits, which people read in a query: off by less than a tenth of a row. */
function readable(nanos: number): number {
  return Math.round(Number(nanos.toPrecision(3)));
}

/** The cells that a selection touches, as far as they are shown; undefined where it lies outside of the times. */
export function cellsOfSelection(layout: HeatLayout, selection: Selection): CellRectangle | undefined {
  const { startMs, stepMs, columns, rows, lowNano, highNano } = layout;
  const endMs = startMs + columns * stepMs;
  if (selection.toMs <= startMs || selection.fromMs >= endMs) return undefined;
  const columnOf = (unixMs: number): number => (unixMs - startMs) / stepMs;
  const fromColumn = clamp(Math.floor(columnOf(selection.fromMs) + EDGE.column), 0, columns - 1);
  const toColumn = clamp(Math.ceil(columnOf(selection.toMs) - EDGE.column) - 1, fromColumn, columns - 1);
  if (selection.durations === undefined) return { fromColumn, toColumn, fromRow: 0, toRow: rows - 1 };
  const rowOf = (nanos: number): number =>
    (rows * Math.log(Math.max(nanos, 1) / lowNano)) / Math.log(highNano / lowNano);
  const fromRow = clamp(Math.floor(rowOf(selection.durations.lowNano) + EDGE.row), 0, rows - 1);
  const toRow = clamp(Math.ceil(rowOf(selection.durations.highNano) - EDGE.row) - 1, fromRow, rows - 1);
  return { fromColumn, toColumn, fromRow, toRow };
}

/** Parts of a cell: what rounding of times and durations may be off. */
const EDGE = { column: 1e-3, row: 0.25 } as const;

export interface CellFigures {
  readonly spans: number;
  readonly errors: number;
}

export function figuresOfCells(layout: HeatLayout, cells: CellRectangle): CellFigures {
  let spans = 0;
  let errors = 0;
  for (let column = cells.fromColumn; column <= cells.toColumn; column++) {
    for (let row = cells.fromRow; row <= cells.toRow; row++) {
      spans += layout.spans[column * layout.rows + row];
      errors += layout.errors[column * layout.rows + row];
    }
  }
  return { spans, errors };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
