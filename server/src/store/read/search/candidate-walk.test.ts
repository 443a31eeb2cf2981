import { describe, expect, it } from 'vitest';
import { growthOf } from './candidate-walk.ts';

describe('the next slice of a walk', () => {
  it('is as long as what is missing should need, and half as much again', () => {
    // 500,000 rows held 10 of 21: the other 11 should be in as many.
    expect(growthOf(500_000, 10, 21)).toBeCloseTo(1.65);
    expect(growthOf(500_000, 20, 21)).toBe(1);
  });

  it('reads as much as a statement costs anyway', () => {
    expect(growthOf(10_000, 20, 21)).toBe(15);
  });

  it('reads two million rows at most, but does not stand still', () => {
    expect(growthOf(500_000, 0, 21)).toBe(4);
    expect(growthOf(5_000_000, 0, 21)).toBe(2);
    expect(growthOf(1_000, 0, 10_000)).toBe(256);
  });
});
