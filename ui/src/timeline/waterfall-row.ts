import { FLAG_CLOCK_SKEW, FLAG_ERROR, FLAG_MISSING_PARENT, NO_PARENT } from '@clew/model';
import { text } from '../text/catalogue.ts';
import { formatCompact } from '../text/format-count.ts';
import { formatDuration } from '../text/format-duration.ts';
import { type CriticalSections, firstSectionOf } from './critical-path.ts';
import type { RowModel } from './row-model.ts';
import type { ServiceColour } from './service-colours.ts';
import type { TimeWindow } from './time-scale.ts';

/** What all rows are painted from; the view changes it, rows read it. */
export interface RowContext {
  readonly rows: RowModel;
  /** By service index of the columns. */
  readonly colours: readonly ServiceColour[];
  window: TimeWindow;
  /** Pixels. */
  nameWidth: number;
  timeWidth: number;
  /** Row index, or -1. */
  activeRow: number;
  selectedRow: number;
  /** 1 for a row the find text matches. */
  matches: Uint8Array | undefined;
  critical: CriticalSections | undefined;
}

const TEMPLATE = `<div role="row" class="wf-row">
  <div role="gridcell" class="wf-name"><span class="wf-indent"></span><span class="wf-chevron"></span><span
    class="wf-dot"></span><span class="wf-service"></span><span class="wf-mark is-error-mark" hidden>!</span><span
    class="wf-mark is-parent-mark" hidden>?</span><span class="wf-mark is-skew-mark" hidden>~</span><span
    class="wf-operation"></span></div>
  <div role="gridcell" class="wf-time"><div class="wf-bar"></div><div class="wf-critical" hidden></div><span
    class="wf-duration"></span></div>
</div>`;

/** Deeper rows indent less, so that a name stays in sight. */
const INDENT_PX = 12;
const INDENT_DEEP_FROM = 12;
const INDENT_DEEP_PX = 4;
const NAME_KEEPS_PX = 170;
/** Width of a character of the duration label, and the gap before it. */
const LABEL_CHARACTER_PX = 6.7;
const LABEL_GAP_PX = 8;
/** Between a label on a bar and the bar's end, which must stay in sight. */
const LABEL_INSET_PX = 8;

/** Stretches of the critical path closer than this are drawn as one; beyond so many a row's line ends. */
const STRETCH_GAP_PX = 1;
const STRETCHES_MAX = 64;
const STRETCH_MIN_PX = 1;

let template: HTMLTemplateElement | undefined;

/** The one text node of an element: changing its data is cheaper than replacing it. */
function textIn(element: HTMLElement): Text {
  const node = document.createTextNode('');
  element.replaceChildren(node);
  return node;
}

/** A part of a row's time on the critical path, in pixels of the time column. */
interface Stretch {
  readonly from: number;
  to: number;
}

/** What the window shows of a row's critical path: stretches that touch on the screen are one, slivers are none. */
function stretchesOf(critical: CriticalSections, row: number, context: RowContext, scale: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let last: Stretch | undefined;
  for (let at = firstSectionOf(critical, row); at < critical.row.length && critical.row[at] === row; at++) {
    const from = Math.max(-2, (critical.from[at] - context.window.from) * scale);
    const to = Math.min(context.timeWidth + 2, (critical.to[at] - context.window.from) * scale);
    if (to < 0 || from > context.timeWidth) continue;
    if (last !== undefined && from <= last.to + STRETCH_GAP_PX) {
      last.to = Math.max(to, last.to);
    } else {
      if (stretches.length === STRETCHES_MAX) break;
      last = { from, to };
      stretches.push(last);
    }
  }
  return stretches.filter(({ from, to }) => to - from >= STRETCH_MIN_PX);
}

