import { describe, expect, it } from 'vitest';
import { goDurationText, tryGoDuration } from './go-duration.ts';

describe('a duration as Go writes it', () => {
  it.each([
    [0n, '0s'],
    [1n, '1ns'],
    [1_100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [1_000_000_000n, '1s'],
    [1_500_000_000n, '1.5s'],
    [60_000_000_000n, '1m0s'],
    [3_300_000_000_000n, '55m0s'],
    [3_600_500_000_000n, '1h0m0.5s'],
    [90_061_000_000_001n, '25h1m1.000000001s'],
    [-1_500_000n, '-1.5ms'],
  ])('%d ns is %s', (nano, text) => {
    expect(goDurationText(nano)).toBe(text);
    if (nano >= 0n) expect(tryGoDuration(text)).toBe(nano);
  });

  it.each([
    ['100ms', 100_000_000n],
    ['1.5h', 5_400_000_000_000n],
    ['.5s', 500_000_000n],
    ['1h30m', 5_400_000_000_000n],
    ['1us', 1_000n],
  ])('%s is read', (text, nano) => {
    expect(tryGoDuration(text)).toBe(nano);
  });

  it.each(['', '5', 's', '-1s', '1 s', '1d', '1e3s', '9999999999h', '1s,'])('%j is none', (text) => {
    expect(tryGoDuration(text)).toBeUndefined();
  });
});
