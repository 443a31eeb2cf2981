import { type CriticalSections, firstSectionOf } from './critical-path.ts';
import type { RowContext } from './row-context.ts';
import type { RunFigures } from './run-figures.ts';
import type { TraceModel } from './trace-model.ts';

/** Stretches closer than this are drawn as one; where there are too many, those further apart too. */
const GAP_PX = 1;
const STRETCHES_MAX = 64;
const LENGTH_MIN_PX = 1;

/** A part of a row's time, in pixels of the time column. */
export interface Stretch {
  readonly from: number;
  to: number;
}

/** Collects parts of a row's time, in the order of their starts, as the window shows them. */
class Stretches {
  readonly #list: Stretch[] = [];
  readonly #origin: number;
  readonly #scale: number;
  readonly #width: number;

  constructor({ window, timeWidth }: RowContext) {
    this.#origin = window.from;
    this.#scale = timeWidth / (window.to - window.from);
    this.#width = timeWidth;
  }

  /** @param from nanoseconds from the trace's start. Clipped just outside of the column: more would cost and show nothing. */
  add(from: number, to: number): void {
    const left = Math.max(-2, (from - this.#origin) * this.#scale);
    const right = Math.min(this.#width + 2, (to - this.#origin) * this.#scale);
    if (right < 0 || left > this.#width) return;
    const last = this.#list[this.#list.length - 1];
    if (last !== undefined && left <= last.to + GAP_PX) last.to = Math.max(right, last.to);
    else this.#list.push({ from: left, to: right });
  }

  /** @param least pixels; shorter ones are left out */
  finish(least: number): readonly Stretch[] {
    let list: readonly Stretch[] = this.#list;
    for (let gap = GAP_PX * 4; list.length > STRETCHES_MAX; gap *= 2) list = joined(list, gap);
    return list.filter(({ from, to }) => to - from >= least);
  }
}

function joined(list: readonly Stretch[], gap: number): Stretch[] {
  const coarse: Stretch[] = [];
  for (const { from, to } of list) {
    const last = coarse[coarse.length - 1];
    if (last !== undefined && from <= last.to + gap) last.to = to;
    else coarse.push({ from, to });
  }
  return coarse;
}

/** A row's part of the critical path. */
export function criticalStretches(critical: CriticalSections, row: number, context: RowContext): readonly Stretch[] {
  const stretches = new Stretches(context);
  for (let at = firstSectionOf(critical, row); at < critical.row.length && critical.row[at] === row; at++) {
    stretches.add(critical.from[at], critical.to[at]);
  }
  return stretches.finish(LENGTH_MIN_PX);
}

/** The time of a row in which none of its children ran. All rows on screen together have fewer children than the trace spans. */
export function selfStretches({ columns, subtreeEnd }: TraceModel, row: number, context: RowContext) {
  const { start, duration } = columns;
  const stretches = new Stretches(context);
  const end = start[row] + duration[row];
  let covered = start[row];
  for (let child = row + 1; child < subtreeEnd[row] && covered < end; child = subtreeEnd[child]) {
    if (start[child] > covered) stretches.add(covered, Math.min(end, start[child]));
    covered = Math.max(covered, start[child] + duration[child]);
  }
  if (covered < end) stretches.add(covered, end);
  return stretches.finish(0.5);
}

/** When the siblings of a run ran. */
export function runStretches(
  { columns, subtreeEnd, runs }: TraceModel,
  run: number,
  figures: RunFigures,
  context: RowContext,
): readonly Stretch[] {
  const stretches = new Stretches(context);
  const pixel = (context.window.to - context.window.from) / Math.max(1, context.timeWidth);
  let row = runs.first[run];
  for (let at = 0; at < figures.count; at++) {
    stretches.add(columns.start[row], Math.max(columns.start[row] + columns.duration[row], columns.start[row] + pixel));
    row = subtreeEnd[row];
  }
  return stretches.finish(0);
}

/** Draws stretches in one element: a plain box for one, gradient stops for several. Returns whether there are several. */
export function paintStretches(
  element: HTMLElement,
  stretches: readonly Stretch[],
  colours: readonly string[],
): boolean {
  element.hidden = stretches.length === 0;
  if (stretches.length === 0) return false;
  const { style } = element;
  if (stretches.length === 1) {
    const [{ from, to }] = stretches;
    style.backgroundImage = '';
    style.transform = `translateX(${from}px)`;
    style.width = `${to - from}px`;
    return false;
  }
  style.transform = '';
  style.width = '';
  style.backgroundImage = colours.map((colour) => gradientOf(stretches, colour)).join();
  return true;
}

function gradientOf(stretches: readonly Stretch[], colour: string): string {
  const stops = stretches.map(
    ({ from, to }) => `transparent ${from}px, ${colour} ${from}px ${to}px, transparent ${to}px`,
  );
  return `linear-gradient(to right, ${stops.join(', ')})`;
}
