/** The browser's own zone, or an IANA name such as `UTC` and `Asia/Kathmandu`. */
export type TimeZoneChoice = 'browser' | (string & {});

const listeners = new Set<() => void>();
let chosen: TimeZoneChoice = 'browser';

/** The zone instants are shown and read in. An unknown name counts as the browser's zone. */
export function setTimeZone(choice: TimeZoneChoice): void {
  const next = choice === 'browser' || isTimeZone(choice) ? choice : 'browser';
  if (next === chosen) return;
  chosen = next;
  for (const changed of listeners) changed();
}

/** The IANA name of the zone in use. */
export function currentTimeZone(): string {
  return chosen === 'browser' ? browserTimeZone() : chosen;
}

export function browserTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Calls `changed` after every change; returns the way to stop. */
export function watchTimeZone(changed: () => void): () => void {
  listeners.add(changed);
  return () => void listeners.delete(changed);
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // A RangeError is how Intl says that it knows no such zone.
  }
}

/** Every zone the browser knows, UTC first. */
export function knownTimeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
}

let parts: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined;

/** Milliseconds the clock of the zone in use is ahead of UTC at an instant, daylight saving included. */
export function zoneOffsetMs(unixMs: number): number {
  const zone = currentTimeZone();
  if (zone === 'UTC') return 0;
  if (parts?.zone !== zone) {
    const format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      hourCycle: 'h23',
    });
    parts = { zone, format };
  }
  const wholeMs = Math.floor(unixMs / 1000) * 1000;
  const read: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of parts.format.formatToParts(wholeMs)) read[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeMs;
}

const DAY_MS = 86_400_000;

/**
 * The instant at which clocks of the zone in use show a wall time, given as unix milliseconds of the same wall time in
 * UTC. Of a time that clocks show twice it is the first; one they skip is as far behind the gap as it was in it, as
 * `Date` has it.
 */
export function instantOfWallTime(wallMs: number): number {
  const before = zoneOffsetMs(wallMs - DAY_MS);
  const after = zoneOffsetMs(wallMs + DAY_MS);
  const fits = [before, after].map((offset) => wallMs - offset).filter((at) => at + zoneOffsetMs(at) === wallMs);
  return fits.length === 0 ? wallMs - before : Math.min(...fits);
}
