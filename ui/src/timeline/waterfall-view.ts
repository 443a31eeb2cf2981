import { text } from '../text/catalogue.ts';
import type { CriticalSections } from './critical-path.ts';
import type { RowModel } from './row-model.ts';
import type { ServiceColour } from './service-colours.ts';
import type { TimeWindow } from './time-scale.ts';
import { treegridMove } from './treegrid-move.ts';
import { type RowContext, WaterfallRow } from './waterfall-row.ts';
import './waterfall.css';

export const ROW_HEIGHT_PX = 24;
/** Rows kept painted above and below the viewport, so that a compositor scroll does not outrun them. */
const OVERSCAN_ROWS = 5;
/** 600,000 rows of 24 px: beyond it browsers clip element heights, and the scrollbar is scaled instead. */
export const SCROLL_HEIGHT_MAX_PX = 600_000 * ROW_HEIGHT_PX;

export interface WaterfallEvents {
  /** The cursor moved to a row (`move`), or a row was clicked or confirmed with Enter (`open`). */
  readonly onRow: (row: number, intent: 'move' | 'open') => void;
  /** Rows were folded or unfolded by the user. */
  readonly onFold: () => void;
  /** The pointer rests on a row: time to fetch ahead. */
  readonly onHover: (row: number) => void;
}

let views = 0;

/**
 * The waterfall: about 50 row elements, painted imperatively from the columns as they scroll by. One tab stop with
 * treegrid semantics; the active row always has an element, so that assistive technology never loses it.
 */
export class WaterfallView {
  readonly element: HTMLElement;
  private readonly layer: HTMLElement;
  private readonly context: RowContext;
  private readonly events: WaterfallEvents;
  private readonly idPrefix = `wf${++views}`;
  private readonly pinned: WaterfallRow;
  private pool: WaterfallRow[] = [];
  private viewportHeight = 0;
  private readonly resizing: ResizeObserver;

  constructor(rows: RowModel, colours: readonly ServiceColour[], window: TimeWindow, events: WaterfallEvents) {
    this.events = events;
    this.context = {
      rows,
      colours,
      window,
      nameWidth: 400,
      timeWidth: 600,
      activeRow: -1,
      selectedRow: -1,
      matches: undefined,
      critical: undefined,
    };
    this.element = document.createElement('div');
    this.element.className = 'wf-scroll';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', text.trace.waterfallLabel);
    this.element.setAttribute('aria-colcount', '2');
    this.layer = document.createElement('div');
    this.layer.className = 'wf-layer';
    this.layer.setAttribute('role', 'presentation');
    this.element.append(this.layer);
    this.pinned = new WaterfallRow(`${this.idPrefix}-pinned`);
    this.pinned.hide();
    this.layer.append(this.pinned.element);
    this.element.addEventListener('scroll', () => this.update(), { passive: true });
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('dblclick', (event) => this.doubleClick(event));
    this.element.addEventListener('pointerover', (event) => this.hover(event));
    this.element.addEventListener('keydown', (event) => this.keyDown(event));
    this.element.addEventListener('focus', () => this.takeFocus());
    this.resizing = new ResizeObserver(() => this.measure());
    this.resizing.observe(this.element);
    this.refresh();
  }

  destroy(): void {
    this.resizing.disconnect();
    this.element.remove();
  }

  get activeRow(): number {
    return this.context.activeRow;
  }

  setWindow(window: TimeWindow): void {
    this.context.window = window;
    this.repaint();
  }

  /** @param width pixels of the name column */
  setNameWidth(width: number): void {
    this.context.nameWidth = width;
    this.measure();
  }

  setSelected(row: number): void {
    this.context.selectedRow = row;
    this.update(true);
  }

  setActive(row: number): void {
    this.context.activeRow = row;
    this.update(true);
  }

  /** @param matches rows in order, or undefined when nothing is searched */
  setMatches(matches: Int32Array | undefined): void {
    if (matches === undefined) {
      this.context.matches = undefined;
    } else {
      const marks = new Uint8Array(this.context.rows.trace.columns.spanCount);
      for (const row of matches) marks[row] = 1;
      this.context.matches = marks;
    }
    this.update(true);
  }

  setCriticalPath(sections: CriticalSections | undefined): void {
    this.context.critical = sections;
    this.repaint();
  }

  /** To be called when rows were folded or unfolded. */
  refresh(): void {
    const { rows } = this.context;
    this.element.setAttribute('aria-rowcount', String(rows.visibleCount));
    this.layer.style.height = `${Math.min(rows.visibleCount * ROW_HEIGHT_PX, SCROLL_HEIGHT_MAX_PX)}px`;
    this.repaint();
  }

  /** Unfolds what hides the row and brings it into view, in the middle when it was out of it. */
  revealRow(row: number): void {
    const { rows } = this.context;
    const before = rows.visibleCount;
    rows.reveal(row);
    if (rows.visibleCount !== before) {
      this.refresh();
      this.events.onFold();
    }
    const position = rows.positionOf(row);
    const top = position * ROW_HEIGHT_PX;
    const view = this.virtualTop();
    if (top < view || top + ROW_HEIGHT_PX > view + this.viewportHeight) {
      this.scrollToVirtual(top - (this.viewportHeight - ROW_HEIGHT_PX) / 2);
    }
  }

