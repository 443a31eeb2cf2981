import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createStoreClient, isRetryableStoreError } from '../client.ts';
import { bundleEngine, bundleHolder } from './bundle-engine.ts';
import { identityOf, isRunning } from './process-identity.ts';
import { eventually, makeDataDir, readNative, startTestEngine, type TestEngine } from './test-engine.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function opened(dataDir?: string): Promise<TestEngine> {
  const test = await startTestEngine(dataDir);
  cleanups.push(() => test.close());
  return test;
}

function dataDirectory(): string {
  const directory = makeDataDir();
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Held {
  readonly process: ChildProcess;
  readonly said: { readonly pid?: number; readonly socketPath?: string; readonly error?: string };
}

async function hold(dataDir: string): Promise<Held> {
  const holder = spawn(process.execPath, [await bundleHolder(), dataDir, await bundleEngine()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(() => void holder.kill('SIGKILL'));
  const [line] = (await once(holder.stdout, 'data')) as [Buffer];
  return { process: holder, said: JSON.parse(line.toString()) as Held['said'] };
}

const countOf = async (test: TestEngine) =>
  Number((await test.client.selectJson<{ c: string }>('SELECT count() AS c FROM rows')).rows[0]?.c);

const TABLE =
  'CREATE TABLE rows (a UInt64) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 1000';
const ENDLESS = 'SELECT sum(sipHash64(number)) AS s FROM numbers(1000000000000)';

describe('an engine that is killed', () => {
  it('is started again; what was running fails retryably, what comes next reaches the new one', async () => {
    const test = await opened();
    const first = test.engine.pid;
    const running = test.client.selectJson(ENDLESS).catch((error: unknown) => error);
    const { chunks } = await test.client.selectNative('SELECT number FROM numbers(1000000000)');
    const reading = (async () => {
      for await (const _ of chunks);
    })().catch((error: unknown) => error);
    process.kill(first ?? 0, 'SIGKILL');
    const failure = await running;
    expect(isRetryableStoreError(failure), String(failure)).toBe(true);
    expect(await reading).toMatchObject({ name: 'StoreAnswerBrokenError' });
    // Connections may break before the end of the process is noticed.
    await eventually(() => !test.engine.isReady || test.engine.pid !== first);
    expect((await test.client.selectJson('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
    expect(test.engine.pid).not.toBe(first);
    expect(test.crashes).toMatchObject([{ pid: first, signal: 'SIGKILL' }]);
  });

  it('loses no acknowledged insert, and stores a repeated one once', async () => {
    const test = await opened();
    await test.client.command(TABLE);
    const block = await readNative(test.client, 'SELECT number AS a FROM numbers(1000)');
    const seed = Math.floor(Math.random() * 2 ** 31);
    console.log('seed', seed);
    let random = seed;
    const nextMs = () => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return 20 + (random % 200);
    };
    let kills = 0;
    const killer = (async () => {
      for (; kills < 4; kills++) {
        await new Promise((resolve) => setTimeout(resolve, nextMs()));
        await eventually(() => test.engine.isReady);
        process.kill(test.engine.pid ?? 0, 'SIGKILL');
        await eventually(() => !test.engine.isReady);
      }
    })();
    let stored = 0;
    while (kills < 4 || stored < 20) {
      for (;;) {
        try {
          await test.client.insertNative('rows', [block], { deduplicationToken: `insert ${stored}` });
          break;
        } catch (error) {
          expect(isRetryableStoreError(error), String(error)).toBe(true);
        }
      }
      stored++;
    }
    await killer;
    await test.client.selectJson('SELECT 1');
    expect(await countOf(test)).toBe(stored * 1_000);
    expect(test.crashes).toHaveLength(4);
  });
});

describe('a data directory', () => {
  it('is closed whole: what was stored is there in the next engine', async () => {
    const dataDir = dataDirectory();
    const first = await startTestEngine(dataDir);
    const engine = identityOf(first.engine.pid ?? 0);
    await first.client.command(TABLE);
    const block = await readNative(first.client, 'SELECT number AS a FROM numbers(1000)');
    const hog = first.client.selectJson(ENDLESS).catch((error: unknown) => error);
    const inserting = first.client.insertNative('rows', [block], { deduplicationToken: 'last' });
    await inserting;
    await first.close();
    expect(await hog).toBeInstanceOf(Error);
    expect(isRunning(engine)).toBe(false);
    expect(first.crashes).toEqual([]);
    await expect(first.client.selectJson('SELECT 1')).rejects.toMatchObject({ name: 'StoreUnavailableError' });
    expect(await countOf(await opened(dataDir))).toBe(1_000);
  });

  it('belongs to one process, which the other is told', async () => {
    const dataDir = dataDirectory();
    await opened(dataDir);
    const other = await hold(dataDir);
    expect(other.said.error).toBe(
      `data directory ${dataDir} is in use by process ${process.pid}. Stop it or choose another with --data.`,
    );
    await expect(startTestEngine(dataDir)).rejects.toThrow(/in use by this process/);
  });

  it('is free again when its holder was killed, and the engine ends with its parent in the middle of queries', async () => {
    const dataDir = dataDirectory();
    const { process: holder, said } = await hold(dataDir);
    const engine = identityOf(said.pid ?? 0);
    const client = createStoreClient({ socketPath: said.socketPath ?? '' });
    cleanups.push(() => client.close());
    await client.command(TABLE);
    const scalar = `SELECT number FROM numbers(5) WHERE number < (${ENDLESS})`;
    const queries = [ENDLESS, ENDLESS, scalar].map((sql) => client.selectJson(sql).catch((error: unknown) => error));
    await eventually(async () => {
      const { rows } = await client.selectJson<{ c: string }>('SELECT count() AS c FROM system.processes');
      return Number(rows[0]?.c) === queries.length + 1;
    });
    holder.kill('SIGKILL');
    const next = await opened(dataDir);
    expect(isRunning(engine)).toBe(false);
    expect(await countOf(next)).toBe(0);
    for (const outcome of await Promise.all(queries)) expect(outcome).toBeInstanceOf(Error);
  });

  it('may have a long path; the socket then is in a private directory of its own', async () => {
    const dataDir = join(dataDirectory(), 'd'.repeat(120));
    mkdirSync(dataDir);
    const test = await startTestEngine(dataDir);
    const socket = test.engine.socketPath;
    expect(socket.startsWith(tmpdir())).toBe(true);
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    expect(statSync(socket).mode & 0o077).toBe(0);
    expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700);
    expect((await test.client.selectJson('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
    await test.close();
    expect(() => statSync(socket)).toThrow(/ENOENT/);
  });

  it('keeps the engine out of reach of other users', async () => {
    const test = await opened();
    expect(statSync(test.engine.socketPath).mode & 0o077).toBe(0);
    expect(statSync(join(test.dataDir, 'engine')).mode & 0o077).toBe(0);
  });
});
