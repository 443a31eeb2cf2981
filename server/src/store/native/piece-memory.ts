import { SpareBuffers } from '@clew/model/spare-buffers';

/** Of a piece: pieces are handed out at about this size, a longer run of bytes is handed out as it lies. */
export const PIECE_BYTES = 128 * 1024;

/**
 * Pieces that were sent and will be again. New ones for every insert are what starts most full collections of the
 * receiving thread: docs/internals/write-path.md.
 */
export class PieceMemory {
  readonly #spare: SpareBuffers;
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** @param maxPieces most that are kept */
  constructor(maxPieces: number) {
    this.#spare = new SpareBuffers(maxPieces * PIECE_BYTES);
  }

  /** PIECE_BYTES bytes of any content. */
  take(): Buffer {
    const spare = this.#spare.take(PIECE_BYTES);
    const piece = spare === undefined ? Buffer.allocUnsafeSlow(PIECE_BYTES) : Buffer.from(spare);
    this.#lent.add(piece.buffer);
    return piece;
  }

  /** For who reads `piece` last. What was not taken from here, or was given back already, is ignored. */
  give({ buffer }: Uint8Array): void {
    if (this.#lent.delete(buffer)) this.#spare.give(buffer as ArrayBuffer);
  }
}
