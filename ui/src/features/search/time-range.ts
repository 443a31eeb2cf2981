import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatShortInstant } from '../../text/format-time.ts';
import { instantOfWallTime } from '../../text/time-zone.ts';

/** The offered relative ranges, all up to now, shortest first. */
export const PRESETS: readonly string[] = Object.keys(text.explore.time.last);

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };
const RELATIVE = /^now(?:-(\d{1,6})([smhdw]))?$/;
/** Six digits: what RELATIVE reads. */
const MAX_RELATIVE = 999_999;
/** 1973 to 5138 in milliseconds: tells unix milliseconds from other numbers. */
const UNIX_MS = /^\d{12,14}$/;
/** A day, or a day and a time, as a clock on the wall has it: RFC 3339 without the offset it asks for. */
const WALL_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?))?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:\d{2})$/i;

/** Milliseconds since 1970. */
export interface ResolvedRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * An instant as the API takes it, whatever zone a link is opened in: a wall time without an offset becomes UTC, read in
 * the zone of the settings; undefined when the text is no instant.
 */
export function tryNormalizeInstant(value: string): string | undefined {
  const resolved = tryResolveInstant(value, 0);
  if (resolved === undefined) return undefined;
  return WALL_TIME.test(value) ? new Date(resolved).toISOString() : value;
}

/** The instant as unix milliseconds, or undefined when the text is none; without an offset in the settings' zone. */
export function tryResolveInstant(value: string, nowMs: number): number | undefined {
  const relative = RELATIVE.exec(value);
  if (relative !== null) return nowMs - (relative[1] === undefined ? 0 : Number(relative[1]) * UNIT_MS[relative[2]]);
  if (UNIX_MS.test(value)) return Number(value);
  const wall = WALL_TIME.exec(value);
  if (wall === null && !WITH_OFFSET.test(value)) return undefined;
  // `Date.parse` takes a day for UTC and a time for the browser's zone.
  const parsed = Date.parse(wall === null ? value : `${wall[1]}T${wall[2] ?? '00:00'}Z`);
  if (Number.isNaN(parsed)) return undefined;
  return wall === null ? parsed : instantOfWallTime(parsed);
}

/** Both ends as unix milliseconds; an end before its start gives an empty range at the start. */
export function resolveRange(range: TimeRange, nowMs: number): ResolvedRange {
  const toMs = tryResolveInstant(range.to, nowMs) ?? nowMs;
  const fromMs = tryResolveInstant(range.from, nowMs) ?? toMs - UNIT_MS.h;
  return { fromMs: Math.min(fromMs, toMs), toMs };
}

/** "Last hour", or both ends. */
export function rangeLabel(range: TimeRange, nowMs: number): string {
  const preset = range.to === 'now' ? text.explore.time.last[range.from] : undefined;
  if (preset !== undefined) return preset;
  const relative = range.to === 'now' ? RELATIVE.exec(range.from) : null;
  if (relative?.[1] !== undefined) return text.explore.time.lastUnits(Number(relative[1]), relative[2]);
  const { fromMs, toMs } = resolveRange(range, nowMs);
  return `${formatShortInstant(fromMs, nowMs)} – ${range.to === 'now' ? 'now' : formatShortInstant(toMs, nowMs)}`;
}

/** The next longer preset, or undefined when the range is already as long as the longest. */
export function widerPreset(range: TimeRange, nowMs: number): string | undefined {
  const { fromMs } = resolveRange(range, nowMs);
  // An absolute range may lie anywhere: the preset must reach back beyond its start.
  return PRESETS.find((preset) => (tryResolveInstant(preset, nowMs) ?? nowMs) < fromMs - 1000);
}

/** The range moved by half its length, earlier (-1) or later (1) but not beyond now, as absolute instants. */
export function shiftRange(range: TimeRange, direction: 1 | -1, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const half = Math.round((toMs - fromMs) / 2);
  const shift = direction === 1 ? Math.min(half, Math.max(0, nowMs - toMs)) : -half;
  return absoluteRange(fromMs + shift, toMs + shift);
}

/** Twice as long: around its middle, or, where it ends now, further back. */
export function zoomOutRange(range: TimeRange, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  const width = Math.max(1_000, toMs - fromMs);
  if (range.to === 'now') return relativeRange(2 * width);
  const end = Math.min(nowMs, toMs + width / 2);
  return absoluteRange(Math.round(end - 2 * width), Math.round(end));
}

/** The range of the same length that ends now. */
export function rangeToNow(range: TimeRange, nowMs: number): TimeRange {
  const { fromMs, toMs } = resolveRange(range, nowMs);
  return relativeRange(toMs - fromMs);
}

/** In the largest unit that says it in whole numbers, of a second at least. */
function relativeRange(widthMs: number): TimeRange {
  const seconds = Math.max(1, Math.round(widthMs / 1000));
  const unit = (['d', 'h', 'm'] as const).find((one) => (seconds * 1000) % UNIT_MS[one] === 0) ?? 's';
  const count = Math.min(MAX_RELATIVE, (seconds * 1000) / UNIT_MS[unit]);
  const preset = `now-${count}${unit}`;
  return { from: preset === 'now-1d' ? 'now-24h' : preset, to: 'now' };
}

export function absoluteRange(fromMs: number, toMs: number): TimeRange {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
