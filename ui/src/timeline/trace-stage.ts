import { type CriticalSections, firstSectionOf } from './critical-path.ts';
import { NO_ENTRY } from './entry.ts';
import { nextRow } from './find-rows.ts';
import { MinimapView } from './minimap-view.ts';
import type { RowModel } from './row-model.ts';
import { RulerView } from './ruler-view.ts';
import { siblingPosition } from './sibling-move.ts';
import { clampWindow, panWindow, type TimeWindow, zoomWindow } from './time-scale.ts';
import { type WaterfallEvents, type WaterfallLook, WaterfallView } from './waterfall-view.ts';

const ZOOM_STEP = 0.6;
const PAN_STEP = 0.2;
/** Room left around a span that is zoomed to, as a part of its duration. */
const FIT_MARGIN = 0.15;

export interface StageHosts {
  readonly minimap: HTMLElement;
  readonly axis: HTMLElement;
  readonly body: HTMLElement;
}

export interface StageEvents extends WaterfallEvents {
  readonly onWindow: (window: TimeWindow) => void;
}

/** Minimap, ruler and waterfall of one trace over one time window; every movement goes through here. */
export class TraceStage {
  readonly waterfall: WaterfallView;
  private readonly rows: RowModel;
  private readonly minimap: MinimapView;
  private readonly ruler: RulerView;
  private readonly events: StageEvents;
  private window: TimeWindow;
  private critical: CriticalSections | undefined;
  private readonly watchers = new Set<(window: TimeWindow) => void>();

  constructor(hosts: StageHosts, rows: RowModel, look: WaterfallLook, window: TimeWindow, events: StageEvents) {
    this.rows = rows;
    this.window = window;
    this.events = events;
    this.minimap = new MinimapView(rows.trace, look.scheme, window, (next) => this.setWindow(next));
    this.ruler = new RulerView(window);
    this.waterfall = new WaterfallView(rows, look, window, events);
    this.waterfall.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    hosts.minimap.append(this.minimap.element);
    hosts.axis.append(this.ruler.axis);
    hosts.body.append(this.ruler.lines, this.waterfall.element);
    this.waterfall.attached();
  }

  destroy(): void {
    this.minimap.destroy();
    this.ruler.destroy();
    this.ruler.axis.remove();
    this.ruler.lines.remove();
    this.waterfall.destroy();
  }

  get total(): number {
    return this.rows.trace.columns.durationNano;
  }

  get shownWindow(): TimeWindow {
    return this.window;
  }

  /** The line of a row, or of what hides it. */
  entryOfRow(row: number): number {
    return this.rows.shownEntryOf(row);
  }

