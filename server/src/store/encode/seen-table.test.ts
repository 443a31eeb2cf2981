import { describe, expect, it } from 'vitest';
import { SeenTable } from './seen-table.ts';

describe('SeenTable', () => {
  it('has a key emitted once a block', () => {
    const seen = new SeenTable();
    expect(seen.shouldEmit(1, 2, 3, 4, 5)).toBe(true);
    expect(seen.shouldEmit(1, 2, 3, 4, 5)).toBe(false);
    expect(seen.shouldEmit(1, 2, 3, 4, 6)).toBe(true);
  });

  it('has a key emitted in every block until one that carried it is confirmed', () => {
    const seen = new SeenTable();
    seen.shouldEmit(1, 0, 0, 0, 0);
    const first = seen.endBlock();
    expect(seen.shouldEmit(1, 0, 0, 0, 0)).toBe(true);
    const second = seen.endBlock();
    seen.confirm(first);
    expect(seen.shouldEmit(1, 0, 0, 0, 0)).toBe(false);
    seen.confirm(second);
    expect(seen.shouldEmit(1, 0, 0, 0, 0)).toBe(false);
  });

  it('confirms only what the block carried', () => {
    const seen = new SeenTable();
    seen.shouldEmit(1, 0, 0, 0, 0);
    const first = seen.endBlock();
    seen.shouldEmit(2, 0, 0, 0, 0);
    seen.confirm(first);
    expect(seen.shouldEmit(2, 0, 0, 0, 0)).toBe(false);
    seen.endBlock();
    expect(seen.shouldEmit(2, 0, 0, 0, 0)).toBe(true);
  });

  it('forgets everything at its limit, late confirmations included', () => {
    const seen = new SeenTable(100);
    for (let i = 0; i < 100; i++) expect(seen.shouldEmit(i, 0, 0, 0, 0)).toBe(true);
    const block = seen.endBlock();
    expect(seen.shouldEmit(1000, 0, 0, 0, 0)).toBe(true);
    expect(seen.size).toBe(1);
    seen.confirm(block);
    expect(seen.shouldEmit(0, 0, 0, 0, 0)).toBe(true);
  });

  it('tells 50,000 keys apart while it grows', () => {
    const seen = new SeenTable();
    const emitted = (): number => {
      let count = 0;
      for (let i = 0; i < 50_000; i++) if (seen.shouldEmit(i & 7, i, -i, i >> 3, 9)) count++;
      return count;
    };
    expect(emitted()).toBe(50_000);
    seen.confirm(seen.endBlock());
    expect(emitted()).toBe(0);
  });
});
