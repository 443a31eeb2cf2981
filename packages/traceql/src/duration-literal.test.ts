import { describe, expect, it } from 'vitest';
import { durationFromText, durationText } from './duration-literal.ts';

describe('durationText', () => {
  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1_500n, '1.5us'],
    [250_000_000n, '250ms'],
    [1_500_000_000n, '1.5s'],
    [1_000_000_001n, '1s1ns'],
    [59_999_000_000n, '59.999s'],
    [60_000_000_000n, '1m'],
    [90_000_000_000n, '1m30s'],
    [5_400_000_000_000n, '1h30m'],
    [86_400_000_000_000n, '24h'],
    [90_500_000_000n, '1m30s500ms'],
    [-1_500_000_000n, '-1.5s'],
  ])('prints %s ns as %s', (nanos, text) => {
    expect(durationText(nanos)).toBe(text);
  });

  it('is read back exactly for every magnitude', () => {
    for (let nanos = 1n; nanos < 2n ** 63n; nanos = nanos * 3n + 1n) {
      expect(durationFromText(durationText(nanos))).toBe(nanos);
    }
  });
});
