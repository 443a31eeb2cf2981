import { describe, expect, test } from 'vitest';
import { FairShares } from './fair-shares.ts';

/** One after the other, until there is no room. */
function fill(shares: FairShares, key: string, amount = 1): number {
  let count = 0;
  for (; shares.hasRoom(key, amount); count++) shares.change(key, amount);
  return count;
}

function sharesOf(capacity: number): { readonly shares: FairShares; readonly passMs: (ms: number) => void } {
  let nowMs = 0;
  return {
    shares: new FairShares(capacity, () => nowMs),
    passMs: (ms) => {
      nowMs += ms;
    },
  };
}

describe('fair shares', () => {
  test('are four fifths for one alone, so that another finds some', () => {
    const { shares } = sharesOf(100);
    expect(fill(shares, 'flood')).toBe(80);
    expect(fill(shares, 'late')).toBeGreaterThanOrEqual(15);
    expect(shares.hasRoom('flood', 1)).toBe(false);
    shares.change('flood', -80);
    expect(shares.hasRoom('flood', 1)).toBe(true);
  });

  test('are equal for all who want more', () => {
    const { shares, passMs } = sharesOf(13_000);
    const held = new Map([
      ['a', fill(shares, 'a')],
      ['b', 0],
      ['c', 0],
    ]);
    for (let round = 0; round < 20_000; round++) {
      passMs(1);
      const [most, count] = [...held].sort(([, x], [, y]) => y - x)[0];
      shares.change(most, -1);
      held.set(most, count - 1);
      for (const key of ['a', 'b', 'c']) held.set(key, (held.get(key) ?? 0) + fill(shares, key));
    }
    // 4 times what is free each: 13,000 = 3 × 4 × 1,000 + 1,000.
    for (const count of held.values()) expect(Math.abs(count - 4_000)).toBeLessThanOrEqual(30);
  });

  test('are there for those who come back together, though another takes all it can in between', () => {
    const { shares, passMs } = sharesOf(100);
    const modest = 24;
    let flood = fill(shares, 'flood');
    let refused = 0;
    for (let round = 0; round < 100; round++) {
      passMs(50);
      let came = 0;
      for (let i = 0; i < modest; i++) {
        if (!shares.hasRoom('modest', 1)) continue;
        shares.change('modest', 1);
        came++;
      }
      // The first seconds are for the flood to make room.
      if (round >= 40) refused += modest - came;
      shares.change('modest', -came);
      // Some of the flood is answered as well, and as much comes at once, and more if it may.
      shares.change('flood', -10);
      flood += fill(shares, 'flood') - 10;
    }
    expect(refused).toBe(0);
    expect(flood).toBeGreaterThan(50);
    // A while after the last of them the room is the other's again.
    passMs(2_000);
    fill(shares, 'flood');
    passMs(2_000);
    expect(flood + fill(shares, 'flood')).toBeLessThanOrEqual(80);
    expect(shares.held).toBe(80);
  });

  test('of many who come seldom do not keep the room from one who comes now', () => {
    const { shares, passMs } = sharesOf(1_000);
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 500; i++) {
        shares.change(`client ${i}`, 20);
        shares.change(`client ${i}`, -20);
      }
      passMs(500);
    }
    expect(fill(shares, 'now', 50)).toBe(8);
  });

  test('are at least an equal part of what there is, though others hold more than that', () => {
    const { shares } = sharesOf(1_000);
    fill(shares, 'flood');
    shares.capacity = 100;
    expect(shares.held).toBe(800);
    expect(shares.hasRoom('flood', 1)).toBe(false);
    expect(fill(shares, 'modest')).toBe(33);
  });

  test('forget whoever holds nothing', () => {
    const { shares, passMs } = sharesOf(100);
    for (let i = 0; i < 100_000; i++) {
      shares.change(`made up ${i}`, 1);
      shares.change(`made up ${i}`, -1);
    }
    // Nobody counts but the newest of them, and after two windows nobody at all.
    expect(shares.isWithinPart('one', 1)).toBe(false);
    for (let i = 0; i < 3; i++) {
      passMs(500);
      shares.hasRoom('one', 1);
    }
    expect(shares.isWithinPart('one', 50)).toBe(true);
    expect(fill(shares, 'one')).toBe(80);
  });
});
