import { text } from '../text/catalogue.ts';
import type { AttributeColumn } from './attribute-column.ts';
import type { ColourScheme } from './colour-scheme.ts';
import type { CriticalSections } from './critical-path.ts';
import { entryOf, kindOfEntry, NO_ENTRY, rowOfEntry, SPAN_ENTRY } from './entry.ts';
import type { RowContext } from './row-context.ts';
import { RowMarks } from './row-marks.ts';
import type { RowModel } from './row-model.ts';
import { RunFiguresMemory } from './run-figures-memory.ts';
import type { TimeWindow } from './time-scale.ts';
import { treegridMove } from './treegrid-move.ts';
import { WaterfallRow } from './waterfall-row.ts';
import './waterfall.css';

/** Rows kept painted above and below the viewport, so that a compositor scroll does not outrun them. */
const OVERSCAN_ROWS = 5;
/** Beyond it browsers clip element heights, and the scrollbar is scaled instead: 600,000 rows of 24 px. */
export const SCROLL_HEIGHT_MAX_PX = 14_400_000;

export interface WaterfallEvents {
  /** The cursor moved to a span (`move`), or one was clicked or confirmed with Enter (`open`). */
  readonly onRow: (row: number, intent: 'move' | 'open') => void;
  /** Rows were folded or unfolded by the user. */
  readonly onFold: () => void;
  /** The pointer rests on a span: time to fetch ahead. */
  readonly onHover: (row: number) => void;
  /** The first row in sight is another. */
  readonly onScroll: () => void;
}

/** How lines are shown; changes at any time. */
export interface WaterfallLook {
  readonly rowHeight: number;
  /** Pixels of the name column, and of each attribute column. */
  readonly nameWidth: number;
  readonly columnWidth: number;
  readonly columns: readonly AttributeColumn[];
  readonly scheme: ColourScheme;
  readonly selfShown: boolean;
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
  /** As rows were last painted for: asking the element again would lay out what has just been painted. */
  private scrollTop = 0;
  private look: WaterfallLook;
  private readonly resizing: ResizeObserver;

  constructor(rows: RowModel, look: WaterfallLook, window: TimeWindow, events: WaterfallEvents) {
    this.events = events;
    this.look = look;
    const figures = new RunFiguresMemory(rows.trace);
    this.context = {
      rows,
      ...look,
      window,
      timeWidth: 600,
      activeEntry: NO_ENTRY,
      selectedRow: -1,
      matches: undefined,
      critical: undefined,
      figuresOf: (run) => figures.of(run),
    };
    this.element = document.createElement('div');
    this.element.className = 'wf-scroll';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', text.trace.waterfallLabel);
    this.layer = document.createElement('div');
    this.layer.className = 'wf-layer';
    this.layer.setAttribute('role', 'presentation');
    this.element.append(this.layer);
    this.pinned = new WaterfallRow(`${this.idPrefix}-pinned`);
    this.pinned.hide();
    this.layer.append(this.pinned.element);
    this.element.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.element.addEventListener('click', (event) => this.click(event));
    this.element.addEventListener('dblclick', (event) => this.doubleClick(event));
    this.element.addEventListener('pointerover', (event) => this.hover(event));
    this.element.addEventListener('keydown', (event) => this.keyDown(event));
    this.element.addEventListener('focus', () => this.takeFocus());
    this.resizing = new ResizeObserver(() => this.resized());
    this.resizing.observe(this.element);
    this.refresh();
  }

  /** To be called when the element stands in the page: rows are painted at once, not when its size is told. */
  attached(): void {
    this.resized();
  }

  destroy(): void {
    this.resizing.disconnect();
    this.element.remove();
  }

  /** Row of the cursor, or of the first span of the run or below the missing span it is on; -1 when it is nowhere. */
  get activeRow(): number {
    return this.context.activeEntry === NO_ENTRY ? -1 : rowOfEntry(this.context.activeEntry);
  }

  /** Line of the cursor, or NO_ENTRY. */
  get activeEntry(): number {
    return this.context.activeEntry;
  }

  /** Row of the first line in sight; -1 at the very top. */
  get firstRow(): number {
    const { rows, rowHeight } = this.context;
    const position = Math.floor(this.virtualTop() / rowHeight);
    return position <= 0 || position >= rows.visibleCount ? -1 : rowOfEntry(rows.visible[position]);
  }