  /** Calls back with every window that is shown from now on. Returns the way to stop. */
  watchWindow(watcher: (window: TimeWindow) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** @param quiet when the URL asked for it and need not be told */
  setWindow(window: TimeWindow, quiet = false): void {
    if (window.from === this.window.from && window.to === this.window.to) return;
    this.window = window;
    this.minimap.setWindow(window);
    this.ruler.setWindow(window);
    this.waterfall.setWindow(window);
    for (const watcher of this.watchers) watcher(window);
    if (!quiet) this.events.onWindow(window);
  }

  setLook(look: WaterfallLook): void {
    this.minimap.setScheme(look.scheme);
    this.waterfall.setLook(look);
  }

  setCriticalPath(sections: CriticalSections | undefined): void {
    this.critical = sections;
    this.waterfall.setCriticalPath(sections);
  }

  zoom(direction: 'in' | 'out'): void {
    const factor = direction === 'in' ? ZOOM_STEP : 1 / ZOOM_STEP;
    this.setWindow(zoomWindow(this.window, factor, this.pivot(), this.total));
  }

  pan(direction: 1 | -1): void {
    this.setWindow(panWindow(this.window, direction * PAN_STEP, this.total));
  }

  resetZoom(): void {
    this.setWindow(clampWindow({ from: 0, to: this.total }, this.total));
  }

  /** Makes the active span fill the width. */
  fitActive(): void {
    const row = this.waterfall.activeRow;
    if (row === -1) return;
    const { start, duration } = this.rows.trace.columns;
    const margin = Math.max(duration[row] * FIT_MARGIN, 10);
    const window = { from: start[row] - margin, to: start[row] + duration[row] + margin };
    this.setWindow(clampWindow(window, this.total));
  }

  /** Goes to the next or previous of some rows from the cursor on; false when there are none. */
  jump(rows: Int32Array, direction: 1 | -1): boolean {
    const row = nextRow(rows, this.waterfall.activeRow, direction);
    if (row === -1) return false;
    this.goTo(row, 'move');
    return true;
  }

  /** The critical path in time order: the section that starts after the cursor's. */
  jumpOnCriticalPath(): boolean {
    const { critical } = this;
    if (critical === undefined || critical.row.length === 0) return false;
    const active = this.waterfall.activeRow;
    const at = active === -1 ? critical.row.length : firstSectionOf(critical, active);
    const after = critical.row[at] === active ? critical.from[at] : -1;
    let best = -1;
    let earliest = -1;
    for (let section = 0; section < critical.row.length; section++) {
      const from = critical.from[section];
      if (earliest === -1 || from < critical.from[earliest]) earliest = section;
      if (from > after && critical.row[section] !== active && (best === -1 || from < critical.from[best]))
        best = section;
    }
    this.goTo(critical.row[best === -1 ? earliest : best], 'move');
    return true;
  }

  /** Unfolds, scrolls and, when it lies outside, pans the time to a row. */
  goTo(row: number, intent: 'move' | 'open'): void {
    this.waterfall.revealRow(row);
    this.waterfall.moveTo(this.rows.shownEntryOf(row), intent);
    const { start, duration } = this.rows.trace.columns;
    const width = this.window.to - this.window.from;
    if (start[row] > this.window.to || start[row] + duration[row] < this.window.from) {
      const from = start[row] + Math.min(duration[row], width) / 2 - width / 2;
      this.setWindow(clampWindow({ from, to: from + width }, this.total));
    }
  }

  /** The first `levels` levels; everything, runs too, for more than there are. */
  foldToLevel(levels: number): void {
    if (levels > this.rows.trace.maxDepth) this.rows.runOpen.fill(1);
    if (levels <= 1) this.rows.runOpen.fill(0);
    this.rows.foldToLevel(levels);
    this.rowsChanged();
  }

  /** Folds what is neither above nor below the cursor; false without one. */
  foldOutside(): boolean {
    const row = this.waterfall.activeRow;
    if (row === -1) return false;
    this.rows.foldOutside(row);
    this.rowsChanged();
    this.waterfall.revealRow(row);
    return true;
  }

  setGrouped(grouped: boolean): void {
    if (grouped === this.rows.grouped) return;
    this.rows.setGrouped(grouped);
    this.rowsChanged();
  }

  /** Only these rows and what they lie under; all for undefined. */
  setKept(matches: Int32Array | undefined): void {
    if (matches === undefined && !this.rows.isKept) return;
    this.rows.setKept(matches);
    this.rowsChanged();
  }

  /** To the next or previous line under the same one; false when there is none. */
  goToSibling(direction: 1 | -1): boolean {
    const { rows, waterfall } = this;
    if (waterfall.activeEntry === NO_ENTRY || rows.visibleCount === 0) return false;
    const position = siblingPosition(rows, rows.positionOf(waterfall.activeEntry), direction);
    if (position === -1) return false;
    waterfall.moveTo(rows.visible[position], 'move');
    return true;
  }

  /** To the line before or after the cursor's. */
  step(direction: 1 | -1): void {
    const { rows, waterfall } = this;
    if (rows.visibleCount === 0) return;
    const position = waterfall.activeEntry === NO_ENTRY ? -1 : rows.positionOf(waterfall.activeEntry);
    const next = Math.min(rows.visibleCount - 1, Math.max(0, position + direction));
    waterfall.moveTo(rows.visible[next], 'move');
    waterfall.element.focus();
  }

  /** Keeps the cursor on a line that is to be seen. */
  private rowsChanged(): void {
    const { rows, waterfall } = this;
    if (waterfall.activeEntry !== NO_ENTRY && rows.visibleCount > 0) {
      waterfall.setActive(rows.visible[rows.positionOf(waterfall.activeEntry)]);
    }
    waterfall.refresh();
  }

  private pivot(): number {
    const row = this.waterfall.activeRow;
    const { start, duration } = this.rows.trace.columns;
    const middle = row === -1 ? -1 : start[row] + duration[row] / 2;
    return middle >= this.window.from && middle <= this.window.to ? middle : (this.window.from + this.window.to) / 2;
  }

  /** Ctrl with the wheel zooms at the pointer, Shift pans; the wheel alone scrolls. */
  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    const axis = this.ruler.axis.getBoundingClientRect();
    if (event.shiftKey) {
      this.setWindow(panWindow(this.window, Math.sign(event.deltaY + event.deltaX) * 0.1, this.total));
      return;
    }
    const part = Math.min(1, Math.max(0, (event.clientX - axis.left) / axis.width));
    const pivot = this.window.from + part * (this.window.to - this.window.from);
    this.setWindow(zoomWindow(this.window, event.deltaY < 0 ? 0.85 : 1 / 0.85, pivot, this.total));
  }
}
