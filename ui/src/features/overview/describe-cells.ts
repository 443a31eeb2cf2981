import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatClock, formatShortInstant } from '../../text/format-time.ts';
import { type CellRectangle, figuresOfCells, type HeatLayout } from './heat-layout.ts';
import type { Selection } from './overview-search.ts';

const MINUTE_MS = 60_000;

/** Times, durations, spans and errors of some cells, a line each. */
export function describeCells(layout: HeatLayout, cells: CellRectangle): readonly string[] {
  const { spans, errors } = figuresOfCells(layout, cells);
  const { startMs, stepMs, rows, bounds } = layout;
  const fromMs = startMs + cells.fromColumn * stepMs;
  const toMs = startMs + (cells.toColumn + 1) * stepMs;
  const isWhole = cells.fromRow === 0 && cells.toRow === rows - 1;
  return [
    formatSpell(fromMs, toMs),
    isWhole ? text.overview.anyDuration : formatDurations(bounds[cells.fromRow], bounds[cells.toRow + 1]),
    text.overview.spansAndErrors(spans, errors),
  ];
}

/** Times and durations of a selection. */
export function describeSelection({ fromMs, toMs, durations }: Selection): string {
  const time = formatSpell(fromMs, toMs);
  if (durations === undefined) return time;
  return `${time} · ${formatDurations(durations.lowNano, durations.highNano)}`;
}

/** "14:03 – 14:05", with the date where it is not today, with seconds where minutes do not tell. */
export function formatSpell(fromMs: number, toMs: number): string {
  const isExact = fromMs % MINUTE_MS !== 0 || toMs % MINUTE_MS !== 0;
  const nowMs = Date.now();
  if (!isExact) return `${formatShortInstant(fromMs, nowMs)} – ${formatShortInstant(toMs, fromMs)}`;
  const digits = fromMs % 1000 !== 0 || toMs % 1000 !== 0 ? 12 : 8;
  const date = formatShortInstant(fromMs, nowMs).slice(0, -5);
  return `${date}${formatClock(fromMs).slice(0, digits)} – ${formatClock(toMs).slice(0, digits)}`;
}

function formatDurations(lowNano: number, highNano: number): string {
  return lowNano <= 0
    ? text.overview.upTo(formatDuration(highNano))
    : `${formatDuration(lowNano)} – ${formatDuration(highNano)}`;
}
