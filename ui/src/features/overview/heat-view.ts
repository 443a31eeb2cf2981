import { readThemeColours, watchTheme } from '../../timeline/theme-colours.ts';
import { readShades } from './heat-colours.ts';
import { densestCell, moveRectangle } from './heat-keys.ts';
import {
  type CellRectangle,
  cellAt,
  cellsOfSelection,
  HEAT_MARGIN,
  type HeatLayout,
  isInPlot,
  selectionOfCells,
  xOfTime,
} from './heat-layout.ts';
import { boxOfCells, type HeatColours, paintHeat, paintSelection } from './heat-painter.ts';
import type { Selection } from './overview-search.ts';
import type { TimeCursor } from './time-cursor.ts';

export interface HeatEvents {
  /** A rectangle was drawn, or a cell was hit. */
  readonly onSelect: (selection: Selection) => void;
  readonly onClear: () => void;
  /** The cells under the pointer or the keyboard's rectangle; undefined: none. */
  readonly onPoint: (cells: CellRectangle | undefined, isByKey: boolean) => void;
}

/** Two canvases on top of each other: the cells, drawn once, and what moves over them. */
export class HeatView {
  readonly element = document.createElement('div');
  readonly #cells = canvasOf('heat-canvas');
  readonly #over = canvasOf('heat-over');
  readonly #events: HeatEvents;
  readonly #cursor: TimeCursor;
  readonly #errorsLabel: string;
  readonly #stops: readonly (() => void)[];
  #colours: HeatColours | undefined;
  #layout: HeatLayout | undefined;
  #selection: Selection | undefined;
  /** Being drawn by pointer or keyboard. */
  #draft: CellRectangle | undefined;
  #anchor: { readonly column: number; readonly row: number } | undefined;
  #isByKey = false;
  #hovered: CellRectangle | undefined;
  #cursorMs: number | undefined;
  #frame = 0;

  constructor(events: HeatEvents, cursor: TimeCursor, errorsLabel: string) {
    this.#events = events;
    this.#cursor = cursor;
    this.#errorsLabel = errorsLabel;
    this.element.className = 'heat-layers';
    this.element.append(this.#cells, this.#over);
    this.#over.addEventListener('pointerdown', (event) => this.#pointerDown(event));
    this.#over.addEventListener('pointermove', (event) => this.#pointerMove(event));
    this.#over.addEventListener('pointerup', (event) => this.#pointerUp(event));
    this.#over.addEventListener('pointercancel', () => this.cancel());
    this.#over.addEventListener('pointerleave', () => this.#hover(undefined));
    this.#stops = [
      watchTheme(() => {
        this.#colours = undefined;
        this.#draw();
      }),
      cursor.watch((unixMs) => {
        this.#cursorMs = unixMs;
        this.#drawOver();
      }),
    ];
  }

