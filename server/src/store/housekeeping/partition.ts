/** What can be dropped at once: all spans of one retention class and one day. */

export const MS_PER_DAY = 86_400_000;
const MS_PER_HOUR = 3_600_000;

/** A partition of spans, trace_times and span_minutes, which are dropped together. */
export interface Partition {
  /** "30-20261120": class and day, as the engine names it. */
  readonly id: string;
  /** 0 is kept for ever. */
  readonly retentionDays: number;
  /** Days since 1970. */
  readonly day: number;
  readonly spans: number;
  /** On disk, all three tables. */
  readonly bytes: number;
}

/** A partition with the day its time is counted from: its own, or a later one where it arrived late. */
export interface AgedPartition extends Partition {
  readonly keptFrom: number;
}

/** A week of one catalogue table (resources, scopes, operations, attribute_keys). */
export interface CatalogueWeek {
  readonly table: string;
  /** "20261116". */
  readonly id: string;
  /** Days since 1970. */
  readonly monday: number;
  readonly bytes: number;
}

/** Day and class of a partition of spans, or undefined for anything else: what is not understood is not dropped. */
export function tryParsePartitionId(id: string): { readonly retentionDays: number; readonly day: number } | undefined {
  const match = /^(\d{1,5})-(\d{8})$/.exec(id);
  if (match === null) return undefined;
  const day = tryParseDay(match[2]);
  return day === undefined ? undefined : { retentionDays: Number(match[1]), day };
}

/** "20261120" → days since 1970. */
export function tryParseDay(text: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) / MS_PER_DAY;
  return formatDay(day).replaceAll('-', '') === text ? day : undefined;
}

/** Days since 1970 → "2026-11-20". */
export function formatDay(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

export function dayOf(unixMs: number): number {
  return Math.floor(unixMs / MS_PER_DAY);
}

/** 12 400 000 000 → "12.4 GB". For messages; settings have an exact form. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** About how long, for messages: "40 minutes", "5 hours", "3 days". */
export function formatAbout(ms: number): string {
  if (ms < 2 * MS_PER_HOUR) return plural(Math.max(1, Math.round(ms / 60_000)), 'minute');
  if (ms < 2 * MS_PER_DAY) return plural(Math.round(ms / MS_PER_HOUR), 'hour');
  return plural(Math.round(ms / MS_PER_DAY), 'day');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
