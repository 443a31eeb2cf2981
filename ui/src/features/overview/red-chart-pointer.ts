/** Pointer and keys of one small chart: both move the cursor that all charts share, and mark a time to zoom into. */
import type { TimeCursor } from './time-cursor.ts';

const MARK_STARTS_PX = 5;

export interface ChartGrid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly columns: number;
}

export interface RedChartEvents {
  readonly onZoom: (fromMs: number, toMs: number) => void;
  /** The column under the cursor, by whichever chart it was moved. */
  readonly onColumn: (column: number | undefined) => void;
}

export class RedChartPointer {
  readonly #plot: HTMLElement;
  readonly #line: HTMLElement;
  readonly #mark: HTMLElement;
  readonly #cursor: TimeCursor;
  readonly #events: RedChartEvents;
  readonly #stop: () => void;
  #grid: ChartGrid;
  #column: number | undefined;
  /** Where a mark begins, as a column; its end is the cursor. */
  #anchor: number | undefined;
  #pressedX: number | undefined;

  constructor(plot: HTMLElement, grid: ChartGrid, cursor: TimeCursor, events: RedChartEvents) {
    this.#plot = plot;
    this.#grid = grid;
    this.#cursor = cursor;
    this.#events = events;
    this.#line = overlay(plot, 'red-cursor');
    this.#mark = overlay(plot, 'red-mark');
    plot.addEventListener('pointerdown', this.#down);
    plot.addEventListener('pointermove', this.#move);
    plot.addEventListener('pointerup', this.#up);
    plot.addEventListener('pointercancel', this.#leave);
    plot.addEventListener('pointerleave', this.#leave);
    plot.addEventListener('keydown', this.#press);
    plot.addEventListener('blur', this.#leave);
    this.#stop = cursor.watch((unixMs) => this.#show(unixMs));
  }

  destroy(): void {
    this.#stop();
    this.#line.remove();
    this.#mark.remove();
    this.#plot.removeEventListener('pointerdown', this.#down);
    this.#plot.removeEventListener('pointermove', this.#move);
    this.#plot.removeEventListener('pointerup', this.#up);
    this.#plot.removeEventListener('pointercancel', this.#leave);
    this.#plot.removeEventListener('pointerleave', this.#leave);
    this.#plot.removeEventListener('keydown', this.#press);
    this.#plot.removeEventListener('blur', this.#leave);
  }

  setGrid(grid: ChartGrid): void {
    this.#grid = grid;
    this.#anchor = undefined;
    this.#show(undefined);
  }

  #columnOf(event: PointerEvent): number {
    const box = this.#plot.getBoundingClientRect();
    const part = (event.clientX - box.left) / Math.max(1, box.width);
    return Math.max(0, Math.min(this.#grid.columns - 1, Math.floor(part * this.#grid.columns)));
  }

  #go(column: number): void {
    this.#cursor.moveTo(this.#grid.startMs + (column + 0.5) * this.#grid.stepMs);
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.#plot.setPointerCapture(event.pointerId);
    this.#pressedX = event.clientX;
    this.#anchor = this.#columnOf(event);
  };

  readonly #move = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 0) this.#anchor = undefined;
    this.#go(this.#columnOf(event));
  };

  readonly #up = (event: PointerEvent): void => {
    const moved = Math.abs(event.clientX - (this.#pressedX ?? event.clientX));
    this.#pressedX = undefined;
    if (moved >= MARK_STARTS_PX) this.#zoom();
    this.#anchor = undefined;
    this.#drawMark();
  };

  readonly #leave = (): void => {
    this.#anchor = undefined;
    this.#pressedX = undefined;
    this.#cursor.moveTo(undefined);
  };

  readonly #press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#take(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Whether the key was one of the chart's. */
  #take(key: string, isMarking: boolean): boolean {
    const last = this.#grid.columns - 1;
    const now = this.#column;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: (now ?? last + 1) - 1,
      ArrowRight: (now ?? -1) + 1,
      PageUp: (now ?? last) + 10,
      PageDown: (now ?? 0) - 10,
      Home: 0,
      End: last,
    };
    if (Object.hasOwn(targets, key)) {
      if (isMarking) this.#anchor ??= now ?? Math.max(0, Math.min(last, targets[key]));
      else this.#anchor = undefined;
      this.#go(Math.max(0, Math.min(last, targets[key])));
      return true;
    }
    if (key === 'Escape' && now !== undefined) {
      this.#leave();
      return true;
    }
    if (key !== 'Enter' || now === undefined) return false;
    this.#zoom();
    return true;
  }

  #zoom(): void {
    const { startMs, stepMs } = this.#grid;
    const to = this.#column;
    if (to === undefined) return;
    const from = this.#anchor ?? to;
    this.#anchor = undefined;
    const left = startMs + Math.min(from, to) * stepMs;
    const right = startMs + (Math.max(from, to) + 1) * stepMs;
    // Where the cursor was is another place in the zoomed charts.
    this.#cursor.moveTo(undefined);
    this.#events.onZoom(left, right);
  }

  #show(unixMs: number | undefined): void {
    const { startMs, stepMs, columns } = this.#grid;
    const column = unixMs === undefined ? undefined : Math.floor((unixMs - startMs) / stepMs);
    this.#column = column !== undefined && column >= 0 && column < columns ? column : undefined;
    this.#line.hidden = this.#column === undefined;
    if (this.#column !== undefined) this.#line.style.left = `${(100 * (this.#column + 0.5)) / columns}%`;
    this.#drawMark();
    this.#events.onColumn(this.#column);
  }

  #drawMark(): void {
    const [from, to] = [this.#anchor, this.#column];
    this.#mark.hidden = from === undefined || to === undefined || (from === to && this.#pressedX !== undefined);
    if (from === undefined || to === undefined) return;
    this.#mark.style.left = `${(100 * Math.min(from, to)) / this.#grid.columns}%`;
    this.#mark.style.width = `${(100 * (Math.abs(from - to) + 1)) / this.#grid.columns}%`;
  }
}

function overlay(plot: HTMLElement, className: string): HTMLElement {
  const element = document.createElement('i');
  element.className = className;
  element.hidden = true;
  plot.append(element);
  return element;
}
