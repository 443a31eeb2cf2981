import { diffMove } from './diff-move.ts';
import { type DiffContext, type DiffFacts, DiffRow } from './diff-row.ts';
import type { DiffOrder, DiffRows } from './diff-rows.ts';

const ROW_HEIGHT_PX = 24;
const HEAD_HEIGHT_PX = 28;
const OVERSCAN_ROWS = 5;

export interface DiffColumns {
  /** Of the tree's own column, then of the figures before the difference, of it, and of those after. */
  readonly name: string;
  readonly before: readonly DiffColumn[];
  readonly difference: DiffColumn;
  readonly after: readonly DiffColumn[];
}

export interface DiffColumn {
  readonly title: string;
  readonly hint: string;
}

export interface DiffTreeOptions {
  readonly label: string;
  readonly columns: DiffColumns;
  readonly factsOf: (node: number) => DiffFacts;
  /** A node was clicked or confirmed with Enter. */
  readonly onOpen: (node: number) => void;
}

let views = 0;

/**
 * A merged tree with figures of both sides: some 50 row elements, painted from the nodes as they scroll by. One tab
 * stop with treegrid semantics; the active row always has an element, so that assistive technology never loses it.
 */
export class DiffTreeView {
  readonly element: HTMLElement;
  private readonly layer: HTMLElement;
  private readonly context: DiffContext;
  private readonly options: DiffTreeOptions;
  private readonly idPrefix = `diff${++views}`;
  private readonly pinned: DiffRow;
  private pool: DiffRow[] = [];
  private viewportHeight = 0;
  private readonly resizing: ResizeObserver;

