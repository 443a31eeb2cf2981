import { describe, expect, test } from 'vitest';
import { SharedRates } from './shared-rates.ts';

function ratesAt(clock: { nowMs: number }): SharedRates {
  return new SharedRates(new SharedArrayBuffer(SharedRates.byteLength(4)), () => BigInt(Math.round(clock.nowMs * 1e6)));
}

describe('a bucket', () => {
  test('lets the burst through at once and the rate after it', () => {
    const clock = { nowMs: 1e9 };
    const rates = ratesAt(clock);
    for (let i = 0; i < 20; i++) expect(rates.take(0, 10, 100, 200)).toBe(0);
    expect(rates.take(0, 10, 100, 200)).toBe(1);
    let taken = 0;
    for (let ms = 0; ms < 10_000; ms += 10) {
      clock.nowMs += 10;
      if (rates.take(0, 10, 100, 200) === 0) taken += 10;
    }
    expect(taken).toBeGreaterThanOrEqual(990);
    expect(taken).toBeLessThanOrEqual(1_010);
  });

  test('takes a request whole, however large, and has the debt waited off', () => {
    const clock = { nowMs: 1e9 };
    const rates = ratesAt(clock);
    expect(rates.take(1, 1_000, 100, 100)).toBe(0);
    // 900 of debt at 100 a second.
    expect(rates.waitMs(1, 100, 100)).toBe(9_000);
    expect(rates.take(1, 1, 100, 100)).toBe(9_000);
    clock.nowMs += 8_999;
    expect(rates.take(1, 1, 100, 100)).toBe(1);
    clock.nowMs += 2;
    expect(rates.take(1, 1, 100, 100)).toBe(0);
  });

  test('does not save up more than the burst', () => {
    const clock = { nowMs: 1e9 };
    const rates = ratesAt(clock);
    clock.nowMs += 3_600_000;
    let taken = 0;
    while (rates.take(0, 1, 100, 50) === 0) taken++;
    expect(taken).toBe(50);
  });

  test('is one for all that share its memory, and none of its neighbours', () => {
    const clock = { nowMs: 1e9 };
    const buffer = new SharedArrayBuffer(SharedRates.byteLength(2));
    const now = (): bigint => BigInt(clock.nowMs) * 1_000_000n;
    const [one, other] = [new SharedRates(buffer, now), new SharedRates(buffer, now)];
    expect(one.take(0, 5, 1, 1)).toBe(0);
    expect(other.take(0, 1, 1, 1)).toBe(4_000);
    expect(other.take(1, 1, 1, 1)).toBe(0);
    other.fill(0);
    expect(one.take(0, 1, 1, 1)).toBe(0);
  });

  test('runs by the clock of this machine', () => {
    const rates = new SharedRates(new SharedArrayBuffer(SharedRates.byteLength(1)));
    expect(rates.take(0, 1_000_000, 1, 1)).toBe(0);
    expect(rates.waitMs(0, 1, 1)).toBeGreaterThan(900_000_000);
  });
});
