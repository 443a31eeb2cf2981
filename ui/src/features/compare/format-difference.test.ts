import { describe, expect, it } from 'vitest';
import {
  formatCountDifference,
  formatDifference,
  formatPercent,
  formatPoints,
  formatRate,
  formatRelative,
} from './format-difference.ts';

describe('differences', () => {
  it('carry a sign', () => {
    expect(formatDifference(120e6)).toBe('+120 ms');
    expect(formatDifference(-1.2e9)).toBe('\u22121.2 s');
    expect(formatDifference(0)).toBe('0');
    expect(formatCountDifference(1200)).toBe('+1,200');
    expect(formatCountDifference(-3)).toBe('\u22123');
  });

  it('are said in per cent up to twice as much, in times beyond, and not at all where nothing was before', () => {
    expect(formatRelative(100, 112)).toBe('(+12 %)');
    expect(formatRelative(100, 50)).toBe('(\u221250 %)');
    expect(formatRelative(100, 100.2)).toBe('(+<1 %)');
    expect(formatRelative(100, 340)).toBe('(×3.4)');
    expect(formatRelative(0, 5)).toBe('');
    expect(formatRelative(5, 5)).toBe('');
  });

  it('of rates and shares keep their first digits', () => {
    expect([12.34, 0.12, 0.0012].map(formatRate)).toEqual(['12/s', '7.2/min', '4.3/h']);
    expect([0, 0.0004, 0.123, 0.4, 1].map(formatPercent)).toEqual(['0 %', '<0.1 %', '12 %', '40 %', '100 %']);
    expect([0.4, -0.025, 0].map(formatPoints)).toEqual(['+40 pts', '\u22122.5 pts', '0']);
  });
});
