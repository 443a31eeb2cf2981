import { describe, expect, it } from 'vitest';
import { formatDuration, tryParseDuration } from './format-duration.ts';

describe('a duration', () => {
  it.each([
    [0, '0 ns'],
    [1, '1 ns'],
    [999, '999 ns'],
    [1000, '1 µs'],
    [1234, '1.23 µs'],
    [999_600, '1 ms'],
    [12_345_678, '12.3 ms'],
    [250_000_000, '250 ms'],
    [1_500_000_000, '1.5 s'],
    [59_940_000_000, '59.9 s'],
    [60_000_000_000, '1 min'],
    [61_000_000_000, '1 min 1 s'],
    [3_600_000_000_000, '1 h'],
    [5_400_000_000_000, '1 h 30 min'],
    [90_000_000_000_000, '1 d 1 h'],
    [-1500, '−1.5 µs'],
  ])('of %d ns reads "%s"', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });

  it('is read back from what people type', () => {
    expect(tryParseDuration('250ms')).toBe(250e6);
    expect(tryParseDuration(' 1.5 s ')).toBe(1.5e9);
    expect(tryParseDuration('2m')).toBe(120e9);
    expect(tryParseDuration('10 µs')).toBe(10_000);
    expect(tryParseDuration('soon')).toBeUndefined();
    expect(tryParseDuration('5')).toBeUndefined();
  });
});
