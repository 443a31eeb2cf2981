import { NO_PARENT } from '@clew/model';
import { formatDuration } from '../text/format-duration.ts';
import type { RowContext } from './row-context.ts';
import { type RowParts, setText } from './row-parts.ts';
import { criticalStretches, paintStretches, runStretches, selfStretches } from './stretches.ts';
import type { TraceModel } from './trace-model.ts';

/** Width of a character of the label, and the gap before it. */
const LABEL_CHARACTER_PX = 6.7;
const LABEL_GAP_PX = 8;
/** Between a label on a bar and the bar's end, which must stay in sight. */
const LABEL_INSET_PX = 8;
const BAR_MIN_PX = 2;
/** How far a bar reaches out of the column: one a million pixels wide would cost memory and show nothing more. */
const OUTSIDE_PX = 4;

/** Where a stretch of time lies in the time column. */
interface Place {
  readonly left: number;
  readonly right: number;
  /** Wholly before or after what is shown. */
  readonly outside: 'before' | 'after' | undefined;
}

function placeOf(from: number, to: number, { window, timeWidth }: RowContext): Place {
  const scale = timeWidth / (window.to - window.from);
  const start = (from - window.from) * scale;
  const end = (to - window.from) * scale;
  return {
    left: Math.max(-OUTSIDE_PX, start),
    right: Math.min(timeWidth + OUTSIDE_PX, Math.max(end, start + BAR_MIN_PX)),
    outside: end < 0 ? 'before' : start > timeWidth ? 'after' : undefined,
  };
}

/** A span's bar, its tail beyond the parent, its self time, its part of the critical path, and how long it took. */
export function paintSpanBar(parts: RowParts, row: number, context: RowContext): void {
  const { trace } = context.rows;
  const { start, duration } = trace.columns;
  const end = start[row] + duration[row];
  const place = placeOf(start[row], end, context);
  const own = ownEnd(trace, row, end);
  setBar(parts.bar, place, own < end ? Math.max(place.left, placeOf(start[row], own, context).right) : place.right);
  paintTail(parts.tail, place, own < end ? placeOf(own, end, context) : undefined);
  parts.bar.classList.remove('is-extent', 'is-missing');
  paintLabel(parts, formatDuration(duration[row]), place, context);
  paintSelf(parts, trace, row, place, context);
  paintCriticalPart(parts, row, context);
}

/** A span's part of the critical path, once that is known. */
export function paintCriticalPart({ critical: line }: RowParts, row: number, context: RowContext): void {
  const { critical } = context;
  const stretches = critical === undefined ? [] : criticalStretches(critical, row, context);
  line.classList.toggle('is-parted', paintStretches(line, stretches, ['var(--text)', 'var(--bg)']));
}

/** When the parent's end cuts a span: from then on nobody waits for it. Its end where that is not so. */
function ownEnd({ columns }: TraceModel, row: number, end: number): number {
  const { parent, start, duration } = columns;
  const up = parent[row];
  if (up === NO_PARENT) return end;
  const parentEnd = start[up] + duration[up];
  return parentEnd < end ? Math.max(start[row], parentEnd) : end;
}

function setBar(bar: HTMLElement, { left, outside }: Place, right: number): void {
  bar.hidden = outside !== undefined || right <= left;
  if (bar.hidden) return;
  bar.style.left = `${left}px`;
  bar.style.width = `${right - left}px`;
}

function paintTail(tail: HTMLElement, whole: Place, place: Place | undefined): void {
  tail.hidden = place === undefined || whole.outside !== undefined || place.outside !== undefined;
  if (place === undefined || tail.hidden) return;
  tail.style.left = `${place.left}px`;
  tail.style.width = `${whole.right - place.left}px`;
}

function paintSelf(parts: RowParts, trace: TraceModel, row: number, place: Place, context: RowContext): void {
  const isShown = context.selfShown && place.outside === undefined && trace.childCount[row] > 0;
  parts.element.classList.toggle('has-self', isShown);
  if (!isShown) {
    parts.self.hidden = true;
    return;
  }
  const colour = parts.bar.style.backgroundColor;
  const isParted = paintStretches(parts.self, selfStretches(trace, row, context), [colour]);
  parts.self.style.backgroundColor = isParted ? 'transparent' : colour;
  parts.self.classList.toggle('is-parted', isParted);
}

/** The siblings of a run: faintly from the first to the last, and when they ran. */
/** @param labels the first that fits the column */
export function paintRunBar(parts: RowParts, run: number, context: RowContext, labels: readonly string[]): void {
  const figures = context.figuresOf(run);
  const place = placeOf(figures.from, figures.to, context);
  setBar(parts.bar, place, place.right);
  parts.bar.classList.add('is-extent');
  parts.bar.classList.remove('is-missing');
  parts.tail.hidden = true;
  parts.critical.hidden = true;
  parts.element.classList.remove('has-self');
  const stretches = place.outside === undefined ? runStretches(context.rows.trace, run, figures, context) : [];
  const colour = parts.bar.style.backgroundColor;
  const isParted = paintStretches(parts.self, stretches, [colour]);
  parts.self.style.backgroundColor = isParted ? 'transparent' : colour;
  parts.self.classList.toggle('is-parted', isParted);
  const label = labels.find((said) => said.length * LABEL_CHARACTER_PX + LABEL_GAP_PX <= context.timeWidth);
  paintLabel(parts, label ?? '', place, context);
}

/** The time of what arrived below a span that did not: an empty outline. */
export function paintMissingBar(parts: RowParts, from: number, to: number, context: RowContext, label: string): void {
  const place = placeOf(from, to, context);
  setBar(parts.bar, place, place.right);
  parts.bar.classList.add('is-missing');
  parts.bar.classList.remove('is-extent');
  for (const part of [parts.tail, parts.self, parts.critical]) part.hidden = true;
  parts.element.classList.remove('has-self');
  paintLabel(parts, label, place, context);
}

/** Right of the bar, else left of it, else on it. */
function paintLabel({ label, labelText }: RowParts, said: string, place: Place, { timeWidth }: RowContext): void {
  const { left, right, outside } = place;
  const shown = outside === 'before' ? `‹ ${said}` : outside === 'after' ? `${said} ›` : said;
  const width = shown.length * LABEL_CHARACTER_PX + LABEL_GAP_PX;
  const inside = outside === undefined && right + width > timeWidth && left - width < 0;
  const x =
    outside === 'before'
      ? 4
      : outside === 'after'
        ? timeWidth - width
        : right + width <= timeWidth
          ? right + 4
          : left - width >= 0
            ? left - width + 4
            : Math.max(0, Math.min(right, timeWidth) - width - LABEL_INSET_PX);
  setText(labelText, shown);
  label.style.transform = `translateX(${x}px)`;
  label.classList.toggle('is-inside', inside);
  label.classList.toggle('is-outside', outside !== undefined);
}
