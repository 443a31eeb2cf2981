import { afterEach, describe, expect, it } from 'vitest';
import {
  exactInstant,
  formatAgo,
  formatClock,
  formatInstant,
  formatShortInstant,
  localInputValue,
  parseLocalInput,
  zoneLabel,
} from './format-time.ts';
import { browserTimeZone, currentTimeZone, isTimeZone, setTimeZone, watchTimeZone, zoneOffsetMs } from './time-zone.ts';

const NOON = Date.UTC(2026, 10, 20, 12, 34, 56, 789);
const HOUR = 3_600_000;

afterEach(() => setTimeZone('browser'));

describe('the time zone of the settings', () => {
  it.each([
    ['UTC', 'Nov 20, 2026, 12:34:56.789', '12:34:56.789', 'UTC'],
    ['Asia/Kathmandu', 'Nov 20, 2026, 18:19:56.789', '18:19:56.789', 'GMT+5:45'],
    ['America/St_Johns', 'Nov 20, 2026, 09:04:56.789', '09:04:56.789', 'GMT-3:30'],
    ['Pacific/Kiritimati', 'Nov 21, 2026, 02:34:56.789', '02:34:56.789', 'GMT+14'],
  ])('%s is the one every function uses', (zone, instant, clock, label) => {
    setTimeZone(zone);
    expect(formatInstant(NOON)).toBe(instant);
    expect(formatClock(NOON)).toBe(clock);
    expect(zoneLabel(NOON)).toBe(label);
    expect(parseLocalInput(localInputValue(NOON))).toBe(NOON - 789);
  });

  it('decides what today is', () => {
    setTimeZone('UTC');
    expect(formatShortInstant(NOON, NOON + 11 * HOUR)).toBe('12:34');
    setTimeZone('Pacific/Kiritimati');
    expect(formatShortInstant(NOON - 3 * HOUR, NOON)).toBe('Nov 20, 23:34');
  });

  it('is the browser’s where a name is unknown, and tells who watches of a change only', () => {
    let changes = 0;
    const stop = watchTimeZone(() => changes++);
    setTimeZone('Mars/Olympus_Mons');
    expect(currentTimeZone()).toBe(browserTimeZone());
    expect(changes).toBe(0);
    setTimeZone('Asia/Kathmandu');
    setTimeZone('Asia/Kathmandu');
    stop();
    setTimeZone('UTC');
    expect(changes).toBe(1);
    expect(isTimeZone('Europe/Berlin')).toBe(true);
  });
});

describe('daylight saving', () => {
  it('names and offsets an instant as its own day has it, not as today', () => {
    setTimeZone('Europe/Berlin');
    expect([Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)].map((at) => zoneLabel(at))).toEqual(['GMT+1', 'GMT+2']);
    expect([Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)].map((at) => zoneOffsetMs(at) / HOUR)).toEqual([1, 2]);
    expect(zoneOffsetMs(Date.UTC(2026, 0, 1) + 0.5) / HOUR).toBe(1);
  });

  it('reads a wall time that clocks skip as the same distance after the gap', () => {
    setTimeZone('Europe/Berlin');
    // 02:00 to 03:00 does not exist on 29 March 2026.
    expect(new Date(parseLocalInput('2026-03-29T02:30:00') ?? 0).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    setTimeZone('America/New_York');
    expect(new Date(parseLocalInput('2026-03-08T02:30') ?? 0).toISOString()).toBe('2026-03-08T07:30:00.000Z');
  });

  it('reads a wall time that clocks show twice as the first', () => {
    setTimeZone('Europe/Berlin');
    expect(new Date(parseLocalInput('2026-10-25T02:30:00') ?? 0).toISOString()).toBe('2026-10-25T00:30:00.000Z');
    setTimeZone('America/New_York');
    expect(new Date(parseLocalInput('2026-11-01T01:30:00') ?? 0).toISOString()).toBe('2026-11-01T05:30:00.000Z');
  });

  it('brings every hour of the two days of change back through the input', () => {
    setTimeZone('Australia/Lord_Howe');
    for (const start of [Date.UTC(2026, 3, 4), Date.UTC(2026, 9, 3)]) {
      for (let at = start; at < start + 48 * HOUR; at += HOUR / 4) {
        const read = parseLocalInput(localInputValue(at)) ?? 0;
        expect(localInputValue(read)).toBe(localInputValue(at));
      }
    }
  });
});

describe('an input of a local time', () => {
  it('means nothing while it is incomplete', () => {
    for (const value of ['', '2026-11-20', '2026-11-20T', '2026-13-41T99:99']) {
      expect(parseLocalInput(value)).toBeUndefined();
    }
  });
});

describe('the exact instant', () => {
  it('keeps all nanoseconds, before 1970 too', () => {
    expect(exactInstant(1_763_647_387_512_345_678n)).toEqual({
      utc: '2025-11-20T14:03:07.512345678Z',
      epoch: '1763647387512345678 ns',
    });
    expect(exactInstant(-1n).utc).toBe('1969-12-31T23:59:59.999999999Z');
  });
});

describe('how long ago', () => {
  it.each([
    [0, '0s ago'],
    [59, '59s ago'],
    [150, '2m ago'],
    [2 * 3600 + 1, '2h ago'],
    [29 * 86_400, '29d ago'],
    [31 * 86_400, 'Oct 20, 2026'],
  ])('%d seconds read "%s"', (seconds, ago) => {
    setTimeZone('UTC');
    expect(formatAgo(NOON - seconds * 1000, NOON)).toBe(ago);
  });
});
