import type { TraceId } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { hashTraceId, shardOfTrace, slotsOf } from './trace-shards.ts';

const SLOTS = slotsOf([1, 1, 1]);
const id = (number: number, at: number) =>
  `${number
    .toString(16)
    .padStart(8, '0')
    .padStart(at + 8, '0')}`.padEnd(32, '0') as TraceId;

describe('the shard of a trace', () => {
  it('follows xxHash32', () => {
    // XXH32 of "0123456789abcdef", seed 0: computed by ClickHouse's xxHash32.
    const bytes = Buffer.from('0123456789abcdef');
    const words = [0, 4, 8, 12].map((at) => bytes.readInt32LE(at)) as [number, number, number, number];
    expect(hashTraceId(...words)).toBe(3_267_648_361);
  });

  it.each([0, 8, 16, 24])('is even for ids that count up from byte %i / 2 on', (at) => {
    const counts = [0, 0, 0];
    for (let number = 0; number < 30_000; number++) counts[shardOfTrace(id(number, at), SLOTS)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('is one of those with weight, as often as they weigh', () => {
    const slots = slotsOf([1, 0, 3]);
    expect([...slots]).toEqual([0, 2, 2, 2]);
    const counts = [0, 0, 0];
    for (let number = 0; number < 40_000; number++) counts[shardOfTrace(id(number, 24), slots)]++;
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0] - 10_000)).toBeLessThan(500);
  });

  it('needs a shard that takes spans', () => {
    expect(() => slotsOf([0, 0])).toThrow('the weights of its shards add up to 0');
    expect(() => slotsOf([1_000_000])).toThrow('add up to 1000000');
  });
});