  destroy(): void {
    for (const stop of this.#stops) stop();
    cancelAnimationFrame(this.#frame);
    this.element.remove();
  }

  setLayout(layout: HeatLayout): void {
    this.#layout = layout;
    this.#hovered = undefined;
    this.#draft = undefined;
    this.#anchor = undefined;
    this.#draw();
  }

  setSelection(selection: Selection | undefined): void {
    this.#selection = selection;
    this.#draft = undefined;
    this.#drawOver();
  }

  /** Whether a rectangle is being drawn by keyboard. */
  get isSelecting(): boolean {
    return this.#draft !== undefined && this.#isByKey;
  }

  /** Begins a rectangle for the keyboard: the selection there is, else where most spans are. */
  beginByKey(): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    const known = this.#selection && cellsOfSelection(layout, this.#selection);
    this.#isByKey = true;
    this.#setDraft(known ?? densestCell(layout));
  }

  /** Whether the key was one of the heatmap's. */
  press(key: string, isResizing: boolean): boolean {
    const layout = this.#layout;
    if (layout === undefined) return false;
    if (key === 'Escape') {
      if (this.#draft === undefined && this.#selection === undefined) return false;
      if (this.#draft === undefined) this.#events.onClear();
      else this.cancel();
      return true;
    }
    if (key === 'Enter') {
      if (this.#draft === undefined) this.beginByKey();
      else this.#commit(this.#draft);
      return true;
    }
    if (this.#draft === undefined) {
      if (!key.startsWith('Arrow')) return false;
      this.beginByKey();
      return true;
    }
    const moved = moveRectangle(this.#draft, key, isResizing, layout);
    if (moved === undefined) return false;
    this.#setDraft(moved);
    return true;
  }

  cancel(): void {
    this.#draft = undefined;
    this.#anchor = undefined;
    this.#isByKey = false;
    this.#events.onPoint(undefined, false);
    this.#drawOver();
  }

  /** What is drawn, without what is selected. */
  get picture(): HTMLCanvasElement {
    return this.#cells;
  }

  /** Pixels of some cells within the view. */
  boxOf(cells: CellRectangle): DOMRectReadOnly | undefined {
    return this.#layout && boxOfCells(this.#layout, cells);
  }

  #setDraft(cells: CellRectangle): void {
    this.#draft = cells;
    this.#events.onPoint(cells, this.#isByKey);
    this.#drawOver();
  }

  #commit(cells: CellRectangle): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    this.#anchor = undefined;
    this.#isByKey = false;
    this.#hovered = undefined;
    this.#events.onPoint(undefined, false);
    this.#events.onSelect(selectionOfCells(layout, cells));
  }

  #pointerDown(event: PointerEvent): void {
    const layout = this.#layout;
    const { x, y } = this.#place(event);
    if (event.button !== 0 || layout === undefined || !isInPlot(layout, x, y)) return;
    this.#over.setPointerCapture(event.pointerId);
    this.#anchor = cellAt(layout, x, y);
    this.#isByKey = false;
    this.#hover(undefined);
  }

  #pointerMove(event: PointerEvent): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    const { x, y } = this.#place(event);
    const { column, row } = cellAt(layout, x, y);
    if (this.#anchor === undefined || (event.buttons & 1) === 0) {
      this.#hover(isInPlot(layout, x, y) ? cellsAt(layout, x, y) : undefined);
      return;
    }
    const from = this.#anchor;
    this.#setDraft({
      fromColumn: Math.min(from.column, column),
      toColumn: Math.max(from.column, column),
      fromRow: Math.min(from.row, row),
      toRow: Math.max(from.row, row),
    });
  }

  #pointerUp(event: PointerEvent): void {
    const layout = this.#layout;
    if (this.#anchor === undefined || layout === undefined) return;
    const { x, y } = this.#place(event);
    this.#commit(this.#draft ?? cellsAt(layout, x, y));
  }

  #hover(cells: CellRectangle | undefined): void {
    const now = this.#hovered;
    if (now === undefined && cells === undefined) return;
    if (now?.fromColumn === cells?.fromColumn && now?.fromRow === cells?.fromRow && now?.toRow === cells?.toRow) return;
    this.#hovered = cells;
    this.#events.onPoint(cells, false);
    const layout = this.#layout;
    if (layout === undefined || cells === undefined) this.#cursor.moveTo(undefined);
    else this.#cursor.moveTo(layout.startMs + (cells.fromColumn + 0.5) * layout.stepMs);
    this.#drawOver();
  }

  #place(event: MouseEvent): { readonly x: number; readonly y: number } {
    const box = this.#over.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #draw(): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    this.#colours ??= {
      theme: readThemeColours(),
      shades: readShades(),
      font: getComputedStyle(this.#cells).fontFamily,
    };
    const paint = contextOf(this.#cells, layout);
    if (paint !== undefined) paintHeat(paint, layout, this.#colours, this.#errorsLabel);
    this.#drawOver();
  }

  #drawOver(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paintOver());
  }

  #paintOver(): void {
    const layout = this.#layout;
    const theme = this.#colours?.theme;
    const paint = layout && contextOf(this.#over, layout);
    if (layout === undefined || paint === undefined || theme === undefined) return;
    const selected = this.#draft ?? (this.#selection && cellsOfSelection(layout, this.#selection));
    if (selected !== undefined) paintSelection(paint, layout, selected, theme);
    if (this.#hovered !== undefined && this.#draft === undefined) {
      const { x, y, width, height } = boxOfCells(layout, this.#hovered);
      paint.strokeStyle = theme.text;
      paint.lineWidth = 1.5;
      paint.strokeRect(x - 0.5, y - 0.5, width, height);
    } else if (this.#cursorMs !== undefined) {
      const x = Math.round(xOfTime(layout, this.#cursorMs)) + 0.5;
      paint.strokeStyle = theme.muted;
      paint.setLineDash([2, 2]);
      paint.beginPath();
      paint.moveTo(x, HEAT_MARGIN.top);
      paint.lineTo(x, layout.height - HEAT_MARGIN.bottom);
      paint.stroke();
    }
  }
}

/** The cell at a place; in the lane of errors the whole column is meant. */
function cellsAt(layout: HeatLayout, x: number, y: number): CellRectangle {
  const { column, row } = cellAt(layout, x, y);
  const isLane = y < HEAT_MARGIN.top;
  const [fromRow, toRow] = isLane ? [0, layout.rows - 1] : [row, row];
  return { fromColumn: column, toColumn: column, fromRow, toRow };
}

function canvasOf(className: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.className = className;
  return canvas;
}

/** The canvas cleared, in the layout's size, with pixels of the page as its unit. */
function contextOf(canvas: HTMLCanvasElement, { width, height }: HeatLayout): CanvasRenderingContext2D | undefined {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const paint = canvas.getContext('2d') ?? undefined;
  paint?.scale(ratio, ratio);
  return paint;
}
