import { intlLocale } from './locale.ts';
import { currentTimeZone, instantOfWallTime, zoneOffsetMs } from './time-zone.ts';

/** All instants are shown in the one zone of the settings; its short name goes with the first of a page. */
interface ZoneFormats {
  readonly zone: string;
  readonly clock: Intl.DateTimeFormat;
  readonly date: Intl.DateTimeFormat;
  readonly shortDate: Intl.DateTimeFormat;
  readonly name: Intl.DateTimeFormat;
}

let formats: ZoneFormats | undefined;

/** Built anew only after another zone was chosen: a formatter costs more than what it formats. */
function zoneFormats(): ZoneFormats {
  const timeZone = currentTimeZone();
  if (formats?.zone === timeZone) return formats;
  const hours = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  formats = {
    zone: timeZone,
    clock: new Intl.DateTimeFormat(intlLocale, { ...hours, fractionalSecondDigits: 3, timeZone }),
    date: new Intl.DateTimeFormat(intlLocale, { year: 'numeric', month: 'short', day: 'numeric', timeZone }),
    shortDate: new Intl.DateTimeFormat(intlLocale, { month: 'short', day: 'numeric', timeZone }),
    name: new Intl.DateTimeFormat(intlLocale, { timeZoneName: 'short', timeZone }),
  };
  return formats;
}

/** Unix milliseconds, with fraction, of a decimal string of unix nanoseconds. */
export function millisOfNanos(unixNano: string): number {
  return Number(BigInt(unixNano) / 1000n) / 1000;
}

/** 14:03:07.512 */
export function formatClock(unixMs: number): string {
  return zoneFormats().clock.format(unixMs);
}

/** Nov 20, 2026 */
export function formatDay(unixMs: number): string {
  return zoneFormats().date.format(unixMs);
}

/** Nov 20, 2026, 14:03:07.512 */
export function formatInstant(unixMs: number): string {
  return `${formatDay(unixMs)}, ${formatClock(unixMs)}`;
}

/** Nov 20, 14:03 or 14:03 when it is the same day as `nowMs`. */
export function formatShortInstant(unixMs: number, nowMs: number): string {
  const clock = formatClock(unixMs).slice(0, 5);
  return formatDay(unixMs) === formatDay(nowMs) ? clock : `${zoneFormats().shortDate.format(unixMs)}, ${clock}`;
}

/** "UTC", "GMT+5:45": the zone all instants are in, as it is called at `unixMs` (daylight saving changes it). */
export function zoneLabel(unixMs: number = Date.now()): string {
  return (
    zoneFormats()
      .name.formatToParts(unixMs)
      .find((part) => part.type === 'timeZoneName')?.value ?? 'UTC'
  );
}

const AGO = new Intl.RelativeTimeFormat(intlLocale, { style: 'narrow', numeric: 'always' });

/** "12s ago", "3h ago" for the last weeks, else the date. */
export function formatAgo(unixMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - unixMs) / 1000));
  if (seconds < 60) return AGO.format(-seconds, 'second');
  if (seconds < 3600) return AGO.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return AGO.format(-Math.floor(seconds / 3600), 'hour');
  if (seconds < 30 * 86_400) return AGO.format(-Math.floor(seconds / 86_400), 'day');
  return formatDay(unixMs);
}

/** The value of `<input type="datetime-local" step="1">`: the zone's own clock, without a zone. */
export function localInputValue(unixMs: number): string {
  return new Date(unixMs + zoneOffsetMs(unixMs)).toISOString().slice(0, 19);
}

/**
 * The instant such an input means, as unix milliseconds; undefined while it is empty or incomplete. Not `Date.parse`:
 * that reads it in the browser's zone.
 */
export function parseLocalInput(value: string): number | undefined {
  if (!/^\d{4,6}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value)) return undefined;
  const wallMs = Date.parse(`${value}Z`);
  return Number.isNaN(wallMs) ? undefined : instantOfWallTime(wallMs);
}

/** All digits of an instant for a tooltip: "2026-11-20T14:03:07.512345678Z" and "1763647387512345678 ns". */
export function exactInstant(unixNano: bigint): { readonly utc: string; readonly epoch: string } {
  const NANOS = 1_000_000_000n;
  const fraction = ((unixNano % NANOS) + NANOS) % NANOS;
  const seconds = Number((unixNano - fraction) / NANOS);
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return { utc: `${whole}.${fraction.toString().padStart(9, '0')}Z`, epoch: `${unixNano} ns` };
}
