import { FLAG_ERROR, FLAG_MISSING_PARENT, idAt, NO_PARENT } from '@clew/model';
import { text } from '../text/catalogue.ts';
import { formatCompact } from '../text/format-count.ts';
import { formatDuration } from '../text/format-duration.ts';
import { attributeAt } from './attribute-column.ts';
import { type ColourCategory, colourVariable, TRANSPARENT } from './colour-scheme.ts';
import { kindOfEntry, MISSING_ENTRY, NO_ENTRY, RUN_ENTRY, rowOfEntry, SPAN_ENTRY } from './entry.ts';
import { missingFigures } from './missing-figures.ts';
import { paintCriticalPart, paintMissingBar, paintRunBar, paintSpanBar } from './paint-bar.ts';
import type { RowContext } from './row-context.ts';
import { describeRow } from './row-description.ts';
import { createRowParts, type RowParts, setText } from './row-parts.ts';
import type { RunFigures } from './run-figures.ts';

/** Deeper rows indent less, so that a name stays in sight. */
const INDENT_PX = 12;
const INDENT_DEEP_FROM = 12;
const INDENT_DEEP_PX = 4;
const NAME_KEEPS_PX = 170;

/** One of the few row elements there are: painted again and again as lines scroll by. */
export class WaterfallRow {
  readonly element: HTMLElement;
  /** Position among the visible lines it shows; -1 when it is out of use. */
  position = -1;
  /** Line it shows. */
  entry = NO_ENTRY;
  private colour: ColourCategory | undefined;
  private readonly parts: RowParts;
  private cells: HTMLElement[] = [];

  constructor(id: string) {
    this.parts = createRowParts();
    this.element = this.parts.element;
    this.element.id = id;
    this.parts.errorMark.title = text.trace.errorMark;
    this.parts.parentMark.title = text.trace.missingParentMark;
  }

  /** Gives the line a tooltip with what may be cut; called when the pointer comes, not for every row painted. */
  explain(context: RowContext): void {
    const { trace } = context.rows;
    const row = rowOfEntry(this.entry);
    const kind = kindOfEntry(this.entry);
    const { columns, childCount, selfTime } = trace;
    const service = columns.services[columns.service[row]];
    const name = columns.names[columns.name[row]];
    if (kind === MISSING_ENTRY) {
      this.parts.name.title = text.waterfall.missing.why;
      this.parts.time.title = text.waterfall.missing.why;
      return;
    }
    const parts = [service, name];
    if (kind === SPAN_ENTRY && childCount[row] > 0) parts.push(text.trace.children(childCount[row]));
    this.parts.name.title = parts.join(' · ');
    this.parts.time.title =
      kind === RUN_ENTRY
        ? runLabel(context.figuresOf(context.rows.runOfEntry(this.entry)))
        : text.waterfall.barHint(formatDuration(columns.duration[row]), formatDuration(selfTime[row]));
    this.parts.skewMark.title = text.waterfall.skewReasons[trace.skew.reason[row]] ?? '';
    for (const [at, cell] of this.cells.entries()) cell.title = attributeAt(context.columns[at], row);
  }

  /** Takes it out of use. */
  hide(): void {
    this.position = -1;
    this.entry = NO_ENTRY;
    this.element.hidden = true;
  }

  /** Shows the line at `position`, `top` pixels from the start of the layer. */
  paint(position: number, top: number, context: RowContext): void {
    const { rows } = context;
    this.position = position;
    this.entry = rows.visible[position];
    const kind = kindOfEntry(this.entry);
    const row = rowOfEntry(this.entry);
    this.element.hidden = false;
    this.moveTo(top);
    this.paintFrame(position, context);
    if (kind === SPAN_ENTRY) this.paintSpan(row, context);
    else if (kind === RUN_ENTRY) this.paintRun(row, context);
    else this.paintMissing(row, context);
    this.paintCells(kind === SPAN_ENTRY ? row : -1, context);
    this.paintState(context);
    describeRow(this.element, position, context);
  }

  moveTo(top: number): void {
    this.element.style.transform = `translateY(${top}px)`;
  }

