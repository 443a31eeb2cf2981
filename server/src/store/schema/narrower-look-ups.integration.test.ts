/** Of many parts a read looks into those alone that may hold what it asks for, before any merge. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import { START_BUCKET_SQL, startBucket } from './start-bucket.ts';

const INSERTS = 6;
const HOUR_NANO = 3_600_000_000_000n;
const FIRST = 1_760_000_000_000_000_000n;

let store: TestStore;

/** A trace of three spans, an hour after that of the insert before; insert by insert a part. */
beforeAll(async () => {
  store = await startTestStore();
  await store.client.command('SYSTEM STOP MERGES spans');
  await store.client.command('SYSTEM STOP MERGES trace_times');
  for (let i = 0; i < INSERTS; i++) {
    await store.client.command(`
      INSERT INTO spans (tenant, day, trace_id, service, name, start)
      SELECT 'acme', '2025-10-09', reinterpretAsFixedString(sipHash128(${i})), 'shop', 'op',
        fromUnixTimestamp64Nano(${FIRST + BigInt(i) * HOUR_NANO} + number)
      FROM numbers(3)`);
  }
});
afterAll(() => store.close());

/** Parts left and parts there, by what left them out. */
async function partsBy(explained: string): Promise<Readonly<Record<string, string>>> {
  const { rows } = await store.client.selectJson<{ explain: string }>(`EXPLAIN indexes = 1 ${explained}`);
  const found: Record<string, string> = {};
  let by = '';
  for (const { explain } of rows) {
    const line = explain.trim().replace(/^Name: /, '');
    if (/^(?:Statistics|PrimaryKey|Partition|Min-Max|\w+_(?:bloom|minmax))$/.test(line)) by = line;
    const parts = /^Parts: (\d+\/\d+)$/.exec(line)?.[1];
    if (parts !== undefined) found[by] = parts;
  }
  return found;
}

it('parts of other times are left out by what inserts write of their columns', async () => {
  const bucket = startBucket(FIRST + 2n * HOUR_NANO);
  const parts = await partsBy(`SELECT name FROM spans WHERE tenant = 'acme' AND ${START_BUCKET_SQL} = ${bucket}`);
  expect(parts).toMatchObject({ Statistics: `1/${INSERTS}`, PrimaryKey: '1/1' });
  expect(parts).not.toHaveProperty('start_minmax');
});

it('the times of a trace are looked for in the part alone that has them', async () => {
  const id = 'reinterpretAsFixedString(sipHash128(4))';
  const parts = await partsBy(`SELECT day FROM trace_times WHERE tenant = 'acme' AND trace_id = ${id}`);
  expect(parts).toMatchObject({ trace_id_bloom: expect.stringMatching(/^1\//) });
});