  private measure(): void {
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (height === 0) return;
    this.viewportHeight = height;
    this.context.timeWidth = Math.max(40, width - this.context.nameWidth);
    const wanted = Math.ceil(height / ROW_HEIGHT_PX) + 2 * OVERSCAN_ROWS;
    while (this.pool.length < wanted) {
      const row = new WaterfallRow(`${this.idPrefix}-${this.pool.length}`);
      this.pool.push(row);
      this.pinned.element.before(row.element);
    }
    while (this.pool.length > wanted) this.pool.pop()?.element.remove();
    this.repaint();
  }

  private repaint(): void {
    for (const row of this.pool) row.position = -1;
    this.pinned.position = -1;
    this.update();
  }

  /** Pixels the virtual list is scrolled by: the scrollbar's offset, scaled when the list is taller than allowed. */
  private virtualTop(): number {
    return this.element.scrollTop * this.scrollScale();
  }

  private scrollScale(): number {
    const full = this.context.rows.visibleCount * ROW_HEIGHT_PX;
    if (full <= SCROLL_HEIGHT_MAX_PX) return 1;
    return (full - this.viewportHeight) / (SCROLL_HEIGHT_MAX_PX - this.viewportHeight);
  }

  private scrollToVirtual(top: number): void {
    this.element.scrollTop = Math.max(0, top) / this.scrollScale();
    this.update();
  }

  /** @param states whether cursor, selection or matches changed: rows already painted must show it */
  private update(states = false): void {
    const { pool, context } = this;
    const count = context.rows.visibleCount;
    if (pool.length === 0) return;
    const scaled = count * ROW_HEIGHT_PX > SCROLL_HEIGHT_MAX_PX;
    const shift = scaled ? this.element.scrollTop - this.virtualTop() : 0;
    const first = Math.max(0, Math.floor(this.virtualTop() / ROW_HEIGHT_PX) - OVERSCAN_ROWS);
    for (let position = first; position < first + pool.length; position++) {
      const slot = pool[position % pool.length];
      if (position >= count) {
        if (slot.position !== -1 || !slot.element.hidden) slot.hide();
      } else if (slot.position !== position) {
        slot.paint(position, position * ROW_HEIGHT_PX + shift, context);
      } else {
        if (scaled) slot.moveTo(position * ROW_HEIGHT_PX + shift);
        if (states) slot.paintState(context);
      }
    }
    this.pinActive(first, shift);
  }

  /** Keeps an element for the active row, and tells assistive technology which one it is. */
  private pinActive(first: number, shift: number): void {
    const { context, pool } = this;
    if (context.activeRow === -1) {
      this.pinned.hide();
      this.element.removeAttribute('aria-activedescendant');
      return;
    }
    const position = context.rows.positionOf(context.activeRow);
    const inPool = position >= first && position < first + pool.length;
    if (inPool) this.pinned.hide();
    else this.pinned.paint(position, position * ROW_HEIGHT_PX + shift, context);
    const owner = inPool ? pool[position % pool.length] : this.pinned;
    if (this.element.getAttribute('aria-activedescendant') !== owner.element.id) {
      this.element.setAttribute('aria-activedescendant', owner.element.id);
    }
  }

  private slotOf(event: Event): WaterfallRow | undefined {
    if (!(event.target instanceof Element)) return undefined;
    const element = event.target.closest('.wf-row');
    return [...this.pool, this.pinned].find((slot) => slot.element === element && slot.row !== -1);
  }

  private click(event: MouseEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined || !(event.target instanceof Element)) return;
    if (event.target.closest('.wf-chevron') !== null && this.context.rows.hasChildren(slot.row)) {
      this.fold(slot.row, this.context.rows.folded[slot.row] === 0);
      return;
    }
    // Text that has just been selected is being copied, not opened.
    if (document.getSelection()?.type === 'Range' && event.detail > 1) return;
    this.setActive(slot.row);
    this.events.onRow(slot.row, 'open');
  }

  private doubleClick(event: MouseEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined || !this.context.rows.hasChildren(slot.row)) return;
    if (event.target instanceof Element && event.target.closest('.wf-chevron') !== null) return;
    this.fold(slot.row, this.context.rows.folded[slot.row] === 0);
  }

  private hover(event: PointerEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined) return;
    slot.explain(this.context);
    this.events.onHover(slot.row);
  }

  private takeFocus(): void {
    if (this.context.activeRow === -1 && this.context.rows.visibleCount > 0) {
      this.setActive(this.context.rows.visible[Math.ceil(this.virtualTop() / ROW_HEIGHT_PX)]);
    }
  }

  private fold(row: number, folded: boolean): void {
    this.context.rows.setFolded(row, folded);
    this.context.activeRow = row;
    this.refresh();
    this.events.onFold();
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.viewportHeight / ROW_HEIGHT_PX) - 1);
    const move = treegridMove(event.key, this.context.rows, this.context.activeRow, page);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.fold !== undefined) this.fold(move.row, move.fold);
    else this.moveTo(move.row, move.open === true ? 'open' : 'move');
  }

  /** Moves the cursor, scrolling just enough. */
  moveTo(row: number, intent: 'move' | 'open'): void {
    this.setActive(row);
    const top = this.context.rows.positionOf(row) * ROW_HEIGHT_PX;
    const view = this.virtualTop();
    if (top < view) this.scrollToVirtual(top);
    else if (top + ROW_HEIGHT_PX > view + this.viewportHeight) {
      this.scrollToVirtual(top + ROW_HEIGHT_PX - this.viewportHeight);
    }
    this.events.onRow(row, intent);
  }
}