  /** The line's part of the critical path. */
  paintCritical(context: RowContext): void {
    if (kindOfEntry(this.entry) === SPAN_ENTRY) paintCriticalPart(this.parts, rowOfEntry(this.entry), context);
  }

  /** What changes without the line changing: cursor, selection, match. */
  paintState(context: RowContext): void {
    const { classList } = this.element;
    const row = kindOfEntry(this.entry) === SPAN_ENTRY ? rowOfEntry(this.entry) : -1;
    const isSelected = row !== -1 && row === context.selectedRow;
    classList.toggle('is-active', this.entry === context.activeEntry);
    classList.toggle('is-selected', isSelected);
    const isMatch = context.matches !== undefined && this.hasMatch(context.matches, context);
    classList.toggle('is-match', isMatch);
    classList.toggle('is-no-match', context.matches !== undefined && !isMatch);
    this.element.setAttribute('aria-selected', String(isSelected));
  }

  /** Whether the line stands for a match: its own, or one that is closed up in it. */
  private hasMatch(matches: Uint8Array, { rows }: RowContext): boolean {
    const row = rowOfEntry(this.entry);
    const kind = kindOfEntry(this.entry);
    if (kind === MISSING_ENTRY) return false;
    if (!rows.canFold(this.entry) || !rows.isFolded(this.entry)) return kind === SPAN_ENTRY && matches[row] === 1;
    const { runs, subtreeEnd } = rows.trace;
    const end = kind === RUN_ENTRY ? runs.end[rows.runOfEntry(this.entry)] : subtreeEnd[row];
    return matches.subarray(row, end).includes(1);
  }

  private paintFrame(position: number, context: RowContext): void {
    const { rows } = context;
    const { indent, chevron } = this.parts;
    const level = rows.level[position];
    const natural =
      Math.min(level, INDENT_DEEP_FROM) * INDENT_PX + Math.max(0, level - INDENT_DEEP_FROM) * INDENT_DEEP_PX;
    indent.style.width = `${Math.min(natural, Math.max(0, context.nameWidth - NAME_KEEPS_PX))}px`;
    const foldable = rows.canFold(this.entry);
    chevron.classList.toggle('is-leaf', !foldable);
    chevron.classList.toggle('is-folded', foldable && rows.isFolded(this.entry));
  }

  private paintSpan(row: number, context: RowContext): void {
    const { rows, scheme } = context;
    const { columns, subtreeEnd, skew } = rows.trace;
    const { parts } = this;
    this.setKind('');
    this.paintColour(scheme.categories[scheme.categoryOf[row]]);
    const above = columns.parent[row];
    const sameService = above !== NO_PARENT && columns.service[above] === columns.service[row];
    setText(parts.service, sameService ? '' : columns.services[columns.service[row]]);
    const name = columns.names[columns.name[row]];
    setText(parts.operationText, name === '' ? text.trace.namelessSpan : name);
    const isFolded = rows.folded[row] === 1 && rows.hasChildren(row);
    this.setHidden(isFolded ? `+${formatCompact(subtreeEnd[row] - row - 1)}` : '');
    const flags = columns.flags[row];
    this.setMarks((flags & FLAG_ERROR) !== 0, (flags & FLAG_MISSING_PARENT) !== 0, skew.reason[row] !== 0);
    parts.count.hidden = true;
    parts.histogram.hidden = true;
    paintSpanBar(parts, row, context);
  }

  private paintRun(row: number, context: RowContext): void {
    const { rows, scheme } = context;
    const { columns } = rows.trace;
    const { parts } = this;
    const run = rows.runOfEntry(this.entry);
    const figures = context.figuresOf(run);
    this.setKind('is-run');
    this.paintColour(scheme.categories[scheme.categoryOf[row]]);
    const above = columns.parent[row];
    const sameService = above !== NO_PARENT && columns.service[above] === columns.service[row];
    setText(parts.service, sameService ? '' : columns.services[columns.service[row]]);
    const name = columns.names[columns.name[row]];
    setText(parts.operationText, name === '' ? text.trace.namelessSpan : name);
    parts.count.hidden = false;
    setText(parts.countText, `× ${formatCompact(figures.count)}`);
    this.setHidden('');
    this.setMarks(figures.errors > 0, false, false);
    parts.histogram.hidden = false;
    paintHistogram(parts.histogram, figures.histogram);
    paintRunBar(parts, run, context, [runLabel(figures), text.waterfall.run.short(formatDuration(figures.total))]);
  }