/** Gradient stops draw all stretches of a row in one element. */
function gradientOf(stretches: readonly Stretch[], colour: string): string {
  const stops = stretches.map(
    ({ from, to }) => `transparent ${from}px, ${colour} ${from}px ${to}px, transparent ${to}px`,
  );
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

/** One of the few row elements there are: painted again and again as rows scroll by. */
export class WaterfallRow {
  readonly element: HTMLElement;
  /** Position among the visible rows it shows; -1 when it is out of use. */
  position = -1;
  /** Row of the columns it shows. */
  row = -1;
  private colour: ServiceColour | undefined;
  private readonly name: HTMLElement;
  private readonly indent: HTMLElement;
  private readonly chevron: HTMLElement;
  private readonly dot: HTMLElement;
  private readonly service: Text;
  private readonly errorMark: HTMLElement;
  private readonly parentMark: HTMLElement;
  private readonly skewMark: HTMLElement;
  private readonly operation: HTMLElement;
  private readonly operationText: Text;
  private readonly bar: HTMLElement;
  private readonly critical: HTMLElement;
  private readonly label: HTMLElement;
  private readonly labelText: Text;
  private readonly dotText: Text;

  constructor(id: string) {
    if (template === undefined) {
      template = document.createElement('template');
      template.innerHTML = TEMPLATE.replace(/\n\s*/g, ' ').replace(/> </g, '><');
    }
    const element = template.content.firstElementChild?.cloneNode(true);
    if (!(element instanceof HTMLElement)) throw new Error('waterfall row: the template has no element.');
    element.id = id;
    this.element = element;
    const part = (selector: string): HTMLElement => {
      const found = element.querySelector(selector);
      if (!(found instanceof HTMLElement)) throw new Error(`waterfall row: no ${selector} in the template.`);
      return found;
    };
    this.name = part('.wf-name');
    this.indent = part('.wf-indent');
    this.chevron = part('.wf-chevron');
    this.dot = part('.wf-dot');
    this.service = textIn(part('.wf-service'));
    this.errorMark = part('.is-error-mark');
    this.parentMark = part('.is-parent-mark');
    this.skewMark = part('.is-skew-mark');
    this.operation = part('.wf-operation');
    this.operationText = textIn(this.operation);
    this.dotText = textIn(this.dot);
    this.bar = part('.wf-bar');
    this.critical = part('.wf-critical');
    this.label = part('.wf-duration');
    this.labelText = textIn(this.label);
    this.errorMark.title = text.trace.errorMark;
    this.parentMark.title = text.trace.missingParentMark;
    this.skewMark.title = text.trace.clockSkewMark;
  }

  /** Gives the name column a tooltip with what may be cut; called when the pointer comes, not for every row painted. */
  explain(context: RowContext): void {
    const { columns, childCount } = context.rows.trace;
    const { row } = this;
    const parts = [columns.services[columns.service[row]], columns.names[columns.name[row]]];
    if (childCount[row] > 0) parts.push(text.trace.children(childCount[row]));
    this.name.title = parts.join(' · ');
  }

  /** Takes it out of use. */
  hide(): void {
    this.position = -1;
    this.row = -1;
    this.element.hidden = true;
  }

  /** Shows the row at `position`, `top` pixels from the start of the rows' layer. */
  paint(position: number, top: number, context: RowContext): void {
    const { rows } = context;
    const row = rows.visible[position];
    this.position = position;
    this.row = row;
    this.element.hidden = false;
    this.moveTo(top);
    this.paintName(row, context);
    this.paintTime(row, context);
    this.paintState(context);
    this.describe(row, position, context);
  }

  moveTo(top: number): void {
    this.element.style.transform = `translateY(${top}px)`;
  }

  /** What changes without the row changing: cursor, selection, match. */
  paintState(context: RowContext): void {
    const { classList } = this.element;
    classList.toggle('is-active', this.row === context.activeRow);
    classList.toggle('is-selected', this.row === context.selectedRow);
    classList.toggle('is-match', context.matches?.[this.row] === 1);
    classList.toggle('is-no-match', context.matches !== undefined && context.matches[this.row] === 0);
    this.element.setAttribute('aria-selected', String(this.row === context.selectedRow));
  }

  private paintName(row: number, context: RowContext): void {
    const { rows, colours } = context;
    const { columns, depth, subtreeEnd } = rows.trace;
    const level = depth[row];
    const natural =
      Math.min(level, INDENT_DEEP_FROM) * INDENT_PX + Math.max(0, level - INDENT_DEEP_FROM) * INDENT_DEEP_PX;
    this.indent.style.width = `${Math.min(natural, Math.max(0, context.nameWidth - NAME_KEEPS_PX))}px`;
    const foldable = rows.hasChildren(row);
    const folded = rows.folded[row] === 1;
    const hidden = subtreeEnd[row] - row - 1;
    this.chevron.classList.toggle('is-leaf', !foldable);
    this.chevron.classList.toggle('is-folded', foldable && folded);
    this.paintColour(colours[columns.service[row]]);
    const above = columns.parent[row];
    const sameService = above !== NO_PARENT && columns.service[above] === columns.service[row];
    const service = sameService ? '' : columns.services[columns.service[row]];
    if (this.service.data !== service) this.service.data = service;
    const name = columns.names[columns.name[row]];
    const shownName = name === '' ? text.trace.namelessSpan : name;
    if (this.operationText.data !== shownName) this.operationText.data = shownName;
    const more = foldable && folded ? `+${formatCompact(hidden)}` : '';
    if (this.operation.dataset.hidden !== more) this.operation.dataset.hidden = more;
    const flags = columns.flags[row];
    this.errorMark.hidden = (flags & FLAG_ERROR) === 0;
    this.parentMark.hidden = (flags & FLAG_MISSING_PARENT) === 0;
    this.skewMark.hidden = (flags & FLAG_CLOCK_SKEW) === 0;
    this.element.classList.toggle('has-error', (flags & FLAG_ERROR) !== 0);
  }

  /** Written to the two elements that show it: an inherited custom property would restyle the whole row. */
  private paintColour(colour: ServiceColour): void {
    if (colour === this.colour) return;
    this.colour = colour;
    const value = `var(--service-${colour.colour})`;
    const marked = colour.monogram !== '';
    this.bar.style.backgroundColor = value;
    this.dot.style.backgroundColor = marked ? 'transparent' : value;
    this.dot.style.borderColor = value;
    this.dot.classList.toggle('has-monogram', marked);
    this.dotText.data = colour.monogram;
  }

  private paintTime(row: number, context: RowContext): void {
    const { columns } = context.rows.trace;
    const { from, to } = context.window;
    const scale = context.timeWidth / (to - from);
    const start = (columns.start[row] - from) * scale;
    const end = start + columns.duration[row] * scale;
    // Clipped just outside the column: a bar a million pixels wide would cost memory and show nothing more.
    const left = Math.max(-4, start);
    const right = Math.min(context.timeWidth + 4, Math.max(end, start + 2));
    const outside = end < 0 || start > context.timeWidth;
    this.bar.hidden = outside;
    if (!outside) {
      this.bar.style.left = `${left}px`;
      this.bar.style.width = `${right - left}px`;
    }
    const duration = formatDuration(columns.duration[row]);
    const label = outside ? (end < 0 ? `‹ ${duration}` : `${duration} ›`) : duration;
    const width = label.length * LABEL_CHARACTER_PX + LABEL_GAP_PX;
    const inside = !outside && right + width > context.timeWidth && left - width < 0;
    const x = outside
      ? end < 0
        ? 4
        : context.timeWidth - width
      : right + width <= context.timeWidth
        ? right + 4
        : left - width >= 0
          ? left - width + 4
          : Math.max(0, Math.min(right, context.timeWidth) - width - LABEL_INSET_PX);
    if (this.labelText.data !== label) this.labelText.data = label;
    this.label.style.transform = `translateX(${x}px)`;
    this.label.classList.toggle('is-inside', inside);
    this.label.classList.toggle('is-outside', outside);
    this.paintCritical(row, context, scale);
  }

  private paintCritical(row: number, context: RowContext, scale: number): void {
    const element = this.critical;
    const stretches = context.critical === undefined ? [] : stretchesOf(context.critical, row, context, scale);
    element.hidden = stretches.length === 0;
    if (stretches.length === 0) return;
    const parted = stretches.length > 1;
    element.classList.toggle('is-parted', parted);
    if (parted) {
      element.style.transform = '';
      element.style.width = '';
      element.style.backgroundImage = ['var(--text)', 'var(--bg)']
        .map((colour) => gradientOf(stretches, colour))
        .join();
    } else {
      const [{ from, to }] = stretches;
      element.style.backgroundImage = '';
      element.style.transform = `translateX(${from}px)`;
      element.style.width = `${to - from}px`;
    }
  }

  private describe(row: number, position: number, context: RowContext): void {
    const { rows } = context;
    const { columns, depth, childCount } = rows.trace;
    const { element } = this;
    element.setAttribute('aria-rowindex', String(position + 1));
    element.setAttribute('aria-level', String(depth[row] + 1));
    if (rows.hasChildren(row)) element.setAttribute('aria-expanded', String(rows.folded[row] === 0));
    else element.removeAttribute('aria-expanded');
    const flags = columns.flags[row];
    const label = text.trace.rowLabel({
      service: columns.services[columns.service[row]],
      name: columns.names[columns.name[row]],
      duration: formatDuration(columns.duration[row]),
      start: formatDuration(columns.start[row]),
      error: (flags & FLAG_ERROR) !== 0,
      missingParent: (flags & FLAG_MISSING_PARENT) !== 0,
      clockSkew: (flags & FLAG_CLOCK_SKEW) !== 0,
      children: childCount[row],
    });
    element.setAttribute('aria-label', label);
  }
}
