import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from './test-engine.ts';

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());

/** Every file of the engine that is not data of a table. */
function otherFiles(): ReadonlyMap<string, number> {
  const root = join(engine.dataDir, 'engine');
  const files = new Map<string, number>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (/^data\/(store|data|metadata|tmp)\//.test(name)) continue;
    try {
      const stat = statSync(join(root, name));
      if (stat.isFile()) files.set(name, stat.size);
    } catch (error) {
      // Gone since the folder was read.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return files;
}

const SYSTEM_TABLES_ON_DISK =
  "SELECT name FROM system.tables WHERE database = 'system' AND (engine LIKE '%MergeTree' OR name LIKE '%\\\\_log')";

async function partsOutsideOf(database: string): Promise<readonly unknown[]> {
  const { rows } = await engine.client.selectJson(
    'SELECT database, table, name FROM system.parts WHERE database != {database:String}',
    { database },
  );
  return rows;
}

/** What would fill every log there is: inserts, merges, mutations, wide queries, failures, kills. */
async function work(rounds: number): Promise<void> {
  const { client } = engine;
  for (let round = 0; round < rounds; round++) {
    await client.command('INSERT INTO busy.numbers SELECT number, toString(number) FROM numbers(20000)');
    await client.selectJson('SELECT count(), uniq(text) FROM busy.numbers GROUP BY number % 7', undefined, {
      settings: { log_queries: 1, log_query_threads: 1, log_processors_profiles: 1, log_profile_events: 1 },
    });
    await expect(client.selectJson('SELECT no_such_column FROM busy.numbers')).rejects.toThrow();
    await expect(
      client.selectJson('SELECT sleepEachRow(1) FROM numbers(5)', undefined, { timeoutMs: 50 }),
    ).rejects.toThrow();
  }
  await client.command('OPTIMIZE TABLE busy.numbers FINAL');
  await client.command("ALTER TABLE busy.numbers UPDATE text = '' WHERE number < 10 SETTINGS mutations_sync = 1");
}

describe("the engine's own logs", () => {
  it('are not there: no table in system and no file grows with the work', async () => {
    await engine.client.command('CREATE DATABASE busy');
    await engine.client.command(
      'CREATE TABLE busy.numbers (number UInt64, text String) ENGINE = MergeTree ORDER BY number',
    );
    await work(2);
    const before = otherFiles();
    await work(10);
    await engine.client.command('SYSTEM FLUSH LOGS');
    expect((await engine.client.selectJson(SYSTEM_TABLES_ON_DISK)).rows).toEqual([]);
    expect(await partsOutsideOf('busy')).toEqual([]);
    expect(otherFiles()).toEqual(before);
    expect([...before.keys()].filter((name) => /log|trace|dump/i.test(name))).toEqual([]);
    expect([...before.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(64 * 1024);
  });

  it('would be seen by the test above: other tables and other files are', async () => {
    const { client, dataDir } = engine;
    const before = otherFiles();
    await client.command('CREATE DATABASE noisy');
    await client.command('CREATE TABLE noisy.query_log (number UInt64) ENGINE = MergeTree ORDER BY number');
    await client.command('INSERT INTO noisy.query_log SELECT 1');
    writeFileSync(join(dataDir, 'engine', 'clickhouse-server.log'), 'x');
    expect(await partsOutsideOf('busy')).toHaveLength(1);
    expect(otherFiles()).not.toEqual(before);
    await client.command('DROP DATABASE noisy');
  });
});
