/**
 * The first bytes of a segment file. One made anew ends where its file ends. One whose entries are all in the store is
 * written again in place, so that neither its room nor its name changes on the disk: it begins with the number that it has
 * now, and behind its last entry, and an end mark, stands what it held before. That is what senders made it: headers of
 * its own entries have checksums that begin with a secret, so that nothing else in it can pass for one.
 */
import { crc32 } from 'node:zlib';

const MAGIC = 'CLEWJRNL';
const NEW_VERSION = 1;
const REUSED_VERSION = 2;

export const NEW_SEGMENT_HEADER_BYTES = 16;
export const REUSED_SEGMENT_HEADER_BYTES = 40;

/** Behind the last entry of a reused segment. No entry begins like this. */
export const END_MARK = Buffer.alloc(32);

/** What a reused segment is now. */
export interface ReusedSegment {
  readonly number: number;
  /** Entries below are those that it held before. */
  readonly firstSequence: number;
}

export function newSegmentHeader(): Buffer {
  const header = Buffer.alloc(NEW_SEGMENT_HEADER_BYTES);
  writeStart(header, NEW_VERSION);
  return header;
}

export function reusedSegmentHeader({ number, firstSequence }: ReusedSegment): Buffer {
  const header = Buffer.alloc(REUSED_SEGMENT_HEADER_BYTES);
  writeStart(header, REUSED_VERSION);
  header.writeBigUInt64LE(BigInt(number), 16);
  header.writeBigUInt64LE(BigInt(firstSequence), 24);
  header.writeUInt32LE(crc32(header.subarray(0, 32)), 32);
  return header;
}

/**
 * What a reused segment is now, or `new`. `damaged`: it is neither; a flipped bit is no newer format, and entries are
 * looked for as in both.
 * @throws Error for a format that a newer Clew writes.
 */
export function readSegmentHeader(bytes: Buffer, path: string): ReusedSegment | 'new' | 'damaged' {
  if (bytes.length < NEW_SEGMENT_HEADER_BYTES) return 'damaged';
  const isWhole = bytes.toString('latin1', 0, 8) === MAGIC && bytes.readUInt32LE(12) === crc32(bytes.subarray(0, 12));
  const version = isWhole ? bytes.readUInt32LE(8) : 0;
  if (version > REUSED_VERSION) {
    throw new Error(
      `journal segment ${path}: format ${version} (this Clew reads up to ${REUSED_VERSION}). Start the newer Clew once to drain it.`,
    );
  }
  if (version === NEW_VERSION) return 'new';
  if (version !== REUSED_VERSION || bytes.length < REUSED_SEGMENT_HEADER_BYTES) return 'damaged';
  if (bytes.readUInt32LE(32) !== crc32(bytes.subarray(0, 32))) return 'damaged';
  return { number: Number(bytes.readBigUInt64LE(16)), firstSequence: Number(bytes.readBigUInt64LE(24)) };
}

function writeStart(header: Buffer, version: number): void {
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(version, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
}
