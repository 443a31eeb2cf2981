import { afterEach, describe, expect, it } from 'vitest';
import { setTimeZone } from '../../text/time-zone.ts';
import { parseCompareSearch } from '../compare/compare-search.ts';
import { parseServicesSearch } from '../services/services-search.ts';
import { parseExploreSearch } from './explore-search.ts';
import {
  rangeLabel,
  rangeToNow,
  resolveRange,
  shiftRange,
  tryNormalizeInstant,
  tryResolveInstant,
  widerPreset,
  zoomOutRange,
} from './time-range.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

afterEach(() => setTimeZone('browser'));

describe('a time range', () => {
  it('resolves relative, absolute and numeric instants', () => {
    expect(tryResolveInstant('now', NOW)).toBe(NOW);
    expect(tryResolveInstant('now-15m', NOW)).toBe(NOW - 900_000);
    expect(tryResolveInstant('2026-11-20T12:00:00Z', 0)).toBe(NOW);
    expect(tryResolveInstant(String(NOW), 0)).toBe(NOW);
    expect(tryResolveInstant('now+1h', NOW)).toBeUndefined();
    expect(tryResolveInstant('12', NOW)).toBeUndefined();
  });

  it('never ends before it starts', () => {
    const { fromMs, toMs } = resolveRange({ from: 'now', to: 'now-1h' }, NOW);
    expect(fromMs).toBeLessThanOrEqual(toMs);
  });

  it('is named when it is a preset', () => {
    expect(rangeLabel({ from: 'now-1h', to: 'now' }, NOW)).toBe('Last hour');
    expect(rangeLabel({ from: 'now-2h', to: 'now' }, NOW)).toBe('Last 2 hours');
    expect(rangeLabel({ from: 'now-2h', to: 'now-1h' }, NOW)).toMatch(/ – /);
  });

  it('widens to the next preset until there is none', () => {
    expect(widerPreset({ from: 'now-1h', to: 'now' }, NOW)).toBe('now-3h');
    expect(widerPreset({ from: 'now-30d', to: 'now' }, NOW)).toBeUndefined();
    const lastWeek = { from: '2026-11-15T00:00:00Z', to: '2026-11-15T01:00:00Z' };
    expect(widerPreset(lastWeek, NOW)).toBe('now-7d');
  });

  it('moves by half its length, not beyond now', () => {
    const back = shiftRange({ from: 'now-1h', to: 'now' }, -1, NOW);
    expect(back).toEqual({ from: '2026-11-20T10:30:00.000Z', to: '2026-11-20T11:30:00.000Z' });
    expect(shiftRange(back, 1, NOW).to).toBe('2026-11-20T12:00:00.000Z');
    expect(shiftRange({ ...back, to: '2026-11-20T11:50:00.000Z' }, 1, NOW).to).toBe('2026-11-20T12:00:00.000Z');
  });

  it('gets twice as long, around its middle or back from now', () => {
    expect(zoomOutRange({ from: 'now-1h', to: 'now' }, NOW)).toEqual({ from: 'now-2h', to: 'now' });
    expect(zoomOutRange({ from: 'now-12h', to: 'now' }, NOW)).toEqual({ from: 'now-24h', to: 'now' });
    expect(zoomOutRange({ from: 'now-90s', to: 'now' }, NOW)).toEqual({ from: 'now-3m', to: 'now' });
    const past = { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T10:00:00.000Z' };
    expect(zoomOutRange(past, NOW)).toEqual({ from: '2026-11-20T07:00:00.000Z', to: '2026-11-20T11:00:00.000Z' });
    const recent = { from: '2026-11-20T11:00:00.000Z', to: '2026-11-20T11:50:00.000Z' };
    expect(zoomOutRange(recent, NOW).to).toBe('2026-11-20T12:00:00.000Z');
  });

  it('comes back to now with its length', () => {
    const past = { from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T09:00:00.000Z' };
    expect(rangeToNow(past, NOW)).toEqual({ from: 'now-1h', to: 'now' });
  });
});

describe('an instant without an offset', () => {
  // Two zones, so that one of them is not the browser's wherever this runs.
  it.each([
    ['Asia/Kathmandu', '2026-11-20T06:15:00.000Z', '2026-11-19T18:15:00.000Z'],
    ['America/St_Johns', '2026-11-20T15:30:00.000Z', '2026-11-20T03:30:00.000Z'],
    ['UTC', '2026-11-20T12:00:00.000Z', '2026-11-20T00:00:00.000Z'],
  ])('is read in the zone of the settings: %s', (zone, noon, midnight) => {
    setTimeZone(zone);
    const iso = (value: string): string => new Date(tryResolveInstant(value, 0) ?? Number.NaN).toISOString();
    for (const value of ['2026-11-20T12:00', '2026-11-20 12:00:00', '2026-11-20T12:00:00.000']) {
      expect(iso(value)).toBe(noon);
    }
    expect(iso('2026-11-20')).toBe(midnight);
    expect(iso('2026-11-20T12:00:00+05:00')).toBe('2026-11-20T07:00:00.000Z');
  });

  it('goes to the server with its offset, from every page', () => {
    setTimeZone('Asia/Kathmandu');
    const range = { from: '2026-11-20T12:00', to: '2026-11-21' };
    const normal = { from: '2026-11-20T06:15:00.000Z', to: '2026-11-20T18:15:00.000Z' };
    expect(parseExploreSearch(range)).toEqual(normal);
    expect(parseServicesSearch(range)).toEqual(normal);
    expect(parseCompareSearch({ ...range, bfrom: range.to })).toEqual({ ...normal, bfrom: normal.to });
    expect(tryNormalizeInstant('now-15m')).toBe('now-15m');
    expect(tryNormalizeInstant('2026-11-20T12:00:00Z')).toBe('2026-11-20T12:00:00Z');
  });

  it('is none where it is no date, or not written as one', () => {
    for (const value of ['2026-13-20', '2026-11-20T25:00', '2026-11-20 noon', '2026-11-20T12:00 CET', '20.11.2026']) {
      expect(tryNormalizeInstant(value), value).toBeUndefined();
    }
  });
});
