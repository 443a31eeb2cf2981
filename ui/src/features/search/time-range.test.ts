import { describe, expect, it } from 'vitest';
import {
  rangeLabel,
  rangeToNow,
  resolveRange,
  shiftRange,
  tryResolveInstant,
  widerPreset,
  zoomOutRange,
} from './time-range.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

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
