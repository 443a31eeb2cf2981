import { afterEach, expect, it, vi } from 'vitest';
import { SharedNames } from './shared-names.ts';

afterEach(() => void vi.restoreAllMocks());

it('admits a name that another worker enters in the same moment, and counts it once', () => {
  const buffer = new SharedArrayBuffer(SharedNames.byteLength);
  const names = new SharedNames(buffer, () => 0);
  const other = new SharedNames(buffer, () => 0);
  names.epoch();
  const exchange = Atomics.compareExchange.bind(Atomics) as (
    words: Int32Array,
    index: number,
    expected: number,
    replacement: number,
  ) => number;
  let meddled = false;
  vi.spyOn(Atomics, 'compareExchange').mockImplementation(((
    words: Int32Array,
    index: number,
    from: number,
    to: number,
  ) => {
    // After the context has its slot: just before the name takes the one it has found free.
    if (!meddled && words[2] === 1) {
      meddled = true;
      expect(other.admit(11, 12, 13, 14, 1)).toBe(true);
    }
    return exchange(words, index, from, to);
  }) as typeof Atomics.compareExchange);
  expect(names.admit(11, 12, 13, 14, 1)).toBe(true);
  expect(meddled).toBe(true);
  expect(names.admit(11, 12, 13, 14, 1)).toBe(true);
  expect(names.admit(11, 12, 99, 98, 1)).toBe(false);
});
