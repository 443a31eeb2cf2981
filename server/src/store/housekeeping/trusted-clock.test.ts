import { describe, expect, it } from 'vitest';
import { advanceClock, believe, dropTimeMs, isJumpHeld, JUMP_HOLD_MS, type TrustedClock } from './trusted-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 12);

/** Rounds a minute apart. */
function run(clock: TrustedClock, minutes: number, offsetMs: (minute: number) => number, from = NOW): TrustedClock {
  let now = clock;
  for (let minute = 1; minute <= minutes; minute++) {
    const elapsedMs = 60_000;
    now = advanceClock(now, { wallUnixMs: from + minute * 60_000 + offsetMs(minute), elapsedMs });
  }
  return now;
}

describe('the trusted clock', () => {
  it('goes with the wall clock, small corrections and naps included', () => {
    expect(run({ unixMs: NOW }, 600, () => 0)).toEqual({ unixMs: NOW + 600 * 60_000 });
    expect(run({ unixMs: NOW }, 1, () => -HOUR)).toEqual({ unixMs: NOW + 60_000 - HOUR });
    expect(run({ unixMs: NOW }, 1, () => 16 * HOUR)).toEqual({ unixMs: NOW + 60_000 + 16 * HOUR });
  });

  it('does not follow a jump of a year, but counts on by itself', () => {
    const clock = run({ unixMs: NOW }, 300, () => 365 * DAY);
    expect(clock.unixMs).toBe(NOW + 300 * 60_000);
    expect(clock.doubt?.aheadMs).toBe(365 * DAY);
    expect(isJumpHeld(clock)).toBe(false);
  });

  it('forgets a jump that is taken back', () => {
    const jumped = run({ unixMs: NOW }, 100, () => 365 * DAY);
    expect(run(jumped, 1, () => 0, NOW + 100 * 60_000)).toEqual({ unixMs: NOW + 101 * 60_000 });
  });

  it('believes a jump that has lasted, counted in running time', () => {
    const minutes = JUMP_HOLD_MS / 60_000;
    expect(isJumpHeld(run({ unixMs: NOW }, minutes, () => 40 * DAY))).toBe(false);
    const held = run({ unixMs: NOW }, minutes + 1, () => 40 * DAY);
    expect(isJumpHeld(held)).toBe(true);
    expect(believe(held)).toEqual({ unixMs: NOW + (minutes + 1) * 60_000 + 40 * DAY });
  });

  it('starts to wait anew with every further jump', () => {
    const clock = run({ unixMs: NOW }, 500, (minute) => (minute < 250 ? 40 : 90) * DAY);
    expect(clock.doubt).toEqual({ aheadMs: 90 * DAY, heldMs: 250 * 60_000 });
  });

  it('goes on waiting over restarts and over the nights of a laptop', () => {
    let clock = run({ unixMs: NOW }, 120, () => 40 * DAY);
    // Off for 16 hours: nothing has elapsed by the clock that cannot be set.
    clock = advanceClock(clock, { wallUnixMs: NOW + 2 * HOUR + 40 * DAY + 16 * HOUR, elapsedMs: 0 });
    expect(clock.doubt).toEqual({ aheadMs: 40 * DAY + 16 * HOUR, heldMs: 119 * 60_000 });
  });

  it('drops by the earlier of both clocks', () => {
    expect(dropTimeMs(run({ unixMs: NOW }, 1, () => 365 * DAY))).toBe(NOW + 60_000);
    expect(dropTimeMs(run({ unixMs: NOW }, 1, () => -365 * DAY))).toBe(NOW + 60_000 - 365 * DAY);
    expect(run({ unixMs: NOW }, 1, () => -365 * DAY).unixMs).toBe(NOW + 60_000);
  });
});
