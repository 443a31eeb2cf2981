import { describe, expect, it } from 'vitest';
import { SpareBuffers } from './spare-buffers.ts';

describe('SpareBuffers', () => {
  it('gives back what fits, largest use of it last', () => {
    const spares = new SpareBuffers(1e6);
    const buffer = new ArrayBuffer(spares.sizeFor(300_000));
    spares.give(buffer);
    expect(spares.heldBytes).toBe(buffer.byteLength);
    expect(spares.take(buffer.byteLength + 1)).toBeUndefined();
    expect(spares.take(50_000)).toBeUndefined();
    expect(spares.take(290_000)).toBe(buffer);
    expect(spares.heldBytes).toBe(0);
    expect(spares.take(290_000)).toBeUndefined();
  });

  it('makes buffers of about one size exchangeable, for a quarter more memory at most', () => {
    const spares = new SpareBuffers(1e9);
    for (let bytes = 5000; bytes < 5_000_000; bytes = Math.ceil(bytes * 1.013)) {
      const size = spares.sizeFor(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size).toBeLessThanOrEqual(bytes * 1.25 + 1);
      expect(spares.sizeFor(size)).toBe(size);
    }
  });

  it('keeps no more than its limit, nothing small and nothing that was given away', () => {
    const spares = new SpareBuffers(100_000);
    spares.give(new ArrayBuffer(60_000));
    spares.give(new ArrayBuffer(60_000));
    spares.give(new ArrayBuffer(100));
    const moved = new ArrayBuffer(10_000);
    structuredClone(moved, { transfer: [moved] });
    spares.give(moved);
    expect(spares.heldBytes).toBe(60_000);
    const off = new SpareBuffers(0);
    off.give(new ArrayBuffer(10_000));
    expect([off.heldBytes, off.sizeFor(12_345)]).toEqual([0, 12_345]);
  });
});
