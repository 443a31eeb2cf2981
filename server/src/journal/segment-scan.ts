/** Reading a segment back after a stop or a crash: which entries are whole, what is torn, what is damaged. */
import { type FileHandle, open } from 'node:fs/promises';
import { ENTRY_HEADER_BYTES, type EntryHeader, findMagic, payloadMatches, tryDecodeHeader } from './entry-codec.ts';
import {
  END_MARK,
  NEW_SEGMENT_HEADER_BYTES,
  REUSED_SEGMENT_HEADER_BYTES,
  type ReusedSegment,
  tryReadReused,
} from './segment-header.ts';

/** Bytes looked at in one go while searching for the next entry behind a damaged one. */
const SEARCH_WINDOW_BYTES = 1 << 20;

export interface ScannedEntry {
  readonly header: EntryHeader;
  /** Position of the payload in the segment file. */
  readonly payloadOffset: number;
}

/**
 * What is behind the last whole entry, up to `to`. `torn` ends before the entry does, as a write that was interrupted;
 * `sequence` is 0 where not even its header is whole. `damaged` is long enough and still no entry.
 */
export type SegmentTail =
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged'; readonly to: number }
  | { readonly kind: 'torn'; readonly sequence: number; readonly to: number };

export interface SegmentScan {
  readonly entries: readonly ScannedEntry[];
  /** Ranges that are no whole entry but have whole entries behind them. */
  readonly damaged: readonly { readonly from: number; readonly to: number }[];
  /** End of the last whole entry. */
  readonly endOffset: number;
  readonly tail: SegmentTail;
  readonly fileBytes: number;
  /** Present: what the segment has been made after it held something else. */
  readonly reused: ReusedSegment | undefined;
}

/** Below every sequence number: in a segment made anew all entries are its own. */
const ANY = -1;

/** Reads every entry of a segment and checks it. Memory: one payload at a time. */
export async function scanSegment(path: string): Promise<SegmentScan> {
  const file = await open(path, 'r');
  try {
    const fileBytes = (await file.stat()).size;
    const reused = tryReadReused(await readAt(file, 0, REUSED_SEGMENT_HEADER_BYTES), path);
    const entries: ScannedEntry[] = [];
    const damaged: { from: number; to: number }[] = [];
    /** What a reused segment held before has lower numbers. */
    let above = reused === undefined ? ANY : reused.firstSequence - 1;
    let at = reused === undefined ? NEW_SEGMENT_HEADER_BYTES : REUSED_SEGMENT_HEADER_BYTES;
    let endOffset = Math.min(at, fileBytes);
    while (at < fileBytes) {
      if (reused !== undefined && (await isEndMark(file, at))) break;
      const entry = await tryReadEntry(file, at, above);
      if (entry !== undefined) {
        entries.push(entry);
        at = entry.payloadOffset + entry.header.payloadBytes;
        endOffset = at;
        if (reused !== undefined) above = entry.header.sequence;
        continue;
      }
      const next =
        (await tryEndOfDamaged(file, at, fileBytes, above)) ?? (await findNextEntry(file, at + 1, fileBytes, above));
      if (next < 0) break;
      damaged.push({ from: at, to: next });
      at = next;
    }
    // Damage with nothing whole behind it is the tail's.
    const inside = damaged.filter(({ to }) => to <= endOffset);
    const tail =
      reused === undefined
        ? await tailOf(file, endOffset, fileBytes)
        : await tailOfReused(file, endOffset, fileBytes, above);
    return { entries, damaged: inside, endOffset, tail, fileBytes, reused };
  } finally {
    await file.close();
  }
}

/** @param above entries with a number up to this are not looked for, here and below */
async function tryReadEntry(file: FileHandle, offset: number, above: number): Promise<ScannedEntry | undefined> {
  const header = await tryReadHeader(file, offset, above);
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
async function tryEndOfDamaged(
  file: FileHandle,
  offset: number,
  fileBytes: number,
  above: number,
): Promise<number | undefined> {
  const header = await tryReadHeader(file, offset, above);
  if (header === undefined) return undefined;
  const end = offset + ENTRY_HEADER_BYTES + header.payloadBytes;
  return end < fileBytes && (await tryReadHeader(file, end, above)) !== undefined ? end : undefined;
}

async function tailOf(file: FileHandle, offset: number, fileBytes: number): Promise<SegmentTail> {
  if (offset >= fileBytes) return { kind: 'none' };
  const to = fileBytes;
  if (fileBytes - offset < ENTRY_HEADER_BYTES) return { kind: 'torn', sequence: 0, to };
  const header = await tryReadHeader(file, offset, ANY);
  if (header === undefined || offset + ENTRY_HEADER_BYTES + header.payloadBytes <= fileBytes) {
    return { kind: 'damaged', to };
  }
  return { kind: 'torn', sequence: header.sequence, to };
}

/**
 * The file does not end where its entries do. Its end mark is written with each entry: one whose mark is there was
 * written to its end, and has been damaged since.
 */
async function tailOfReused(file: FileHandle, offset: number, fileBytes: number, above: number): Promise<SegmentTail> {
  if (offset >= fileBytes || (await isEndMark(file, offset))) return { kind: 'none' };
  const header = await tryReadHeader(file, offset, above);
  if (header === undefined) {
    return { kind: 'torn', sequence: 0, to: Math.min(fileBytes, offset + ENTRY_HEADER_BYTES) };
  }
  const end = offset + ENTRY_HEADER_BYTES + header.payloadBytes;
  if (await isEndMark(file, end)) return { kind: 'damaged', to: end };
  return { kind: 'torn', sequence: header.sequence, to: Math.min(fileBytes, end) };
}

async function isEndMark(file: FileHandle, offset: number): Promise<boolean> {
  return END_MARK.equals(await readAt(file, offset, END_MARK.length));
}

/** Fewer bytes where the file ends before. */
async function readAt(file: FileHandle, offset: number, byteCount: number): Promise<Buffer> {
  const bytes = Buffer.alloc(byteCount);
  const { bytesRead } = await file.read(bytes, 0, byteCount, offset);
  return bytes.subarray(0, bytesRead);
}

async function tryReadHeader(file: FileHandle, offset: number, above: number): Promise<EntryHeader | undefined> {
  return ownHeader(await readAt(file, offset, ENTRY_HEADER_BYTES), 0, above);
}

function ownHeader(bytes: Buffer, offset: number, above: number): EntryHeader | undefined {
  const header = tryDecodeHeader(bytes, offset);
  return header !== undefined && header.sequence > above ? header : undefined;
}

async function findNextEntry(file: FileHandle, from: number, fileBytes: number, above: number): Promise<number> {
  const window = Buffer.alloc(SEARCH_WINDOW_BYTES);
  for (let base = from; base < fileBytes; ) {
    const { bytesRead } = await file.read(window, 0, window.length, base);
    if (bytesRead === 0) return -1;
    const bytes = window.subarray(0, bytesRead);
    for (let hit = findMagic(bytes, 0); hit >= 0; hit = findMagic(bytes, hit + 1)) {
      // In memory first: a payload may be full of the magic, and two reads of the file for each would take minutes.
      const isNoHeader = hit + ENTRY_HEADER_BYTES <= bytes.length && ownHeader(bytes, hit, above) === undefined;
      if (!isNoHeader && (await tryReadEntry(file, base + hit, above)) !== undefined) return base + hit;
    }
    // Overlap by three bytes: the magic may lie across two windows.
    base += Math.max(1, bytesRead - 3);
    if (bytesRead < window.length) return -1;
  }
  return -1;
}
