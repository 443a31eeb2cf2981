import { formatDuration } from '../../text/format-duration.ts';
import type { ThemeColours } from '../../timeline/theme-colours.ts';
import { logTicks } from '../../timeline/time-scale.ts';
import { timeTicks } from '../series/chart-axis.ts';
import { formatTick } from './format-tick.ts';
import { HEAT_SHADES, shadeOf } from './heat-colours.ts';
import {
  type CellRectangle,
  ERROR_LANE,
  HEAT_MARGIN,
  type HeatLayout,
  xOfColumn,
  xOfTime,
  yOfDuration,
  yOfRow,
} from './heat-layout.ts';

export interface HeatColours {
  readonly theme: ThemeColours;
  readonly shades: readonly string[];
  readonly font: string;
}

/** Axes, cells and the lane of errors. */
export function paintHeat(
  paint: CanvasRenderingContext2D,
  layout: HeatLayout,
  colours: HeatColours,
  errorsLabel: string,
): void {
  const { theme } = colours;
  paint.font = `11px ${colours.font}`;
  paintAxes(paint, layout, theme);
  paintCells(paint, layout, colours.shades);
  paintErrors(paint, layout, theme, errorsLabel);
}

function paintAxes(paint: CanvasRenderingContext2D, layout: HeatLayout, theme: ThemeColours): void {
  const right = layout.width - HEAT_MARGIN.right;
  const bottom = layout.height - HEAT_MARGIN.bottom;
  paint.strokeStyle = theme.hairline;
  paint.fillStyle = theme.muted;
  paint.textBaseline = 'middle';
  paint.textAlign = 'right';
  const room = Math.floor((bottom - HEAT_MARGIN.top) / 26);
  for (const tick of logTicks(layout.lowNano, layout.highNano, room)) {
    const y = Math.round(yOfDuration(layout, tick)) + 0.5;
    line(paint, HEAT_MARGIN.left, y, right, y);
    paint.fillText(formatDuration(tick), HEAT_MARGIN.left - 8, y);
  }
  paint.textBaseline = 'alphabetic';
  paint.textAlign = 'center';
  const toMs = layout.startMs + layout.columns * layout.stepMs;
  const ticks = timeTicks(layout.startMs, toMs, Math.max(2, Math.floor(layout.width / 110)));
  for (const tick of ticks) {
    const x = Math.round(xOfTime(layout, tick)) + 0.5;
    line(paint, x, HEAT_MARGIN.top, x, bottom);
    const label = formatTick(tick, ticks, toMs);
    const half = paint.measureText(label).width / 2;
    if (x + half <= layout.width && x - half >= HEAT_MARGIN.left - 30) paint.fillText(label, x, layout.height - 6);
  }
}

/** Shade by shade: setting a colour costs more than filling a rectangle. */
function paintCells(paint: CanvasRenderingContext2D, layout: HeatLayout, shades: readonly string[]): void {
  const { columns, rows, spans, largest } = layout;
  const byShade: number[][] = Array.from({ length: HEAT_SHADES }, () => []);
  for (let cell = 0; cell < columns * rows; cell++) {
    if (spans[cell] > 0) byShade[shadeOf(spans[cell], largest)].push(cell);
  }
  const gaps = gapsOf(layout);
  byShade.forEach((cells, shade) => {
    paint.fillStyle = shades[shade];
    for (const cell of cells) {
      const { x, y, width, height } = boxOfCells(layout, rectangleOf(cell, rows));
      paint.fillRect(x, y, width - gaps.right, height - gaps.below);
    }
  });
}

function rectangleOf(cell: number, rows: number): CellRectangle {
  const column = Math.floor(cell / rows);
  return { fromColumn: column, toColumn: column, fromRow: cell % rows, toRow: cell % rows };
}

/** A gap of a pixel shows where one cell ends, unless cells are too small for it. */
function gapsOf(layout: HeatLayout): { readonly right: number; readonly below: number } {
  const width = xOfColumn(layout, 1) - xOfColumn(layout, 0);
  const height = yOfRow(layout, 0) - yOfRow(layout, 1);
  return { right: width >= 8 ? 1 : 0, below: height >= 8 ? 1 : 0 };
}

/** On whole pixels, so that no seam is seen between neighbours. */
export function boxOfCells(layout: HeatLayout, cells: CellRectangle): DOMRectReadOnly {
  const left = Math.round(xOfColumn(layout, cells.fromColumn));
  const right = Math.round(xOfColumn(layout, cells.toColumn + 1));
  const top = Math.round(yOfRow(layout, cells.toRow));
  const bottom = Math.round(yOfRow(layout, cells.fromRow - 1));
  return new DOMRectReadOnly(left, top, right - left, bottom - top);
}

/** Bars, whose height says how many errors there are: not by colour alone. */
function paintErrors(paint: CanvasRenderingContext2D, layout: HeatLayout, theme: ThemeColours, label: string): void {
  const bottom = ERROR_LANE.top + ERROR_LANE.height;
  paint.strokeStyle = theme.hairline;
  line(paint, HEAT_MARGIN.left, bottom + 0.5, layout.width - HEAT_MARGIN.right, bottom + 0.5);
  paint.fillStyle = theme.muted;
  paint.textAlign = 'right';
  paint.textBaseline = 'alphabetic';
  paint.fillText(label, HEAT_MARGIN.left - 8, bottom - 1);
  if (layout.largestErrors === 0) return;
  paint.fillStyle = theme.error;
  const most = Math.log(1 + layout.largestErrors);
  layout.columnErrors.forEach((errors, column) => {
    if (errors === 0) return;
    const left = Math.round(xOfColumn(layout, column));
    const width = Math.max(2, Math.round(xOfColumn(layout, column + 1)) - left - 1);
    const height = Math.max(3, (ERROR_LANE.height * Math.log(1 + errors)) / most);
    paint.fillRect(left, bottom - height, width, height);
  });
}

/** What is selected stands out: the rest fades, and a line goes around it. */
export function paintSelection(
  paint: CanvasRenderingContext2D,
  layout: HeatLayout,
  cells: CellRectangle,
  theme: ThemeColours,
): void {
  const { x, y, width, height } = boxOfCells(layout, cells);
  const top = HEAT_MARGIN.top;
  const right = layout.width - HEAT_MARGIN.right;
  const bottom = layout.height - HEAT_MARGIN.bottom;
  paint.globalAlpha = 0.6;
  paint.fillStyle = theme.background;
  paint.fillRect(HEAT_MARGIN.left, top, x - HEAT_MARGIN.left, bottom - top);
  paint.fillRect(x + width, top, right - x - width, bottom - top);
  paint.fillRect(x, top, width, y - top);
  paint.fillRect(x, y + height, width, bottom - y - height);
  paint.globalAlpha = 1;
  // Two lines of opposite lightness: seen on light and dark cells alike.
  paint.lineWidth = 4;
  paint.strokeStyle = theme.background;
  paint.strokeRect(x, y, width, height);
  paint.lineWidth = 2;
  paint.strokeStyle = theme.accent;
  paint.strokeRect(x, y, width, height);
  paint.lineWidth = 1;
}

function line(paint: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  paint.beginPath();
  paint.moveTo(x0, y0);
  paint.lineTo(x1, y1);
  paint.stroke();
}
