import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { FloatSum } from './float-sum.ts';

function sumOf(values: readonly number[]): number {
  const sum = new FloatSum();
  for (const value of values) sum.add(value);
  return sum.total();
}

/** The judge: doubles as integers of 2^-1074, rounded by `Number` of a decimal that has all of their digits. */
function exactSumOf(values: readonly number[]): number {
  const bits = new DataView(new ArrayBuffer(8));
  let total = 0n;
  for (const value of values) {
    bits.setFloat64(0, value);
    const word = bits.getBigUint64(0);
    const exponent = Number((word >> 52n) & 0x7ffn);
    const fraction = (word & 0xfffffffffffffn) | (exponent === 0 ? 0n : 1n << 52n);
    total += (word >> 63n === 1n ? -fraction : fraction) << BigInt(Math.max(exponent, 1) - 1);
  }
  // 2^-1074 = 5^1074 / 10^1074
  return Number(`${total * 5n ** 1074n}e-1074`);
}

describe('a sum of doubles', () => {
  it('is rounded once', () => {
    expect(sumOf([])).toBe(0);
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(sumOf([2 ** 63, 0.7, -(2 ** 63), 1])).toBe(1.7);
    expect(sumOf([1e16, 1, 1e-16])).toBe(10000000000000002);
    expect(sumOf([-0, -0])).toBe(0);
  });

  it('is that of exact arithmetic in any order, over all sizes of doubles', () => {
    const seed = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
    const random = new Random(seed);
    for (let round = 0; round < 300; round++) {
      const spread = random.between(1, 1_900);
      const values = Array.from({ length: random.between(1, 40) }, () => {
        const value = (random.float() - 0.5) * 2 ** (random.between(0, spread) - 1_000);
        return random.between(0, 4) === 0 ? Math.round(value) : value;
      });
      for (let i = random.between(0, 5); i > 0; i--) values.push(-values[random.between(0, values.length - 1)]);
      const exact = exactSumOf(values);
      expect({ seed, round, sum: sumOf(values) }).toEqual({ seed, round, sum: exact });
      expect(sumOf(values.toReversed())).toBe(exact);
    }
  });

  it('passes through sums that no double is large enough for', () => {
    const most = Number.MAX_VALUE;
    expect(sumOf([most, most, -most, 3, -most])).toBe(3);
    expect(sumOf([most, most])).toBe(Infinity);
    expect(sumOf([-most, 1, -most])).toBe(-Infinity);
    const values = [most, 2 ** 959, -most, 2 ** 970, -(2 ** 961), 0.5, most / 3, -(2 ** 959) - 2 ** 940];
    for (let i = 0; i < values.length; i++) {
      values.push(values.shift() ?? 0);
      expect(sumOf(values)).toBe(sumOf(values.toReversed()));
    }
  });

  it('of infinities is one of them, or none', () => {
    expect(sumOf([1, Infinity, -5])).toBe(Infinity);
    expect(sumOf([-Infinity, Number.MAX_VALUE])).toBe(-Infinity);
    expect(sumOf([Infinity, -Infinity])).toBeNaN();
    expect(sumOf([1, Number.NaN])).toBeNaN();
  });
});
