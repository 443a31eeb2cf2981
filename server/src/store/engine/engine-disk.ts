/**
 * The disk under the embedded engine. libchdb (26.7.2) goes on when write() says that there is no space: an insert or
 * a merge then "succeeds" with empty files, and what was stored is lost. So no engine may meet a full disk; one that
 * comes near is killed. A part that a merge has spoiled by then is found broken at the next start, which takes the
 * parts it was made of in its place. See docs/internals/engine-on-a-full-disk.md.
 */
import { readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK_CHECK_INTERVAL_MS, MIN_FREE_DISK_BYTES } from './engine-limits.ts';

/** For a user without privileges, in bytes. */
export async function freeDiskBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

export function describeFullDisk(freeBytes: number, neededBytes: number): string {
  return `the disk of the store is full: ${freeBytes} bytes are free (needs ${neededBytes}). Free space.`;
}

/** Looks at the disk all the time; calls `onFull` once. */
export class DiskWatch {
  readonly #timer: NodeJS.Timeout;

  constructor(directory: string, onFull: (freeBytes: number) => void) {
    let isLooking = false;
    this.#timer = setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      freeDiskBytes(directory)
        .then((freeBytes) => {
          if (freeBytes >= MIN_FREE_DISK_BYTES) return;
          this.stop();
          onFull(freeBytes);
        })
        // A disk that cannot be asked has troubles that others will tell of.
        .catch(() => undefined)
        .finally(() => {
          isLooking = false;
        });
    }, DISK_CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** What merges, inserts and mutations of a killed engine have left, as the engine does at its start: it may be all that fills the disk. */
export async function removeUnfinishedParts(dataPath: string): Promise<void> {
  const store = join(dataPath, 'store');
  for (const prefix of await readdir(store).catch(() => [])) {
    for (const table of await readdir(join(store, prefix)).catch(() => [])) {
      const directory = join(store, prefix, table);
      for (const name of await readdir(directory).catch(() => [])) {
        if (/^tmp_(merge|insert|mut)_/.test(name)) await rm(join(directory, name), { recursive: true, force: true });
      }
    }
  }
}
