import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  ENTRY_HEADER_BYTES,
  findMagic,
  NO_SECRET,
  payloadMatches,
  tryDecodeHeader,
} from '../../../../server/src/journal/entry-codec.ts';
import {
  END_MARK,
  NEW_SEGMENT_HEADER_BYTES,
  newSegmentHeader,
  REUSED_SEGMENT_HEADER_BYTES,
  readSegmentHeader,
  reusedSegmentHeader,
} from '../../../../server/src/journal/segment-header.ts';
import { type SegmentScan, scanSegment } from '../../../../server/src/journal/segment-scan.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';
import { checkSame } from './check-batch.ts';
import { entryBytes } from './journal-entry.ts';

/** Of the journal whose segments these are. */
const SECRET = 0x5ec2e7;
/** Entries of the seeds are numbered 1 to 4: the first two are what the segment held before. */
const REUSED_HEADER = reusedSegmentHeader({ number: 9, firstSequence: 3 });

/** scanSegment on a real file, judged by the same search done plainly in memory. */
export function journalSegmentTarget(): FuzzTarget {
  const directory = mkdtempSync(join(tmpdir(), 'clew-fuzz-segment-'));
  const path = join(directory, '000000000001.segment');
  return {
    name: 'journal-segment',
    style: 'bytes',
    maxInputBytes: 2048,
    dictionary: [entryBytes(1, 7, { spans: 'q' }), utf8('CLWE'), newSegmentHeader(), REUSED_HEADER, END_MARK],
    seeds,
    async check(input) {
      writeFileSync(path, input);
      let scan: SegmentScan;
      try {
        scan = await scanSegment(path, SECRET);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('journal segment ')) throw error;
        return shapeOf(error.message.replace(path, ''));
      }
      const { tail, ...found } = scan;
      checkSame(found, reference(Buffer.from(input)), 'reference');
      const isEnd = scan.endOffset >= input.length || (scan.reused !== undefined && isEndMark(input, scan.endOffset));
      if ((tail.kind === 'none') !== isEnd) throw new FuzzFinding(`tail "${tail.kind}"`);
      if (tail.kind !== 'none' && (tail.to <= scan.endOffset || tail.to > input.length)) {
        throw new FuzzFinding(`tail from ${scan.endOffset} to ${tail.to}`);
      }
      const covered =
        scan.entries.reduce((sum, { header }) => sum + ENTRY_HEADER_BYTES + header.payloadBytes, 0) +
        scan.damaged.reduce((sum, { from, to }) => sum + to - from, 0);
      if (covered + Math.min(beginOf(scan.reused), input.length) !== scan.endOffset) {
        throw new FuzzFinding(`entries and damage cover ${covered} bytes up to ${scan.endOffset}`);
      }
      return `accepted ${magnitude(scan.entries.length)} ${magnitude(scan.damaged.length)} ${tail.kind}`;
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function reference(bytes: Buffer): Omit<SegmentScan, 'tail'> {
  const entries: SegmentScan['entries'][number][] = [];
  const damaged: SegmentScan['damaged'][number][] = [];
  const begin = readSegmentHeader(bytes, 'reference');
  const reused = typeof begin === 'string' ? undefined : begin;
  const secrets = begin === 'new' ? [NO_SECRET] : begin === 'damaged' ? [NO_SECRET, SECRET] : [SECRET];
  const own = { above: reused === undefined ? -1 : reused.firstSequence - 1, secrets };
  let at = beginOf(reused);
  let endOffset = Math.min(at, bytes.length);
  while (at >= 0 && at < bytes.length) {
    if (reused !== undefined && isEndMark(bytes, at)) break;
    const entry = tryEntry(bytes, at, own);
    if (entry === undefined) {
      const next = behindDamage(bytes, at, own);
      damaged.push({ from: at, to: next });
      at = next;
    } else {
      entries.push(entry);
      at = entry.payloadOffset + entry.header.payloadBytes;
      endOffset = at;
      if (reused !== undefined) own.above = entry.header.sequence;
    }
  }
  return {
    entries,
    damaged: damaged.filter(({ to }) => to >= 0 && to <= endOffset),
    endOffset,
    fileBytes: bytes.length,
    reused,
  };
}

function beginOf(reused: SegmentScan['reused']): number {
  return reused === undefined ? NEW_SEGMENT_HEADER_BYTES : REUSED_SEGMENT_HEADER_BYTES;
}

function isEndMark(bytes: Uint8Array, at: number): boolean {
  return END_MARK.equals(bytes.subarray(at, at + END_MARK.length));
}

interface Own {
  readonly above: number;
  readonly secrets: readonly number[];
}

function tryHeader(bytes: Buffer, at: number, { above, secrets }: Own): ReturnType<typeof tryDecodeHeader> {
  const headers = secrets.map((secret) => tryDecodeHeader(bytes, at, secret));
  return headers.find((header) => header !== undefined && header.sequence > above);
}

function tryEntry(bytes: Buffer, at: number, own: Own): SegmentScan['entries'][number] | undefined {
  const header = tryHeader(bytes, at, own);
  if (header === undefined) return undefined;
  const payloadOffset = at + ENTRY_HEADER_BYTES;
  const payload = bytes.subarray(payloadOffset, payloadOffset + header.payloadBytes);
  return payloadMatches(header, payload) ? { header, payloadOffset } : undefined;
}

/** Where the next entry begins: behind the payload when the header tells, else the next whole entry. */
function behindDamage(bytes: Buffer, at: number, own: Own): number {
  const header = tryHeader(bytes, at, own);
  const end = at + ENTRY_HEADER_BYTES + (header?.payloadBytes ?? 0);
  if (header !== undefined && end < bytes.length && tryHeader(bytes, end, own) !== undefined) return end;
  let hit = findMagic(bytes, at + 1);
  while (hit >= 0 && tryEntry(bytes, hit, own) === undefined) hit = findMagic(bytes, hit + 1);
  return hit;
}

function seeds(): CorpusInput[] {
  const entries = [1, 2, 3, 4].map((n) => entryBytes(n, n, { scopes: 'x'.repeat(n), spans: 'CLWE'.repeat(n) }));
  const segment = Buffer.concat([newSegmentHeader(), ...entries]);
  const own = [3, 4].map((n) => entryBytes(n, n, { spans: 'CLWE'.repeat(n) }, SECRET));
  const reused = Buffer.concat([REUSED_HEADER, ...own, END_MARK, entries[0], entries[1]]);
  const damaged = Buffer.from(segment);
  damaged[NEW_SEGMENT_HEADER_BYTES + entries[0].length + 40] ^= 1;
  const newer = Buffer.from(segment);
  newer.writeUInt32LE(9, 8);
  newer.writeUInt32LE(crc32(newer.subarray(0, 12)), 12);
  return [
    { name: 'empty', bytes: new Uint8Array(0) },
    { name: 'header-only', bytes: newSegmentHeader() },
    { name: 'four-entries', bytes: segment },
    { name: 'reused', bytes: reused },
    { name: 'reused-torn', bytes: Buffer.concat([REUSED_HEADER, own[0].subarray(0, 40), entries[0], entries[3]]) },
    { name: 'reused-without-mark', bytes: Buffer.concat([REUSED_HEADER, own[0], entries[0], own[1]]) },
    { name: 'torn-end', bytes: segment.subarray(0, -5) },
    { name: 'damaged-middle', bytes: damaged },
    { name: 'entry-in-an-entry', bytes: Buffer.concat([newSegmentHeader(), entryIn(entries[1])]) },
    { name: 'newer-format', bytes: newer },
  ];
}

/** An entry whose block is, byte for byte, another entry: what a sender could put into an attribute. */
function entryIn(inner: Uint8Array): Uint8Array {
  return entryBytes(1, 5, {
    spans: Buffer.from(inner)
      .toString('latin1')
      .replace(/[^\0-\x7f]/g, '?'),
  });
}