  constructor(rows: DiffRows, options: DiffTreeOptions) {
    const { columns } = options;
    this.options = options;
    this.context = { rows, factsOf: options.factsOf, activeNode: -1, selectedNode: -1 };
    this.element = document.createElement('div');
    this.element.className = 'diff-scroll';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', options.label);
    this.element.setAttribute('aria-colcount', String(columns.before.length + columns.after.length + 2));
    this.layer = document.createElement('div');
    this.layer.className = 'diff-layer';
    this.layer.setAttribute('role', 'rowgroup');
    this.pinned = this.newRow('pinned');
    this.pinned.hide();
    this.layer.append(this.pinned.element);
    this.element.append(headOf(columns), this.layer);
    this.element.addEventListener('scroll', () => this.update(), { passive: true });
    this.element.addEventListener('click', (event) => this.click(event));
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

  get activeNode(): number {
    return this.context.activeNode;
  }

  arrange(order: DiffOrder): void {
    this.context.rows.arrange(order);
    this.refresh();
    if (this.context.activeNode !== -1) this.bringIntoView(this.context.activeNode);
  }

  foldAll(folded: boolean): void {
    this.context.rows.foldAll(folded);
    this.refresh();
  }

  /** Selects a node (-1: none), unfolding and scrolling to it where it cannot be seen. */
  select(node: number): void {
    this.context.selectedNode = node;
    if (node !== -1) {
      if (this.context.activeNode !== node) {
        this.context.rows.reveal(node);
        this.refresh();
        this.bringIntoView(node);
      }
      this.context.activeNode = node;
    }
    this.update(true);
  }

  /** Moves the cursor to the next (1) or previous (-1) node of which `wanted` holds. */
  jump(wanted: (node: number) => boolean, direction: 1 | -1): number {
    const { rows } = this.context;
    const from = this.context.activeNode === -1 ? -1 : rows.positionOf(this.context.activeNode);
    for (let at = from + direction; at >= 0 && at < rows.visibleCount; at += direction) {
      if (!wanted(rows.visible[at])) continue;
      this.moveTo(rows.visible[at]);
      return rows.visible[at];
    }
    return -1;
  }

  private newRow(id: string): DiffRow {
    const { before, after } = this.options.columns;
    return new DiffRow(`${this.idPrefix}-${id}`, before.length, after.length);
  }

  /** To be called when other rows are to be seen than before. */
  private refresh(): void {
    const { visibleCount } = this.context.rows;
    this.element.setAttribute('aria-rowcount', String(visibleCount + 1));
    this.layer.style.height = `${visibleCount * ROW_HEIGHT_PX}px`;
    for (const row of this.pool) row.position = -1;
    this.update();
  }

  private measure(): void {
    this.viewportHeight = Math.max(0, this.element.clientHeight - HEAD_HEIGHT_PX);
    const wanted = Math.ceil(this.viewportHeight / ROW_HEIGHT_PX) + 2 * OVERSCAN_ROWS;
    while (this.pool.length < wanted) {
      const row = this.newRow(String(this.pool.length));
      this.pool.push(row);
      this.pinned.element.before(row.element);
    }
    while (this.pool.length > wanted) this.pool.pop()?.element.remove();
    this.refresh();
  }

  /** @param states whether cursor or selection changed: rows already painted must show it */
  private update(states = false): void {
    const { pool, context } = this;
    if (pool.length === 0) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT_PX) - OVERSCAN_ROWS);
    for (let position = first; position < first + pool.length; position++) {
      const slot = pool[position % pool.length];
      if (position >= context.rows.visibleCount) slot.hide();
      else if (slot.position !== position) slot.paint(position, position * ROW_HEIGHT_PX, context);
      else if (states) slot.paintState(context);
    }
    this.pinActive(first);
  }

  private pinActive(first: number): void {
    const { context, pool } = this;
    const position = context.activeNode === -1 ? -1 : context.rows.positionOf(context.activeNode);
    if (position === -1) {
      this.pinned.hide();
      this.element.removeAttribute('aria-activedescendant');
      return;
    }
    const inPool = position >= first && position < first + pool.length;
    if (inPool) this.pinned.hide();
    else this.pinned.paint(position, position * ROW_HEIGHT_PX, context);
    const owner = inPool ? pool[position % pool.length] : this.pinned;
    this.element.setAttribute('aria-activedescendant', owner.element.id);
  }

  private click(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const element = event.target.closest('.diff-row');
    const slot = [...this.pool, this.pinned].find((one) => one.element === element && one.node !== -1);
    if (slot === undefined) return;
    const { rows } = this.context;
    if (event.target.closest('.diff-chevron') !== null && rows.hasChildren(slot.node)) {
      this.fold(slot.node, rows.folded[slot.node] === 0);
      return;
    }
    this.context.activeNode = slot.node;
    this.update(true);
    this.options.onOpen(slot.node);
  }

  private takeFocus(): void {
    const { rows } = this.context;
    if (this.context.activeNode !== -1 || rows.visibleCount === 0) return;
    const first = Math.min(rows.visibleCount - 1, Math.ceil(this.element.scrollTop / ROW_HEIGHT_PX));
    this.context.activeNode = rows.visible[first];
    this.update(true);
  }

  private fold(node: number, folded: boolean): void {
    this.context.rows.setFolded(node, folded);
    this.context.activeNode = node;
    this.refresh();
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.viewportHeight / ROW_HEIGHT_PX) - 1);
    const move = diffMove(event.key, this.context.rows, this.context.activeNode, page);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.fold !== undefined) this.fold(move.node, move.fold);
    else this.moveTo(move.node);
    if (move.open === true) this.options.onOpen(move.node);
  }

  private moveTo(node: number): void {
    this.context.activeNode = node;
    this.bringIntoView(node);
    this.update(true);
  }

  /** Scrolls just enough. */
  private bringIntoView(node: number): void {
    const position = this.context.rows.positionOf(node);
    if (position === -1) return;
    const top = position * ROW_HEIGHT_PX;
    const { scrollTop } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW_HEIGHT_PX > scrollTop + this.viewportHeight) {
      this.element.scrollTop = top + ROW_HEIGHT_PX - this.viewportHeight;
    }
    this.update();
  }
}

function headOf(columns: DiffColumns): HTMLElement {
  const group = document.createElement('div');
  group.className = 'diff-head';
  group.setAttribute('role', 'rowgroup');
  const row = document.createElement('div');
  row.className = 'diff-row is-head';
  row.setAttribute('role', 'row');
  row.setAttribute('aria-rowindex', '1');
  const add = (className: string, title: string, hint: string): void => {
    const cell = document.createElement('div');
    cell.className = className;
    cell.setAttribute('role', 'columnheader');
    cell.textContent = title;
    if (hint !== '') cell.title = hint;
    row.append(cell);
  };
  add('diff-name', columns.name, '');
  for (const { title, hint } of columns.before) add('diff-figure', title, hint);
  add('diff-difference', columns.difference.title, columns.difference.hint);
  for (const { title, hint } of columns.after) add('diff-figure', title, hint);
  group.append(row);
  return group;
}
