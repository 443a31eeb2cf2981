/** Reading the journal back at the start: whole entries are kept, torn ends cut off, damaged stretches set aside. */
import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type Segment, segmentPath, trySegmentNumber } from './segment-files.ts';
import { type ScannedEntry, scanSegment } from './segment-scan.ts';

const COPY_BYTES = 1 << 20;

export interface JournalLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RecoveredSegment {
  readonly segment: Segment;
  readonly entries: readonly ScannedEntry[];
  /** Damaged stretches that were set aside. */
  readonly damagedCount: number;
}

/**
 * Segments in the order of their names, which is not that of their entries where one has been written again.
 * `acknowledgedTo`: an entry up to this sequence number was whole once, so that an end without it is damage and not a
 * write that never finished. `secret`: of segments that are written again.
 */
export async function* recoverSegments(
  dir: string,
  logger: JournalLogger,
  acknowledgedTo: number,
  secret: number,
): AsyncGenerator<RecoveredSegment> {
  const numbers = (await readdir(dir)).map(trySegmentNumber).filter((number) => number !== undefined);
  numbers.sort((a, b) => a - b);
  for (const number of numbers) {
    const path = segmentPath(dir, number);
    const scan = await scanSegment(path, secret);
    let damagedCount = scan.damaged.length;
    for (const range of scan.damaged) await setRangeAside(dir, logger, path, range, `segment-${number}-${range.from}`);
    const { tail, endOffset, reused } = scan;
    // What a segment held before counts as well: no number is given twice, even where nothing else is left to tell.
    const before = reused === undefined ? 0 : reused.firstSequence - 1;
    const lastSequence = scan.entries.reduce((last, { header }) => Math.max(last, header.sequence), before);
    if (tail.kind === 'torn' && !(tail.sequence > 0 && tail.sequence <= acknowledgedTo)) {
      // Never acknowledged: the answer goes out only after the fsync that would have made it whole.
      logger.warn(
        { segment: number, bytes: tail.to - endOffset },
        'journal: dropped an unfinished write at the end of a segment',
      );
      await truncate(path, endOffset);
    } else if (tail.kind !== 'none') {
      damagedCount++;
      const range = { from: endOffset, to: tail.to };
      if (await setRangeAside(dir, logger, path, range, `segment-${number}-${endOffset}`)) {
        await truncate(path, endOffset);
      }
    }
    const segment = { number: reused?.number ?? number, path, lastSequence, isSuspect: false };
    yield { segment, entries: scan.entries, damagedCount };
  }
}

/** @returns whether the bytes are kept. That a full disk does not let them be is no reason not to start. */
async function setRangeAside(
  dir: string,
  logger: JournalLogger,
  path: string,
  range: { readonly from: number; readonly to: number },
  name: string,
): Promise<boolean> {
  const kept = join(dir, 'quarantine', `${name}.damaged`);
  const found = { segment: path, from: range.from, to: range.to };
  try {
    await mkdir(join(dir, 'quarantine'), { recursive: true });
    await copyRange(path, range, kept);
  } catch (error) {
    logger.error(
      { ...found, error: (error as Error).message },
      'journal: a stretch of a segment is damaged, and its bytes could not be set aside; entries around it are replayed',
    );
    return false;
  }
  logger.error(
    { ...found, kept },
    'journal: a stretch of a segment is damaged; its bytes are set aside, entries around it are replayed',
  );
  return true;
}

async function copyRange(path: string, { from, to }: { from: number; to: number }, target: string): Promise<void> {
  const source = await open(path, 'r');
  try {
    const copy = await open(target, 'w');
    try {
      const piece = Buffer.alloc(Math.min(COPY_BYTES, to - from));
      for (let at = from; at < to; ) {
        const { bytesRead } = await source.read(piece, 0, Math.min(piece.length, to - at), at);
        if (bytesRead === 0) break;
        await copy.write(piece, 0, bytesRead);
        at += bytesRead;
      }
      await copy.sync();
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}
