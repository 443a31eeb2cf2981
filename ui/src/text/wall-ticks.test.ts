import { afterEach, describe, expect, it } from 'vitest';
import { formatClock } from './format-time.ts';
import { setTimeZone } from './time-zone.ts';
import { wallTicks } from './wall-ticks.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

afterEach(() => setTimeZone('browser'));

describe('ticks of a time axis', () => {
  it('stand at full hours of the zone, whatever its offset', () => {
    setTimeZone('Asia/Kathmandu');
    const from = Date.UTC(2026, 10, 20, 12, 34, 56);
    expect(wallTicks(from, from + 150 * MINUTE, 60 * MINUTE).map((at) => formatClock(at).slice(0, 8))).toEqual([
      '19:00:00',
      '20:00:00',
    ]);
  });

  it('stay at midnight across changes of daylight saving', () => {
    setTimeZone('Europe/Berlin');
    const ticks = wallTicks(Date.UTC(2026, 2, 27), Date.UTC(2026, 3, 2), DAY);
    expect(ticks.map((at) => formatClock(at).slice(0, 5))).toEqual(Array.from({ length: 6 }, () => '00:00'));
  });

  it('come once each and in order through a skipped and a doubled hour', () => {
    setTimeZone('America/New_York');
    for (const day of [Date.UTC(2026, 2, 8, 4), Date.UTC(2026, 10, 1, 3)]) {
      const ticks = wallTicks(day, day + 8 * 60 * MINUTE, 15 * MINUTE);
      expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
      expect(ticks.length).toBeGreaterThan(20);
    }
  });
});
