import { describe, expect, it } from 'vitest';
import { formatDecimal, formatPercent, formatSignificant } from './format-number.ts';

describe('a number', () => {
  it('has no more digits than asked for and none that is zero', () => {
    expect([1.25, 1, 1234.56].map((value) => formatDecimal(value, 1))).toEqual(['1.3', '1', '1234.6']);
    expect(formatDecimal(12.345, 2)).toBe('12.35');
    expect([0.0416, 12.6, 126].map((value) => formatSignificant(value, 2))).toEqual(['0.042', '13', '130']);
    expect([0.5, 0.00042, 1].map(formatPercent)).toEqual(['50 %', '0.042 %', '100 %']);
  });
});
