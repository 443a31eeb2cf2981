/** Reading the journal back at the start: whole entries are kept, torn ends cut off, damaged stretches set aside. */
import { mkdir, open, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Segment, segmentPath, trySegmentNumber } from './segment-files.ts';
import { type ScannedEntry, scanSegment } from './segment-scan.ts';

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

/** Segments in the order they were written. */
export async function* recoverSegments(dir: string, logger: JournalLogger): AsyncGenerator<RecoveredSegment> {
  const numbers = (await readdir(dir)).map(trySegmentNumber).filter((number) => number !== undefined);
  for (const number of numbers.sort((a, b) => a - b)) {
    const path = segmentPath(dir, number);
    const scan = await scanSegment(path);
    for (const range of scan.damaged) await setRangeAside(dir, logger, path, range, `segment-${number}-${range.from}`);
    if (scan.endOffset < scan.fileBytes) {
      // Never acknowledged: the answer goes out only after the fsync that would have made it whole.
      logger.warn(
        { segment: number, bytes: scan.fileBytes - scan.endOffset },
        'journal: dropped an unfinished write at the end of a segment',
      );
      await truncate(path, scan.endOffset);
    }
    const lastSequence = scan.entries.reduce((last, { header }) => Math.max(last, header.sequence), 0);
    yield { segment: { number, path, lastSequence }, entries: scan.entries, damagedCount: scan.damaged.length };
  }
}

async function setRangeAside(
  dir: string,
  logger: JournalLogger,
  path: string,
  range: { readonly from: number; readonly to: number },
  name: string,
): Promise<void> {
  const kept = join(dir, 'quarantine', `${name}.damaged`);
  await mkdir(join(dir, 'quarantine'), { recursive: true });
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(range.to - range.from);
    await file.read(bytes, 0, bytes.length, range.from);
    await writeFile(kept, bytes, { flush: true });
  } finally {
    await file.close();
  }
  logger.error(
    { segment: path, from: range.from, to: range.to, kept },
    'journal: a stretch of a segment is damaged; its bytes are set aside, entries behind it are replayed',
  );
}
