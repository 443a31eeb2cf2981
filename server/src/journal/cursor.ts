/**
 * Where the writer stands, on disk: what is committed to the store and which group is on its way.
 * Two slots are written in turn, so that a torn write leaves the other one. Knowing the group on its way makes a
 * replay after a crash form the same group with the same deduplication token.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const SLOT_BYTES = 64;

export interface CursorState {
  /** Highest sequence number that is in the store; 0 for none. */
  readonly committed: number;
  /** Last sequence number of the group being inserted, which starts at committed + 1; 0 for none. */
  readonly inFlightLast: number;
}

export class Cursor {
  readonly #file: FileHandle;
  #generation: number;
  #state: CursorState;
  /** Something was written into it once, and none of it can be read. */
  readonly isDamaged: boolean;

  private constructor(file: FileHandle, generation: number, state: CursorState, isDamaged: boolean) {
    this.isDamaged = isDamaged;
    this.#file = file;
    this.#generation = generation;
    this.#state = state;
  }

  static async open(path: string): Promise<Cursor> {
    const file = await open(path, 'a').then(async (created) => {
      await created.close();
      return open(path, 'r+');
    });
    const bytes = Buffer.alloc(SLOT_BYTES * 2);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    // Its room on the disk is taken now, so that a full disk does not keep a group from being committed.
    if (bytesRead < bytes.length) {
      await file.write(bytes, bytesRead, bytes.length - bytesRead, bytesRead);
      await file.datasync();
    }
    let generation = 0;
    let state: CursorState = { committed: 0, inFlightLast: 0 };
    for (const offset of [0, SLOT_BYTES]) {
      const slot = bytes.subarray(offset, offset + SLOT_BYTES);
      if (slot.readUInt32LE(28) !== crc32(slot.subarray(0, 28)) || slot.readUInt32LE(24) !== 1) continue;
      const slotGeneration = Number(slot.readBigUInt64LE(0));
      if (slotGeneration <= generation) continue;
      generation = slotGeneration;
      state = { committed: Number(slot.readBigUInt64LE(8)), inFlightLast: Number(slot.readBigUInt64LE(16)) };
    }
    return new Cursor(file, generation, state, generation === 0 && bytes.some((byte) => byte !== 0));
  }

  get state(): CursorState {
    return this.#state;
  }

  /** Writes a new state; resolves when it is on disk. Calls must not overlap. */
  async write(state: CursorState): Promise<void> {
    const generation = this.#generation + 1;
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.writeBigUInt64LE(BigInt(generation), 0);
    slot.writeBigUInt64LE(BigInt(state.committed), 8);
    slot.writeBigUInt64LE(BigInt(state.inFlightLast), 16);
    slot.writeUInt32LE(1, 24); // format version
    slot.writeUInt32LE(crc32(slot.subarray(0, 28)), 28);
    await this.#file.write(slot, 0, SLOT_BYTES, (generation % 2) * SLOT_BYTES);
    await this.#file.datasync();
    this.#generation = generation;
    this.#state = state;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
