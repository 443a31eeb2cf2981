import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeUnfinishedParts } from './engine-disk.ts';

it('removes what was being written, and nothing else', async () => {
  const dataPath = mkdtempSync(join(tmpdir(), 'clew-test-'));
  const table = join(dataPath, 'store', 'd32', 'd32aa59c');
  const unfinished = ['tmp_merge_0-20261119_1_2_1', 'tmp_insert_0-20261119_3_3_0', 'tmp_mut_0-20261119_1_2_1_4'];
  const kept = ['0-20261119_1_1_0', 'detached', 'tmp-fetch_0-20261119_1_1_0'];
  for (const part of [...unfinished, ...kept]) {
    mkdirSync(join(table, part), { recursive: true });
    writeFileSync(join(table, part, 'data.bin'), 'rows');
  }
  await removeUnfinishedParts(dataPath);
  expect(readdirSync(table).sort()).toEqual([...kept].sort());
  await removeUnfinishedParts(join(dataPath, 'is-not-there'));
  rmSync(dataPath, { recursive: true });
});
