import { describe, expect, it } from 'vitest';
import { PIECE_BYTES, PieceMemory } from './piece-memory.ts';

describe('PieceMemory', () => {
  it('hands a piece out again once it was given back, and to one at a time', () => {
    const memory = new PieceMemory(4);
    const piece = memory.take();
    expect(piece).toHaveLength(PIECE_BYTES);
    expect(memory.take().buffer).not.toBe(piece.buffer);
    memory.give(piece.subarray(0, 10));
    memory.give(piece);
    const again = memory.take();
    expect(again.buffer).toBe(piece.buffer);
    expect(again).toHaveLength(PIECE_BYTES);
    expect(memory.take().buffer).not.toBe(piece.buffer);
  });

  it('keeps no more than it may, and nothing of others', () => {
    const memory = new PieceMemory(1);
    const pieces = [memory.take(), memory.take()];
    for (const piece of pieces) memory.give(piece);
    const foreign = Buffer.allocUnsafeSlow(PIECE_BYTES);
    memory.give(foreign);
    const taken = [memory.take().buffer, memory.take().buffer];
    expect(taken[0]).toBe(pieces[0].buffer);
    expect([pieces[1].buffer, foreign.buffer]).not.toContain(taken[1]);
  });
});