  setWindow(window: TimeWindow): void {
    this.context.window = window;
    this.repaint();
  }

  setLook(look: WaterfallLook): void {
    if (look === this.look) return;
    this.look = look;
    Object.assign(this.context, look);
    this.fit();
    this.refresh();
  }

  setSelected(row: number): void {
    if (row === this.context.selectedRow) return;
    this.context.selectedRow = row;
    this.update(true);
  }

  setActive(entry: number): void {
    this.context.activeEntry = entry;
    this.update(true);
  }

  /** @param matches rows in order, or undefined when nothing is searched */
  setMatches(matches: Int32Array | undefined): void {
    const { context } = this;
    if (matches === undefined && context.matches === undefined) return;
    context.matches = matches === undefined ? undefined : RowMarks.of(context.rows.trace.columns, matches).marks;
    this.update(true);
  }

  setCriticalPath(sections: CriticalSections | undefined): void {
    if (sections === this.context.critical) return;
    this.context.critical = sections;
    for (const slot of [...this.pool, this.pinned]) slot.paintCritical(this.context);
  }

  /** To be called when rows were folded or unfolded. */
  refresh(): void {
    const { rows } = this.context;
    this.element.setAttribute('aria-rowcount', String(rows.visibleCount));
    this.element.setAttribute('aria-colcount', String(2 + this.context.columns.length));
    this.element.style.setProperty('--row-height', `${this.context.rowHeight}px`);
    this.layer.style.height = `${Math.min(rows.visibleCount * this.context.rowHeight, SCROLL_HEIGHT_MAX_PX)}px`;
    this.repaint();
  }

  /** Unfolds what hides the row and brings it into view, in the middle when it was out of it. */
  revealRow(row: number): void {
    const { rows, rowHeight } = this.context;
    if (rows.reveal(row)) {
      this.refresh();
      this.events.onFold();
    }
    const top = rows.positionOf(entryOf(row)) * rowHeight;
    const view = this.virtualTop();
    if (top < view || top + rowHeight > view + this.viewportHeight) {
      this.scrollToVirtual(top - (this.viewportHeight - rowHeight) / 2);
    }
  }

  /** Brings the line of a row to the top. */
  scrollToRow(row: number): void {
    const { rows, rowHeight } = this.context;
    this.scrollToVirtual(rows.positionOf(entryOf(row)) * rowHeight);
  }

  private scrolled(): void {
    this.update();
    this.events.onScroll();
  }

  private resized(): void {
    if (this.fit()) this.repaint();
  }

  /** Makes as many rows as there is room for. Returns whether the size is another one. */
  private fit(): boolean {
    const { context } = this;
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (height === 0) return false;
    const timeWidth = Math.max(40, width - context.nameWidth - context.columns.length * context.columnWidth);
    const wanted = Math.ceil(height / context.rowHeight) + 2 * OVERSCAN_ROWS;
    if (height === this.viewportHeight && timeWidth === context.timeWidth && wanted === this.pool.length) return false;
    this.viewportHeight = height;
    context.timeWidth = timeWidth;
    while (this.pool.length < wanted) {
      const row = new WaterfallRow(`${this.idPrefix}-${this.pool.length}`);
      this.pool.push(row);
      this.pinned.element.before(row.element);
    }
    while (this.pool.length > wanted) this.pool.pop()?.element.remove();
    return true;
  }

  private repaint(): void {
    for (const row of this.pool) row.position = -1;
    this.pinned.position = -1;
    this.update();
  }

  /** Pixels the virtual list is scrolled by: the scrollbar's offset, scaled when the list is taller than allowed. */
  private virtualTop(): number {
    return this.scrollTop * this.scrollScale();
  }

  private scrollScale(): number {
    const full = this.context.rows.visibleCount * this.context.rowHeight;
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
    const { rowHeight } = context;
    const count = context.rows.visibleCount;
    if (pool.length === 0) return;
    this.scrollTop = this.element.scrollTop;
    const scaled = count * rowHeight > SCROLL_HEIGHT_MAX_PX;
    const shift = scaled ? this.scrollTop - this.virtualTop() : 0;
    const first = Math.max(0, Math.floor(this.virtualTop() / rowHeight) - OVERSCAN_ROWS);
    for (let position = first; position < first + pool.length; position++) {
      const slot = pool[position % pool.length];
      if (position >= count) {
        if (slot.position !== -1 || !slot.element.hidden) slot.hide();
      } else if (slot.position !== position) {
        slot.paint(position, position * rowHeight + shift, context);
      } else {
        if (scaled) slot.moveTo(position * rowHeight + shift);
        if (states) slot.paintState(context);
      }
    }
    this.pinActive(first, shift);
  }

