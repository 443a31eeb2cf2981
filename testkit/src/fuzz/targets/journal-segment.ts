import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  ENTRY_HEADER_BYTES,
  findMagic,
  payloadMatches,
  tryDecodeHeader,
} from '../../../../server/src/journal/entry-codec.ts';
import {
  SEGMENT_HEADER_BYTES,
  type SegmentScan,
  scanSegment,
  segmentHeader,
} from '../../../../server/src/journal/segment-scan.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';
import { checkSame } from './check-batch.ts';
import { entryBytes } from './journal-entry.ts';

/** scanSegment on a real file, judged by the same search done plainly in memory. */
export function journalSegmentTarget(): FuzzTarget {
  const directory = mkdtempSync(join(tmpdir(), 'clew-fuzz-segment-'));
  const path = join(directory, '000000000001.segment');
  return {
    name: 'journal-segment',
    style: 'bytes',
    maxInputBytes: 2048,
    dictionary: [entryBytes(1, 7, { spans: 'q' }), utf8('CLWE'), segmentHeader()],
    seeds,
    async check(input) {
      writeFileSync(path, input);
      let scan: SegmentScan;
      try {
        scan = await scanSegment(path);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('journal segment ')) throw error;
        return shapeOf(error.message.replace(path, ''));
      }
      const { tail, ...found } = scan;
      checkSame(found, reference(Buffer.from(input)), 'reference');
      if ((tail.kind === 'none') !== scan.endOffset >= input.length) throw new FuzzFinding(`tail "${tail.kind}"`);
      const covered =
        scan.entries.reduce((sum, { header }) => sum + ENTRY_HEADER_BYTES + header.payloadBytes, 0) +
        scan.damaged.reduce((sum, { from, to }) => sum + to - from, 0);
      if (covered + Math.min(SEGMENT_HEADER_BYTES, input.length) !== scan.endOffset) {
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
  let endOffset = Math.min(SEGMENT_HEADER_BYTES, bytes.length);
  let at = SEGMENT_HEADER_BYTES;
  while (at >= 0 && at < bytes.length) {
    const entry = tryEntry(bytes, at);
    if (entry === undefined) {
      const next = behindDamage(bytes, at);
      damaged.push({ from: at, to: next });
      at = next;
    } else {
      entries.push(entry);
      at = entry.payloadOffset + entry.header.payloadBytes;
      endOffset = at;
    }
  }
  return {
    entries,
    damaged: damaged.filter(({ to }) => to >= 0 && to <= endOffset),
    endOffset,
    fileBytes: bytes.length,
  };
}

function tryEntry(bytes: Buffer, at: number): SegmentScan['entries'][number] | undefined {
  const header = tryDecodeHeader(bytes, at);
  if (header === undefined) return undefined;
  const payloadOffset = at + ENTRY_HEADER_BYTES;
  const payload = bytes.subarray(payloadOffset, payloadOffset + header.payloadBytes);
  return payloadMatches(header, payload) ? { header, payloadOffset } : undefined;
}

/** Where the next entry begins: behind the payload when the header tells, else the next whole entry. */
function behindDamage(bytes: Buffer, at: number): number {
  const header = tryDecodeHeader(bytes, at);
  const end = at + ENTRY_HEADER_BYTES + (header?.payloadBytes ?? 0);
  if (header !== undefined && end < bytes.length && tryDecodeHeader(bytes, end) !== undefined) return end;
  let hit = findMagic(bytes, at + 1);
  while (hit >= 0 && tryEntry(bytes, hit) === undefined) hit = findMagic(bytes, hit + 1);
  return hit;
}

function seeds(): CorpusInput[] {
  const entries = [1, 2, 3, 4].map((n) => entryBytes(n, n, { scopes: 'x'.repeat(n), spans: 'CLWE'.repeat(n) }));
  const segment = Buffer.concat([segmentHeader(), ...entries]);
  const damaged = Buffer.from(segment);
  damaged[SEGMENT_HEADER_BYTES + entries[0].length + 40] ^= 1;
  const newer = Buffer.from(segment);
  newer.writeUInt32LE(9, 8);
  newer.writeUInt32LE(crc32(newer.subarray(0, 12)), 12);
  return [
    { name: 'empty', bytes: new Uint8Array(0) },
    { name: 'header-only', bytes: segmentHeader() },
    { name: 'four-entries', bytes: segment },
    { name: 'torn-end', bytes: segment.subarray(0, -5) },
    { name: 'damaged-middle', bytes: damaged },
    { name: 'entry-in-an-entry', bytes: Buffer.concat([segmentHeader(), entryIn(entries[1])]) },
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
