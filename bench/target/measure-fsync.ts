import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Quantiles, quantilesOf } from '../load/quantiles.ts';

const ROUNDS = 60;

/** What appending so many bytes to a file and an fsync take where data directories are made: nobody acknowledges sooner. */
export async function measureFsync(bytes: number): Promise<Quantiles> {
  const path = join(tmpdir(), `clew-bench-fsync-${process.pid}`);
  const file = await open(path, 'wx');
  try {
    const block = Buffer.alloc(bytes, 'clew');
    const times: number[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const beforeMs = performance.now();
      await file.write(block);
      await file.datasync();
      times.push(performance.now() - beforeMs);
    }
    return quantilesOf(times);
  } finally {
    await file.close();
    await rm(path);
  }
}
