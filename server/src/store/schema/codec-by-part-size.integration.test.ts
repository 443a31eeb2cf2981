/** What is written once and read once more by the first merge is compressed cheaply, what stays is compressed well. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MIN_ZSTD_PART_BYTES } from '../engine/engine-config.ts';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';

/** Of characters that hardly get smaller, so that few rows are a large part. */
const TEXT_BYTES = 200_000;
const ROWS = Math.ceil((MIN_ZSTD_PART_BYTES * 0.6) / (TEXT_BYTES * 0.8));

let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
});
afterAll(() => store.close());

async function codecs(): Promise<readonly string[]> {
  const { rows } = await store.client.selectJson<{ codec: string }>(
    `SELECT default_compression_codec AS codec FROM system.parts
     WHERE active AND database = currentDatabase() AND table = 'spans' ORDER BY name`,
  );
  return rows.map(({ codec }) => codec);
}

it('an insert is LZ4, a merge of little too, and a merge of much is ZSTD', async () => {
  const insert = (rows: number): Promise<unknown> =>
    store.client.command(
      `INSERT INTO spans (tenant, start, attributes_string)
       SELECT 'default', now64(9), map('text', randomPrintableASCII(${TEXT_BYTES})) FROM numbers(${rows})`,
    );
  await store.client.command('SYSTEM STOP MERGES spans');
  await insert(1);
  await insert(1);
  expect(await codecs()).toEqual(['LZ4', 'LZ4']);
  await store.client.command('SYSTEM START MERGES spans');
  await store.client.command('OPTIMIZE TABLE spans FINAL');
  expect(await codecs()).toEqual(['LZ4']);
  await insert(ROWS);
  await insert(ROWS);
  await store.client.command('OPTIMIZE TABLE spans FINAL');
  expect(await codecs()).toEqual(['ZSTD(1)']);
});

it('columns leave it to the engine, but for those that hold random bytes or are looked up row by row', async () => {
  const { rows } = await store.client.selectJson<{ column: string; codec: string }>(
    `SELECT table || '.' || name AS column, compression_codec AS codec FROM system.columns
     WHERE database = currentDatabase() AND table IN ('spans', 'trace_times') AND codec NOT LIKE '%Default)'
       AND default_kind NOT IN ('ALIAS', 'EPHEMERAL')`,
  );
  const own = rows.filter(({ column }) => !column.startsWith('trace_times.'));
  expect(own).toEqual([{ column: 'spans.span_id', codec: 'CODEC(NONE)' }]);
  expect(new Set(rows.filter((row) => !own.includes(row)).map(({ codec }) => codec))).toEqual(new Set(['CODEC(LZ4)']));
});
