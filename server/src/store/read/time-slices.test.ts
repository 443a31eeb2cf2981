import { describe, expect, it } from 'vitest';
import { newestFirst } from './time-slices.ts';

const MINUTE = 60_000_000_000n;

describe('slices of a range', () => {
  it.each([
    [0n, 1n],
    [0n, 5n * MINUTE],
    [7n, 5n * MINUTE + 8n],
    [1_760_000_000_000_000_000n, 1_760_000_000_000_000_000n + 43_200n * MINUTE],
  ])('cover %s to %s without gap or overlap, newest and shortest first', (fromUnixNano, toUnixNano) => {
    const slices = [...newestFirst({ fromUnixNano, toUnixNano })];
    expect(slices[0].toUnixNano).toBe(toUnixNano);
    expect(slices[slices.length - 1].fromUnixNano).toBe(fromUnixNano);
    for (let i = 1; i < slices.length; i++) expect(slices[i].toUnixNano).toBe(slices[i - 1].fromUnixNano);
    expect(slices.length).toBeLessThanOrEqual(9);
  });

  it('are none for an empty range, and end where the stored order of times ends', () => {
    expect([...newestFirst({ fromUnixNano: 5n, toUnixNano: 5n })]).toEqual([]);
    const [newest] = newestFirst({ fromUnixNano: 0n, toUnixNano: 2n ** 64n - 1n });
    expect(newest.toUnixNano).toBe(2n ** 63n - 1n);
  });
});
