/**
 * Bytes of one journal entry: a 32-byte header with its own checksum, then the payload with another.
 * Little-endian. The header checksum lets recovery find the next entry behind a damaged one.
 */
import { crc32 } from 'node:zlib';
import type { JournalEntry, TableBlock } from './entry.ts';

export const ENTRY_HEADER_BYTES = 32;
const MAGIC = 0x45574c43; // "CLWE"

/** Largest payload: a damaged length must not make recovery allocate without bound. */
export const MAX_ENTRY_PAYLOAD_BYTES = 1 << 30;

export interface EntryHeader {
  readonly sequence: number;
  readonly spanCount: number;
  readonly payloadBytes: number;
  readonly payloadChecksum: number;
}

/** Begins the checksums of headers in segments made anew. */
export const NO_SECRET = 0;

/**
 * The entry as buffers to write one after the other, without copying the blocks.
 * @param secret begins the header's checksum: without knowing it nobody can make a payload that looks like an entry
 */
export function encodeEntry(
  entry: JournalEntry,
  sequence: number,
  secret = NO_SECRET,
): { buffers: Uint8Array[]; byteCount: number } {
  let tableBytes = 4;
  for (const block of entry.blocks) tableBytes += 10 + Buffer.byteLength(destination(block));
  const directory = Buffer.alloc(tableBytes);
  let at = directory.writeUInt32LE(entry.blocks.length, 0);
  let payloadBytes = tableBytes;
  for (const block of entry.blocks) {
    at = directory.writeUInt32LE(block.rowCount, at);
    at = directory.writeUInt32LE(block.bytes.length, at);
    const name = destination(block);
    at = directory.writeUInt16LE(Buffer.byteLength(name), at);
    at += directory.write(name, at);
    payloadBytes += block.bytes.length;
  }
  if (payloadBytes > MAX_ENTRY_PAYLOAD_BYTES) {
    throw new RangeError(
      `journal entry: ${payloadBytes} bytes (limit ${MAX_ENTRY_PAYLOAD_BYTES}). Flush smaller blocks.`,
    );
  }
  let checksum = crc32(directory);
  for (const block of entry.blocks) checksum = crc32(block.bytes, checksum);
  const header = Buffer.alloc(ENTRY_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(payloadBytes, 4);
  header.writeUInt32LE(checksum, 8);
  header.writeUInt32LE(entry.spanCount, 12);
  header.writeBigUInt64LE(BigInt(sequence), 16);
  header.writeUInt32LE(crc32(header.subarray(0, 24), secret), 24);
  return {
    buffers: [header, directory, ...entry.blocks.map((block) => block.bytes)],
    byteCount: ENTRY_HEADER_BYTES + payloadBytes,
  };
}

/** Reads a header, or undefined when these bytes are none. */
export function tryDecodeHeader(bytes: Buffer, offset = 0, secret = NO_SECRET): EntryHeader | undefined {
  if (offset + ENTRY_HEADER_BYTES > bytes.length) return undefined;
  if (bytes.readUInt32LE(offset) !== MAGIC) return undefined;
  if (crc32(bytes.subarray(offset, offset + 24), secret) !== bytes.readUInt32LE(offset + 24)) return undefined;
  const payloadBytes = bytes.readUInt32LE(offset + 4);
  const sequence = Number(bytes.readBigUInt64LE(offset + 16));
  if (payloadBytes > MAX_ENTRY_PAYLOAD_BYTES || !Number.isSafeInteger(sequence)) return undefined;
  return {
    payloadBytes,
    payloadChecksum: bytes.readUInt32LE(offset + 8),
    spanCount: bytes.readUInt32LE(offset + 12),
    sequence,
  };
}

/** Position of the next possible header at or after `offset`, or −1. */
export function findMagic(bytes: Buffer, offset: number): number {
  return bytes.indexOf('CLWE', offset, 'latin1');
}

/** Whether a payload is what its header promised. */
export function payloadMatches(header: EntryHeader, payload: Uint8Array): boolean {
  return payload.length === header.payloadBytes && crc32(payload) === header.payloadChecksum;
}

/**
 * Takes a verified payload apart; the blocks are views into it.
 * @throws Error when the directory does not fit the payload, which a right checksum leaves to mistakes of our own.
 */
export function decodePayload(spanCount: number, payload: Buffer): JournalEntry {
  const blockCount = payload.length < 4 ? 0 : payload.readUInt32LE(0);
  const heads: { table: string; shard: number; rowCount: number; byteCount: number }[] = [];
  let at = 4;
  for (let i = 0; i < blockCount; i++) {
    if (at + 10 > payload.length) throw misfit(payload);
    const rowCount = payload.readUInt32LE(at);
    const byteCount = payload.readUInt32LE(at + 4);
    const nameBytes = payload.readUInt16LE(at + 8);
    const [table, shard = '0'] = payload.toString('utf8', at + 10, at + 10 + nameBytes).split('@');
    heads.push({ table, shard: Number(shard), rowCount, byteCount });
    at += 10 + nameBytes;
  }
  const blocks: TableBlock[] = [];
  for (const { table, shard, rowCount, byteCount } of heads) {
    const bytes = payload.subarray(at, at + byteCount);
    blocks.push(shard === 0 ? { table, rowCount, bytes } : { table, shard, rowCount, bytes });
    at += byteCount;
  }
  if (at !== payload.length) throw misfit(payload);
  return { spanCount, blocks };
}

function misfit(payload: Buffer): Error {
  return new Error(
    `journal entry: its directory does not fit its payload of ${payload.length} bytes. Report this as a mistake of Clew.`,
  );
}

/** A block's table and shard as one name: `spans`, `spans@2`. Entries for one server look as they always did. */
function destination({ table, shard = 0 }: TableBlock): string {
  return shard === 0 ? table : `${table}@${shard}`;
}
