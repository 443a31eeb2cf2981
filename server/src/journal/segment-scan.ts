/** Reading a segment back after a stop or a crash: which entries are whole, what is torn, what is damaged. */
import { type FileHandle, open } from 'node:fs/promises';
import {
  ENTRY_HEADER_BYTES,
  type EntryHeader,
  findMagic,
  NO_SECRET,
  payloadMatches,
  tryDecodeHeader,
} from './entry-codec.ts';
import {
  END_MARK,
  NEW_SEGMENT_HEADER_BYTES,
  REUSED_SEGMENT_HEADER_BYTES,
  type ReusedSegment,
  readSegmentHeader,
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

/** Which entries are a segment's own. */
interface Own {
  /** What a reused segment held before has numbers up to this. */
  above: number;
  /** One of these begins the checksums of their headers. */
  readonly secrets: readonly number[];
}

/**
 * Reads every entry of a segment and checks it. Memory: one payload at a time.
 * @param secret of reused segments
 */
export async function scanSegment(path: string, secret: number): Promise<SegmentScan> {
  const file = await open(path, 'r');
  try {
    const fileBytes = (await file.stat()).size;
    const begin = readSegmentHeader(await readAt(file, 0, REUSED_SEGMENT_HEADER_BYTES), path);
    const reused = typeof begin === 'string' ? undefined : begin;
    const own: Own = {
      above: reused === undefined ? -1 : reused.firstSequence - 1,
      secrets: begin === 'new' ? [NO_SECRET] : begin === 'damaged' ? [NO_SECRET, secret] : [secret],
    };
    const entries: ScannedEntry[] = [];
    const damaged: { from: number; to: number }[] = [];
    let at = reused === undefined ? NEW_SEGMENT_HEADER_BYTES : REUSED_SEGMENT_HEADER_BYTES;
    let endOffset = Math.min(at, fileBytes);
    while (at < fileBytes) {
      if (reused !== undefined && (await isEndMark(file, at))) break;
      const entry = await tryReadEntry(file, at, own);
      if (entry !== undefined) {
        entries.push(entry);
        at = entry.payloadOffset + entry.header.payloadBytes;
        endOffset = at;
        if (reused !== undefined) own.above = entry.header.sequence;
        continue;
      }
      const next =
        (await tryEndOfDamaged(file, at, fileBytes, own)) ?? (await findNextEntry(file, at + 1, fileBytes, own));
      if (next < 0) break;
      damaged.push({ from: at, to: next });
      at = next;
    }
    // Damage with nothing whole behind it is the tail's.
    const inside = damaged.filter(({ to }) => to <= endOffset);
    const tail =
      reused === undefined
        ? await tailOf(file, endOffset, fileBytes, own)
        : await tailOfReused(file, endOffset, fileBytes, own);
    return { entries, damaged: inside, endOffset, tail, fileBytes, reused };
  } finally {
    await file.close();
  }
}

async function tryReadEntry(file: FileHandle, offset: number, own: Own): Promise<ScannedEntry | undefined> {
  const header = await tryReadHeader(file, offset, own);
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
  own: Own,
): Promise<number | undefined> {
  const header = await tryReadHeader(file, offset, own);
  if (header === undefined) return undefined;
  const end = offset + ENTRY_HEADER_BYTES + header.payloadBytes;
  return end < fileBytes && (await tryReadHeader(file, end, own)) !== undefined ? end : undefined;
}

async function tailOf(file: FileHandle, offset: number, fileBytes: number, own: Own): Promise<SegmentTail> {
  if (offset >= fileBytes) return { kind: 'none' };
  const to = fileBytes;
  if (fileBytes - offset < ENTRY_HEADER_BYTES) return { kind: 'torn', sequence: 0, to };
  const header = await tryReadHeader(file, offset, own);
  if (header === undefined || offset + ENTRY_HEADER_BYTES + header.payloadBytes <= fileBytes) {
    return { kind: 'damaged', to };
  }
  return { kind: 'torn', sequence: header.sequence, to };
}

/**
 * The file does not end where its entries do. Its end mark is written with each entry: one whose mark is there was
 * written to its end, and has been damaged since.
 */
async function tailOfReused(file: FileHandle, offset: number, fileBytes: number, own: Own): Promise<SegmentTail> {
  if (offset >= fileBytes || (await isEndMark(file, offset))) return { kind: 'none' };
  const header = await tryReadHeader(file, offset, own);
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

async function tryReadHeader(file: FileHandle, offset: number, own: Own): Promise<EntryHeader | undefined> {
  return ownHeader(await readAt(file, offset, ENTRY_HEADER_BYTES), 0, own);
}

function ownHeader(bytes: Buffer, offset: number, { above, secrets }: Own): EntryHeader | undefined {
  for (const secret of secrets) {
    const header = tryDecodeHeader(bytes, offset, secret);
    if (header !== undefined && header.sequence > above) return header;
  }
  return undefined;
}

async function findNextEntry(file: FileHandle, from: number, fileBytes: number, own: Own): Promise<number> {
  const window = Buffer.alloc(SEARCH_WINDOW_BYTES);
  for (let base = from; base < fileBytes; ) {
    const { bytesRead } = await file.read(window, 0, window.length, base);
    if (bytesRead === 0) return -1;
    const bytes = window.subarray(0, bytesRead);
    for (let hit = findMagic(bytes, 0); hit >= 0; hit = findMagic(bytes, hit + 1)) {
      // In memory first: a payload may be full of the magic, and two reads of the file for each would take minutes.
      const isNoHeader = hit + ENTRY_HEADER_BYTES <= bytes.length && ownHeader(bytes, hit, own) === undefined;
      if (!isNoHeader && (await tryReadEntry(file, base + hit, own)) !== undefined) return base + hit;
    }
    // Overlap by three bytes: the magic may lie across two windows.
    base += Math.max(1, bytesRead - 3);
    if (bytesRead < window.length) return -1;
  }
  return -1;
}
