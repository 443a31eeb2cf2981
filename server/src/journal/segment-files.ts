/** The journal's directory: segment files, their names, and writes that survive a crash. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { END_MARK, reusedSegmentHeader } from './segment-header.ts';

const JOURNAL_ID = /^[0-9a-f-]{36}$/;

export interface Segment {
  readonly number: number;
  readonly path: string;
  /** Highest sequence number in it or, where it has been emptied, once in it; 0 while it is new. */
  lastSequence: number;
  /** A sync of it has failed: the kernel may have dropped pages, it is not to be trusted with other entries. */
  isSuspect: boolean;
}

export function segmentPath(dir: string, number: number): string {
  return join(dir, `${String(number).padStart(12, '0')}.segment`);
}

/** The number in a segment's file name, or undefined for another file. */
export function trySegmentNumber(fileName: string): number | undefined {
  const digits = /^(\d{12})\.segment$/.exec(fileName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The journal's own name: part of every deduplication token, so that two journals never share one. */
export async function readOrCreateId(dir: string): Promise<string> {
  const path = join(dir, 'id');
  const existing = await readFile(path, 'utf8').catch(() => '');
  if (JOURNAL_ID.test(existing.trim())) return existing.trim();
  const id = randomUUID();
  await writeFile(`${path}.new`, id, { flush: true });
  await rename(`${path}.new`, path);
  await syncDirectory(dir);
  return id;
}

/** Makes a new or renamed file in `dir` durable. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** No entry below a number counts any more. Not synced: where this is lost those entries are known to be in the store. */
export async function emptySegment({ number, path }: Segment, firstSequence: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await writeAll(file, [reusedSegmentHeader({ number, firstSequence }), END_MARK], 0);
  } finally {
    await file.close();
  }
}

/** writev may write less than asked: go on until everything is written. */
export async function writeAll(file: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void> {
  let rest = buffers;
  let at = position;
  while (rest.length > 0) {
    // IOV_MAX is 1024 on Linux.
    let { bytesWritten } = await file.writev(rest.slice(0, 512), at);
    at += bytesWritten;
    let done = 0;
    while (done < rest.length && bytesWritten >= rest[done].length) bytesWritten -= rest[done++].length;
    rest = bytesWritten === 0 ? rest.slice(done) : [rest[done].subarray(bytesWritten), ...rest.slice(done + 1)];
  }
}
