import { afterAll, beforeAll, expect, it } from 'vitest';
import { readNative, startTestEngine, type TestEngine } from './test-engine.ts';

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
  await test.client.command('CREATE TABLE gate (open UInt8) ENGINE = Memory');
});
afterAll(() => test.close());

async function setGate(open: 0 | 1): Promise<void> {
  await test.client.command('TRUNCATE TABLE gate');
  await test.client.command(`INSERT INTO gate VALUES (${open})`);
}

/** A view that refuses its rows while the gate is closed: the table has committed, its view has not. */
async function createTables(partitions: number): Promise<Uint8Array> {
  for (const name of ['seen_rows', 'source', 'seen']) await test.client.command(`DROP TABLE IF EXISTS ${name}`);
  const engine = 'PARTITION BY p ORDER BY a SETTINGS non_replicated_deduplication_window = 1000';
  await test.client.command(`CREATE TABLE source (a UInt64, p UInt8) ENGINE = MergeTree ${engine}`);
  await test.client.command(
    `CREATE TABLE seen (a UInt64, p UInt8, n SimpleAggregateFunction(sum, UInt64)) ENGINE = AggregatingMergeTree ${engine}`,
  );
  await test.client.command(
    `CREATE MATERIALIZED VIEW seen_rows TO seen AS SELECT a, p, toUInt64(count()) AS n FROM source
     WHERE throwIf((SELECT max(open) FROM gate) = 0) = 0 GROUP BY a, p`,
  );
  return readNative(test.client, `SELECT number AS a, toUInt8(number % ${partitions}) AS p FROM numbers(1000)`);
}

async function counts(): Promise<unknown> {
  return (
    await test.client.selectJson('SELECT (SELECT count() FROM source) AS source, (SELECT sum(n) FROM seen) AS seen')
  ).rows[0];
}

it.each([1, 3])(
  'an insert cut off before its view is completed by its repetition, in %i partitions',
  async (partitions) => {
    const block = await createTables(partitions);
    const insert = () => test.client.insertNative('source', [block], { deduplicationToken: 'token' });
    await setGate(0);
    await expect(insert()).rejects.toMatchObject({ code: '395' });
    expect(await counts()).toEqual({ source: '1000', seen: '0' });
    await setGate(1);
    await insert();
    expect(await counts()).toEqual({ source: '1000', seen: '1000' });
    await insert();
    expect(await counts()).toEqual({ source: '1000', seen: '1000' });
  },
);

it('without the setting for views, a repetition counts twice: the reason why every insert carries it', async () => {
  const block = await createTables(1);
  await setGate(1);
  const settings = { deduplicate_blocks_in_dependent_materialized_views: 0 };
  for (let attempt = 0; attempt < 2; attempt++) {
    await test.client.insertNative('source', [block], { deduplicationToken: 'token', settings });
  }
  expect(await counts()).toEqual({ source: '1000', seen: '2000' });
});
