/** What an insert writes: few files, so that it does not stand in the way of the journal's fsync. */
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';

/** Some 14 MB uncompressed: by default a part of 10 MB has files of its own for every column. */
const SPANS = 20_000;

let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
  const [{ body }] = generateRequestBodies({ seed: 5, bodies: 1, spansPerBody: SPANS, resources: 4 });
  await store.insertBody(body, 'default', Date.now());
});
afterAll(() => store.close());

it('an insert of tens of thousands of spans is a part whose columns share a file', async () => {
  const { rows } = await store.client.selectJson<{ part_type: string; spans: string; bytes: string; files: string }>(
    `SELECT part_type, sum(rows) AS spans, sum(data_uncompressed_bytes) AS bytes, max(files) AS files FROM system.parts
     WHERE active AND database = currentDatabase() AND table = 'spans' GROUP BY part_type`,
  );
  expect(rows.map(({ part_type }) => part_type)).toEqual(['Compact']);
  expect(Number(rows[0].spans)).toBeGreaterThanOrEqual(SPANS);
  expect(Number(rows[0].bytes)).toBeGreaterThan(10 * 2 ** 20);
});

it('texts lie with their lengths, and merges count no different values', async () => {
  await store.client.command('OPTIMIZE TABLE spans FINAL');
  const { rows } = await store.client.selectJson<{ column: string; substreams: string[]; statistics: string[] }>(
    `SELECT column, substreams, statistics FROM system.parts_columns
     WHERE active AND database = currentDatabase() AND table = 'spans' AND column = 'url_full'`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0].substreams).toEqual(['url_full']);
  expect(rows[0].statistics.join()).not.toContain('uniq');
});

it('a merge reads what it merges a few times, not once a column', async () => {
  const [{ body }] = generateRequestBodies({ seed: 6, bodies: 1, spansPerBody: SPANS, resources: 4 });
  // From 131,072 rows on, and to a wide part, a merge goes column by column.
  for (let inserted = 0; inserted < 140_000; inserted += SPANS) await store.insertBody(body, 'default', Date.now());
  const [{ bytes }] = await figures<{ bytes: string }>(
    `SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase() AND table = 'spans'`,
  );
  await store.client.command('ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 10485760');
  const before = await bytesRead();
  await store.client.command('OPTIMIZE TABLE spans FINAL');
  // With buffers of 128 KiB it would be thirty times; all is counted twice.
  expect(((await bytesRead()) - before) / Number(bytes)).toBeLessThan(12);
});

async function bytesRead(): Promise<number> {
  const [row] = await figures<{ value: string }>(
    "SELECT value FROM system.events WHERE event = 'ReadBufferFromFileDescriptorReadBytes'",
  );
  return Number(row.value);
}

async function figures<T>(sql: string): Promise<readonly T[]> {
  return (await store.client.selectJson<T>(sql)).rows;
}
