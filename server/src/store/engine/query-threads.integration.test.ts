import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from './test-engine.ts';

let running: TestEngine;
beforeAll(async () => {
  running = await startTestEngine();
  await running.client.command('CREATE TABLE texts (a UInt64, text String) ENGINE = MergeTree ORDER BY a');
  // Rows of a kilobyte, 2,000 a granule: 60 granules.
  await running.client.command(
    "INSERT INTO texts SELECT number, repeat('x', 1000) FROM numbers(120000) SETTINGS max_block_size = 120000",
  );
}, 60_000);
afterAll(() => running.close());

async function readersOf(condition: string): Promise<number> {
  const { rows } = await running.client.selectJson<{ explain: string }>(
    `EXPLAIN PIPELINE SELECT sum(length(text)) FROM texts WHERE ${condition}`,
    {},
    { settings: { max_threads: 2 } },
  );
  const [reader = ''] = rows.map(({ explain }) => explain).filter((line) => line.includes('MergeTreeSelect'));
  return Number(/× (\d+)/.exec(reader)?.[1] ?? 1);
}

test('a statement over many granules gets the threads it asks for, however small the memory', async () => {
  expect(await readersOf('a >= 0')).toBe(2);
});

test('one of few granules is read by one thread', async () => {
  expect(await readersOf('a < 20000')).toBe(1);
});