  private paintMissing(row: number, context: RowContext): void {
    const { missing } = context.rows.trace.columns;
    const { parts } = this;
    const figures = missingFigures(context.rows.trace, row);
    this.setKind('is-missing');
    this.paintColour(MISSING_COLOUR);
    setText(parts.service, '');
    const id = missing === undefined ? '' : idAt(missing.spanId, figures.index);
    setText(parts.operationText, text.waterfall.missing.name(id.slice(0, 8)));
    this.setHidden('');
    this.setMarks(false, true, false);
    parts.count.hidden = true;
    parts.histogram.hidden = true;
    paintMissingBar(parts, figures.from, figures.to, context, text.waterfall.missing.label(figures.spans));
  }

  private setKind(kind: '' | 'is-run' | 'is-missing'): void {
    this.element.classList.toggle('is-run', kind === 'is-run');
    this.element.classList.toggle('is-missing-row', kind === 'is-missing');
  }

  private setHidden(more: string): void {
    const { dataset } = this.parts.operation;
    if (dataset.hidden !== more) dataset.hidden = more;
  }

  private setMarks(error: boolean, parent: boolean, skew: boolean): void {
    this.parts.errorMark.hidden = !error;
    this.parts.parentMark.hidden = !parent;
    this.parts.skewMark.hidden = !skew;
    this.element.classList.toggle('has-error', error);
  }

  /** Written to the elements that show it: an inherited custom property would restyle the whole row. */
  private paintColour(colour: ColourCategory): void {
    if (colour === this.colour) return;
    this.colour = colour;
    const value = colourVariable(colour.colour);
    const marked = colour.monogram !== '';
    const { bar, tail, dot, dotText } = this.parts;
    bar.style.backgroundColor = value;
    tail.style.backgroundColor = value;
    dot.style.backgroundColor = marked ? 'transparent' : value;
    dot.style.borderColor = colour.colour === TRANSPARENT ? '' : value;
    dot.classList.toggle('has-monogram', marked);
    setText(dotText, colour.monogram);
  }

  /** @param row -1 where the line has no values */
  private paintCells(row: number, context: RowContext): void {
    const { columns } = context;
    while (this.cells.length > columns.length) this.cells.pop()?.remove();
    while (this.cells.length < columns.length) {
      const cell = document.createElement('div');
      cell.setAttribute('role', 'gridcell');
      cell.className = 'wf-cell';
      this.parts.time.before(cell);
      this.cells.push(cell);
    }
    for (const [at, column] of columns.entries()) {
      const cell = this.cells[at];
      const value = row === -1 ? '' : attributeAt(column, row);
      if (cell.textContent !== value) cell.textContent = value;
      cell.style.left = `${context.nameWidth + at * context.columnWidth}px`;
      cell.style.width = `${context.columnWidth}px`;
    }
  }
}

const MISSING_COLOUR: ColourCategory = { label: '', spanCount: 0, colour: TRANSPARENT, monogram: '' };

function runLabel({ total, p50, max, errors }: RunFigures): string {
  return text.waterfall.run.figures(formatDuration(total), formatDuration(p50), formatDuration(max), errors);
}

/** Bars as backgrounds of one element. */
function paintHistogram(element: HTMLElement, bars: readonly number[]): void {
  const tallest = Math.max(1, ...bars);
  const step = 100 / Math.max(1, bars.length - 1);
  element.style.backgroundImage = bars.map(() => 'linear-gradient(currentColor, currentColor)').join();
  element.style.backgroundPosition = bars.map((_, at) => `${at * step}% 100%`).join();
  // A bar that counts something is to be seen.
  const heights = bars.map((bar) => (bar === 0 ? 0 : Math.max(12, (bar / tallest) * 100)));
  element.style.backgroundSize = heights.map((height) => `3px ${height}%`).join();
}
