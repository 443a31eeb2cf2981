/** Of a piece: pieces are handed out at about this size, a longer run of bytes is handed out as it lies. */
export const PIECE_BYTES = 128 * 1024;

/**
 * Pieces that were sent and will be again. New ones for every insert are what starts most full collections of the
 * receiving thread: docs/internals/write-path.md.
 */
export class PieceMemory {
  readonly #maxPieces: number;
  readonly #spare: Buffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** @param maxPieces most that are kept */
  constructor(maxPieces: number) {
    this.#maxPieces = maxPieces;
  }

  /** PIECE_BYTES bytes of any content. */
  take(): Buffer {
    const piece = this.#spare.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);
    this.#lent.add(piece.buffer);
    return piece;
  }

  /** For who reads `piece` last. What was not taken from here, or was given back already, is ignored. */
  give(piece: Uint8Array): void {
    if (!this.#lent.delete(piece.buffer) || this.#spare.length >= this.#maxPieces) return;
    this.#spare.push(Buffer.from(piece.buffer));
  }
}
