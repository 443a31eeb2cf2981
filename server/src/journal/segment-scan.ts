/** Reading a segment back after a stop or a crash: which entries are whole, what is torn, what is damaged. */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ENTRY_HEADER_BYTES, type EntryHeader, findMagic, payloadMatches, tryDecodeHeader } from './entry-codec.ts';

export const SEGMENT_HEADER_BYTES = 16;
const SEGMENT_MAGIC = 'CLEWJRNL';
const SEGMENT_VERSION = 1;

/** Bytes looked at in one go while searching for the next entry behind a damaged one. */
const SEARCH_WINDOW_BYTES = 1 << 20;

export interface ScannedEntry {
  readonly header: EntryHeader;
  /** Position of the payload in the segment file. */
  readonly payloadOffset: number;
}

/**
 * What is behind the last whole entry. `torn` ends before the entry does, as a write that was interrupted;
 * `sequence` is 0 where not even its header is whole. `damaged` is long enough and still no entry.
 */
export type SegmentTail = { readonly kind: 'none' | 'damaged' } | { readonly kind: 'torn'; readonly sequence: number };

export interface SegmentScan {
  readonly entries: readonly ScannedEntry[];
  /** Ranges that are no whole entry but have whole entries behind them. */
  readonly damaged: readonly { readonly from: number; readonly to: number }[];
  /** End of the last whole entry. */
  readonly endOffset: number;
  readonly tail: SegmentTail;
  readonly fileBytes: number;
}

export function segmentHeader(): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.write(SEGMENT_MAGIC, 0, 'latin1');
  header.writeUInt32LE(SEGMENT_VERSION, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

/** Reads every entry of a segment and checks it. Memory: one payload at a time. */
export async function scanSegment(path: string): Promise<SegmentScan> {
  const file = await open(path, 'r');
  try {
    const fileBytes = (await file.stat()).size;
    await checkSegmentHeader(file, path, fileBytes);
    const entries: ScannedEntry[] = [];
    const damaged: { from: number; to: number }[] = [];
    let at = SEGMENT_HEADER_BYTES;
    let endOffset = Math.min(at, fileBytes);
    while (at < fileBytes) {
      const entry = await tryReadEntry(file, at);
      if (entry !== undefined) {
        entries.push(entry);
        at = entry.payloadOffset + entry.header.payloadBytes;
        endOffset = at;
        continue;
      }
      const next = (await tryEndOfDamaged(file, at, fileBytes)) ?? (await findNextEntry(file, at + 1, fileBytes));
      if (next < 0) break;
      damaged.push({ from: at, to: next });
      at = next;
    }
    // Damage with nothing whole behind it is the tail's.
    const inside = damaged.filter(({ to }) => to <= endOffset);
    return { entries, damaged: inside, endOffset, tail: await tailOf(file, endOffset, fileBytes), fileBytes };
  } finally {
    await file.close();
  }
}

async function checkSegmentHeader(file: FileHandle, path: string, fileBytes: number): Promise<void> {
  // A crash between creating the file and writing its header leaves it empty or short; nothing was in it.
  if (fileBytes < SEGMENT_HEADER_BYTES) return;
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  await file.read(header, 0, SEGMENT_HEADER_BYTES, 0);
  const version = header.readUInt32LE(8);
  // A flipped bit is no newer format: its entries are looked for as ever.
  const isWhole = header.readUInt32LE(12) === crc32(header.subarray(0, 12));
  if (isWhole && header.toString('latin1', 0, 8) === SEGMENT_MAGIC && version > SEGMENT_VERSION) {
    throw new Error(
      `journal segment ${path}: format ${version} (this Clew reads up to ${SEGMENT_VERSION}). Start the newer Clew once to drain it.`,
    );
  }
}

async function tryReadEntry(file: FileHandle, offset: number): Promise<ScannedEntry | undefined> {
  const header = await tryReadHeader(file, offset);
  if (header === undefined) return undefined;
  const payloadOffset = offset + ENTRY_HEADER_BYTES;
  if (payloadOffset + header.payloadBytes > (await file.stat()).size) return undefined;
  const payload = Buffer.alloc(header.payloadBytes);
  await file.read(payload, 0, payload.length, payloadOffset);
  return payloadMatches(header, payload) ? { header, payloadOffset } : undefined;
}

/**
 * Behind an entry whose header is whole: where the next one begins. Searching inside of its payload could find what
 * only looks like an entry, for the payload is what a sender made it.
 */
async function tryEndOfDamaged(file: FileHandle, offset: number, fileBytes: number): Promise<number | undefined> {
  const header = await tryReadHeader(file, offset);
  if (header === undefined) return undefined;
  const end = offset + ENTRY_HEADER_BYTES + header.payloadBytes;
  return end < fileBytes && (await tryReadHeader(file, end)) !== undefined ? end : undefined;
}

async function tailOf(file: FileHandle, offset: number, fileBytes: number): Promise<SegmentTail> {
  if (offset >= fileBytes) return { kind: 'none' };
  if (fileBytes - offset < ENTRY_HEADER_BYTES) return { kind: 'torn', sequence: 0 };
  const header = await tryReadHeader(file, offset);
  if (header === undefined || offset + ENTRY_HEADER_BYTES + header.payloadBytes <= fileBytes)
    return { kind: 'damaged' };
  return { kind: 'torn', sequence: header.sequence };
}

async function tryReadHeader(file: FileHandle, offset: number): Promise<EntryHeader | undefined> {
  const head = Buffer.alloc(ENTRY_HEADER_BYTES);
  const { bytesRead } = await file.read(head, 0, ENTRY_HEADER_BYTES, offset);
  return bytesRead < ENTRY_HEADER_BYTES ? undefined : tryDecodeHeader(head);
}

async function findNextEntry(file: FileHandle, from: number, fileBytes: number): Promise<number> {
  const window = Buffer.alloc(SEARCH_WINDOW_BYTES);
  for (let base = from; base < fileBytes; ) {
    const { bytesRead } = await file.read(window, 0, window.length, base);
    if (bytesRead === 0) return -1;
    const bytes = window.subarray(0, bytesRead);
    for (let hit = findMagic(bytes, 0); hit >= 0; hit = findMagic(bytes, hit + 1)) {
      // In memory first: a payload may be full of the magic, and two reads of the file for each would take minutes.
      const isNoHeader = hit + ENTRY_HEADER_BYTES <= bytes.length && tryDecodeHeader(bytes, hit) === undefined;
      if (!isNoHeader && (await tryReadEntry(file, base + hit)) !== undefined) return base + hit;
    }
    // Overlap by three bytes: the magic may lie across two windows.
    base += Math.max(1, bytesRead - 3);
    if (bytesRead < window.length) return -1;
  }
  return -1;
}