  /** Keeps an element for the active row, and tells assistive technology which one it is. */
  private pinActive(first: number, shift: number): void {
    const { context, pool } = this;
    if (context.activeEntry === NO_ENTRY || context.rows.visibleCount === 0) {
      this.pinned.hide();
      this.element.removeAttribute('aria-activedescendant');
      return;
    }
    const position = context.rows.positionOf(context.activeEntry);
    const inPool = position >= first && position < first + pool.length;
    if (inPool) this.pinned.hide();
    else this.pinned.paint(position, position * context.rowHeight + shift, context);
    const owner = inPool ? pool[position % pool.length] : this.pinned;
    if (this.element.getAttribute('aria-activedescendant') !== owner.element.id) {
      this.element.setAttribute('aria-activedescendant', owner.element.id);
    }
  }

  private slotOf(event: Event): WaterfallRow | undefined {
    if (!(event.target instanceof Element)) return undefined;
    const element = event.target.closest('.wf-row');
    return [...this.pool, this.pinned].find((slot) => slot.element === element && slot.entry !== NO_ENTRY);
  }

  private click(event: MouseEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined || !(event.target instanceof Element)) return;
    const { rows } = this.context;
    const { entry } = slot;
    const isSpan = kindOfEntry(entry) === SPAN_ENTRY;
    if (rows.canFold(entry) && (!isSpan || event.target.closest('.wf-chevron') !== null)) {
      this.fold(entry, !rows.isFolded(entry));
      return;
    }
    // Text that has just been selected is being copied, not opened.
    if (document.getSelection()?.type === 'Range' && event.detail > 1) return;
    this.setActive(entry);
    if (isSpan) this.events.onRow(rowOfEntry(entry), 'open');
  }

  private doubleClick(event: MouseEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined || kindOfEntry(slot.entry) !== SPAN_ENTRY || !this.context.rows.canFold(slot.entry)) return;
    if (event.target instanceof Element && event.target.closest('.wf-chevron') !== null) return;
    this.fold(slot.entry, !this.context.rows.isFolded(slot.entry));
  }

  private hover(event: PointerEvent): void {
    const slot = this.slotOf(event);
    if (slot === undefined) return;
    slot.explain(this.context);
    if (kindOfEntry(slot.entry) === SPAN_ENTRY) this.events.onHover(rowOfEntry(slot.entry));
  }

  private takeFocus(): void {
    const { rows, rowHeight, activeEntry } = this.context;
    if (activeEntry !== NO_ENTRY || rows.visibleCount === 0) return;
    const position = Math.min(rows.visibleCount - 1, Math.ceil(this.virtualTop() / rowHeight));
    this.setActive(rows.visible[position]);
  }

  private fold(entry: number, folded: boolean): void {
    this.context.rows.setFolded(entry, folded);
    this.context.activeEntry = entry;
    this.refresh();
    this.events.onFold();
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.viewportHeight / this.context.rowHeight) - 1);
    const move = treegridMove(event.key, this.context.rows, this.context.activeEntry, page);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.fold !== undefined) this.fold(move.entry, move.fold);
    else this.moveTo(move.entry, move.open === true ? 'open' : 'move');
  }

  /** Moves the cursor to a line, scrolling just enough. */
  moveTo(entry: number, intent: 'move' | 'open'): void {
    const { rows, rowHeight } = this.context;
    this.setActive(entry);
    const top = rows.positionOf(entry) * rowHeight;
    const view = this.virtualTop();
    if (top < view) this.scrollToVirtual(top);
    else if (top + rowHeight > view + this.viewportHeight) {
      this.scrollToVirtual(top + rowHeight - this.viewportHeight);
    }
    if (kindOfEntry(entry) === SPAN_ENTRY) this.events.onRow(rowOfEntry(entry), intent);
  }
}
