/** Data directories that cannot be used: said in words, at once, with an exit code. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freshDataDir, type StartOptions, startClew, stopAll } from '../clew-process.ts';
import { readiness } from '../readiness.ts';
import { onReadOnlyDisk, whyNoSmallDisk } from '../small-disk.ts';

const reason = whyNoSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED: read-only directories are not tested here: ${reason}`);

afterEach(stopAll, 60_000);

async function refusalOf(options: StartOptions): Promise<string> {
  try {
    await startClew(options);
  } catch (error) {
    return (error as Error).message;
  }
  return 'it started';
}

const refusal = (dir: string, why: string): string =>
  `clew exited with 1 before it was ready:\nclew: data directory ${dir} cannot be used: ${why}. Correct that or choose another with --data.`;

describe('a data directory', () => {
  it.skipIf(reason !== undefined)('that is read-only is refused', async () => {
    const dataDir = await freshDataDir();
    expect(await refusalOf({ dataDir, launcher: onReadOnlyDisk(dataDir) })).toBe(
      refusal(dataDir, 'its file system is read-only'),
    );
  });

  it('that is a file, or below one, is refused', async () => {
    const file = join(await freshDataDir(), 'file');
    await writeFile(file, 'not a directory');
    expect(await refusalOf({ dataDir: file })).toBe(refusal(file, 'a file has this name'));
    const below = join(file, 'data');
    expect(await refusalOf({ dataDir: below })).toBe(refusal(below, 'a part of its path is a file'));
  });

  it.skipIf(process.platform !== 'linux')('where nothing can be created is refused', async () => {
    expect(await refusalOf({ dataDir: '/proc/clew' })).toBe(refusal('/proc/clew', 'nothing can be created there'));
  });

  it('that another Clew has is refused by its pid, and the other goes on', async () => {
    const first = await startClew();
    expect(await refusalOf({ dataDir: first.dataDir })).toBe(
      `clew exited with 1 before it was ready:\nclew: data directory ${first.dataDir} is in use by process ${first.pid}. Stop it or choose another with --data.`,
    );
    expect(await readiness(first.urls.ui)).toBe('200 ready\n');
  });
});
