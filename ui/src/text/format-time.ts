/** All instants are shown in the browser's zone; its short name goes with the first of a page. */
const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' };
const CLOCK = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});
const DATE = new Intl.DateTimeFormat('en', DAY);
const SHORT_DATE = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric' });
const ZONE = new Intl.DateTimeFormat('en', { timeZoneName: 'short' });

/** Unix milliseconds, with fraction, of a decimal string of unix nanoseconds. */
export function millisOfNanos(unixNano: string): number {
  return Number(BigInt(unixNano) / 1000n) / 1000;
}

/** 14:03:07.512 */
export function formatClock(unixMs: number): string {
  return CLOCK.format(unixMs);
}

/** Nov 20, 2026, 14:03:07.512 */
export function formatInstant(unixMs: number): string {
  return `${DATE.format(unixMs)}, ${CLOCK.format(unixMs)}`;
}

/** Nov 20, 14:03 or 14:03 when it is the same day as `nowMs`. */
export function formatShortInstant(unixMs: number, nowMs: number): string {
  const clock = CLOCK.format(unixMs).slice(0, 5);
  return DATE.format(unixMs) === DATE.format(nowMs) ? clock : `${SHORT_DATE.format(unixMs)}, ${clock}`;
}

/** "UTC", "GMT+5:45": the zone all instants are in. */
export function zoneLabel(): string {
  return ZONE.formatToParts(0).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** "12 s ago", "3 h ago" for the last weeks, else the date. */
export function formatAgo(unixMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - unixMs) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return DATE.format(unixMs);
}

/** The value of `<input type="datetime-local" step="1">` in the browser's zone. */
export function localInputValue(unixMs: number): string {
  const shifted = new Date(unixMs - new Date(unixMs).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
