import { setMaxListeners } from 'node:events';
import { request as httpRequest } from 'node:http';
import { ClickHouseError } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStoreClient, isRetryableStoreError } from './client.ts';
import { MAX_WAITING_QUERIES, QUERY_CONNECTIONS } from './engine/engine-limits.ts';
import { eventually, readNative, startTestEngine, type TestEngine } from './engine/test-engine.ts';
import { isBadBlockError } from './store-error.ts';

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
});
afterAll(() => test.close());

async function countOf(table: string): Promise<number> {
  const { rows } = await test.client.selectJson<{ c: string }>(`SELECT count() AS c FROM ${table}`);
  return Number(rows[0]?.c);
}

async function runningQueries(marker: string): Promise<number> {
  const { rows } = await test.client.selectJson<{ c: string }>(
    'SELECT count() AS c FROM system.processes WHERE position(query, {marker:String}) > 0 AND position(query, {self:String}) = 0',
    { marker, self: 'system.processes' },
  );
  return Number(rows[0]?.c);
}

/** Ten seconds and more of work that ends only when it is stopped. */
const endless = (marker: number) => `SELECT sum(sipHash64(number, ${marker})) AS s FROM numbers(1000000000000)`;

describe('parameters', () => {
  it.each([
    `it's "quoted" \`ticks\` \\ back\\slash`,
    `'; DROP TABLE victims; --`,
    `') OR 1=1 --`,
    'line\nbreak\ttab\r\n\n',
    'naïve 漢字 🧵 \u{10ffff}',
    '{a:String} $1 %s \\N',
    '',
  ])('come back as they were given: %j', async (value) => {
    const { rows } = await test.client.selectJson('SELECT {a:String} AS a, {list:Array(String)} AS list', {
      a: value,
      list: [value, 'b'],
    });
    expect(rows).toEqual([{ a: value, list: [value, 'b'] }]);
  });

  it('are numbers, truth values and lists of them, too', async () => {
    const parameters = { whole: 7, part: -0.5, large: 2n ** 64n - 1n, yes: true, none: Number.NaN, end: -1 / 0 };
    const lists = { truths: [true, false], ids: [1n, 2n ** 63n], texts: [] };
    const { rows } = await test.client.selectJson(
      `SELECT {whole:UInt8} AS whole, {part:Float64} AS part, {large:UInt64} AS large, {yes:Bool} AS yes,
         isNaN({none:Float64}) AS none, {end:Float64} = -inf AS end, {truths:Array(Bool)} AS truths,
         {ids:Array(UInt64)} AS ids, {texts:Array(String)} AS texts;`,
      { ...parameters, ...lists },
    );
    const same = { whole: 7, part: -0.5, large: '18446744073709551615', yes: true, truths: [true, false], texts: [] };
    expect(rows).toEqual([{ ...same, none: 1, end: 1, ids: ['1', '9223372036854775808'] }]);
    await expect(test.client.selectJson('SELECT {a:String}', { a: new Map() })).rejects.toThrow(
      /parameter of type object/,
    );
  });

  it('belong to one query each, however many run', async () => {
    const values = Array.from({ length: 200 }, (_, index) => `v${index}`);
    const answers = await Promise.all(
      values.map((value) => test.client.selectJson<{ a: string }>('SELECT {a:String} AS a', { a: value })),
    );
    expect(answers.map(({ rows }) => rows[0]?.a)).toEqual(values);
    await expect(test.client.selectJson('SELECT {a:String} AS a')).rejects.toThrow(/Substitution `a` is not set/);
  });

  it('do not need to be short', async () => {
    const list = Array.from({ length: 5_000 }, (_, index) => `${index}`.padStart(32, '0'));
    const { rows } = await test.client.selectJson('SELECT length({list:Array(String)}) AS n', { list });
    expect(rows).toEqual([{ n: '5000' }]);
  });
});

describe('queries', () => {
  it('return 64-bit integers as digits and say what they read', async () => {
    const { rows, summary } = await test.client.selectJson(
      'SELECT toUInt64(18446744073709551615) AS u, toInt64(-9223372036854775808) AS i, count() AS c FROM numbers(100000)',
    );
    expect(rows).toEqual([{ u: '18446744073709551615', i: '-9223372036854775808', c: '100000' }]);
    expect(summary).toMatchObject({ rowsRead: 100_000, bytesRead: 800_000 });
  });

  it('fail with the code and text of the engine', async () => {
    const failure = await test.client.selectJson('SELECT nope').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ClickHouseError);
    expect(failure).toMatchObject({ code: '47', type: 'UNKNOWN_IDENTIFIER' });
    expect(isRetryableStoreError(failure)).toBe(false);
    await expect(test.client.selectJson('SELECT throwIf(number = 9) FROM numbers(10)')).rejects.toMatchObject({
      code: '395',
    });
  });

  it('are one statement, and leave no trace on their connection', async () => {
    await expect(test.client.command('SELECT 1; SELECT 2')).rejects.toThrow(/Multi-statements/);
    await expect(test.client.command('SET max_threads = 1')).rejects.toThrow(/SET is not for/);
    await expect(test.client.command('USE system')).rejects.toThrow(/USE is not for/);
    const setting = `SELECT toString(getSetting('max_block_size')) AS n`;
    const { rows: before } = await test.client.selectJson(setting);
    const { rows: own } = await test.client.selectJson(setting, {}, { settings: { max_block_size: 777 } });
    expect(own).toEqual([{ n: '777' }]);
    await test.client.command(
      'CREATE TABLE traceless (a UInt8) ENGINE = Memory',
      {},
      { settings: { max_block_size: 778 } },
    );
    const after = await Promise.all(Array.from({ length: 16 }, () => test.client.selectJson(setting)));
    for (const { rows } of after) expect(rows).toEqual(before);
  });

  it('stream a large result through an engine that does not keep it', async () => {
    const before = await test.engine.memory();
    let most = 0;
    let bytes = 0;
    const { chunks } = await test.client.selectNative(
      `SELECT number, randomPrintableASCII(100) AS s FROM numbers(5000000)`,
      {},
      { settings: { max_threads: 1 } },
    );
    let steps = 0;
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      if (steps++ % 400 === 0) most = Math.max(most, await test.engine.memory());
    }
    expect(bytes).toBeGreaterThan(500e6);
    expect(most - before).toBeLessThan(300e6);
  });

  it('wait for a slow reader without work', async () => {
    const { chunks } = await test.client.selectNative(
      `SELECT number AS slow_reader, randomPrintableASCII(100) AS s FROM numbers(1000000000)`,
    );
    const reader = chunks[Symbol.asyncIterator]();
    await reader.next();
    let last = -1;
    await eventually(async () => {
      const { rows } = await test.client.selectJson<{ r: string }>(
        `SELECT read_rows AS r FROM system.processes WHERE position(query, 'slow_reader') > 0 AND position(query, 'system.') = 0`,
      );
      const now = Number(rows[0]?.r);
      const same = now === last;
      last = now;
      return same;
    });
    expect(last).toBeLessThan(50_000_000);
    await reader.return?.(undefined);
    await eventually(async () => (await runningQueries('slow_reader')) === 0);
  });

  it('hold nothing in the engine once their reader has left', async () => {
    for (let chunksRead = 1; chunksRead <= 8; chunksRead++) {
      const { chunks } = await test.client.selectNative(
        'SELECT number AS left_alone, randomPrintableASCII(100) AS s FROM numbers(1000000000)',
      );
      const reader = chunks[Symbol.asyncIterator]();
      for (let i = 0; i < chunksRead; i++) await reader.next();
      await reader.return?.(undefined);
      await eventually(async () => (await runningQueries('left_alone')) === 0);
    }
  });

  it('stop in the engine when their caller gives up, in a scalar subquery too', async () => {
    for (const [marker, sql] of [
      [4711, endless(4711)],
      [4712, `SELECT number FROM numbers(5) WHERE number < (${endless(4712)})`],
    ] as const) {
      const abort = new AbortController();
      const query = test.client.selectJson(sql, {}, { signal: abort.signal });
      const streamed = test.client.selectNative(sql, {}, { signal: abort.signal });
      query.catch(() => undefined);
      streamed.catch(() => undefined);
      await eventually(async () => (await runningQueries(String(marker))) === 2);
      abort.abort();
      await expect(query).rejects.toMatchObject({ name: 'AbortError' });
      await expect(streamed).rejects.toMatchObject({ name: 'AbortError' });
      await eventually(async () => (await runningQueries(String(marker))) === 0);
    }
  });

  it('end at their time limit', async () => {
    await expect(test.client.selectJson(endless(4713), {}, { timeoutMs: 200 })).rejects.toMatchObject({ code: '159' });
  });

  it('fail at the memory limit and leave the process alive', async () => {
    const pid = test.engine.pid;
    const greedy = 'SELECT length(groupArray(number)) AS n FROM numbers(2000000000)';
    await expect(test.client.selectJson(greedy)).rejects.toMatchObject({ code: '241' });
    await expect(
      test.client.selectJson('SELECT groupArray(number) AS n FROM numbers(20000000)'),
    ).rejects.toBeInstanceOf(ClickHouseError);
    expect(test.engine.pid).toBe(pid);
    expect((await test.client.selectJson('SELECT 1 AS a')).rows).toEqual([{ a: 1 }]);
  });

  it('beyond the queue are refused with an error that says to retry', async () => {
    const impatient = createStoreClient({ ...test.engine.clientOptions, maxConnections: 200 });
    const abort = new AbortController();
    const sent = QUERY_CONNECTIONS + MAX_WAITING_QUERIES + 5;
    setMaxListeners(sent, abort.signal);
    const refused: unknown[] = [];
    const running = Array.from({ length: sent }, () =>
      impatient.selectJson(endless(4714), {}, { signal: abort.signal }).catch((error: unknown) => {
        if (!abort.signal.aborted) refused.push(error);
      }),
    );
    await eventually(() => refused.length === 5);
    abort.abort();
    await Promise.all(running);
    await impatient.close();
    for (const error of refused) {
      expect(error).toMatchObject({ code: '202' });
      expect(isRetryableStoreError(error)).toBe(true);
    }
    // Those that were left make room one by one.
    let rows: unknown;
    await eventually(async () => {
      try {
        ({ rows } = await test.client.selectJson('SELECT 1 AS a'));
      } catch (error) {
        if (!isRetryableStoreError(error)) throw error;
      }
      return rows !== undefined;
    });
    expect(rows).toEqual([{ a: 1 }]);
  });
});

describe('inserts of Native blocks', () => {
  const rowsFrom = (first: number, count: number) =>
    readNative(
      test.client,
      `SELECT number + ${first} AS a, concat('\\n\\nDROP TABLE blocks', toString(number)) AS b FROM numbers(${count})`,
    );

  beforeAll(async () => {
    await test.client.command(
      'CREATE TABLE blocks (a UInt64, b String) ENGINE = MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 100',
    );
  });

  it('store several blocks, with blank lines in the values, as they are', async () => {
    await test.client.insertNative('blocks', [await rowsFrom(0, 1_000), await rowsFrom(1_000, 70_000)], {
      deduplicationToken: 'several',
    });
    const { rows } = await test.client.selectJson(
      `SELECT count() AS c, sum(a) AS s, countIf(startsWith(b, '\\n\\nDROP')) AS d FROM blocks`,
    );
    expect(rows).toEqual([{ c: '71000', s: String((70_999 * 71_000) / 2), d: '71000' }]);
  });

  it('store a repeated token once, in one insert of several blocks too', async () => {
    const before = await countOf('blocks');
    const blocks = [await rowsFrom(1e6, 500), await rowsFrom(2e6, 500)];
    for (let attempt = 0; attempt < 3; attempt++) {
      await test.client.insertNative('blocks', blocks, { deduplicationToken: `it's a token` });
    }
    expect(await countOf('blocks')).toBe(before + 1_000);
    await test.client.insertNative('blocks', blocks, { deduplicationToken: 'another' });
    expect(await countOf('blocks')).toBe(before + 2_000);
  });

  it('store nothing of a truncated or garbled body, and the next insert works', async () => {
    const before = await countOf('blocks');
    const whole = await rowsFrom(3e6, 1_000);
    const bad: readonly (readonly Uint8Array[])[] = [
      [whole, whole.subarray(0, whole.byteLength - 7)],
      [Buffer.from('garbage\n\nDROP TABLE blocks\n\n')],
      [whole, Buffer.from('\n\nDROP TABLE blocks\n\n')],
      [Buffer.from([1, 10, 10, 4, 5])],
    ];
    for (const [index, body] of bad.entries()) {
      await expect(
        test.client.insertNative('blocks', body, { deduplicationToken: `bad ${index}` }),
        `body ${index}`,
      ).rejects.toSatisfy(isBadBlockError);
    }
    expect(await countOf('blocks')).toBe(before);
    await test.client.insertNative('blocks', [whole], { deduplicationToken: 'good' });
    expect(await countOf('blocks')).toBe(before + 1_000);
  });

  it('say why they fail while a large body is still on its way', async () => {
    const block = await rowsFrom(0, 60_000);
    const body = Array.from({ length: 10 }, () => block);
    await expect(test.client.insertNative('no_such_table', body, { deduplicationToken: 'x' })).rejects.toMatchObject({
      code: '60',
    });
  });

  it('store nothing when their sender goes away between two whole blocks', async () => {
    const before = await countOf('blocks');
    const whole = await rowsFrom(4e6, 1_000);
    const query = encodeURIComponent('INSERT INTO blocks FORMAT Native');
    const sender = httpRequest({ socketPath: test.engine.socketPath, method: 'POST', path: `/?query=${query}` });
    sender.on('error', () => undefined);
    await new Promise((resolve) => sender.write(whole, resolve));
    await eventually(async () => (await runningQueries('INSERT INTO blocks')) === 1);
    sender.destroy();
    await eventually(async () => (await runningQueries('INSERT INTO blocks')) === 0);
    await test.client.insertNative('blocks', [whole], { deduplicationToken: 'after the cut' });
    expect(await countOf('blocks')).toBe(before + 1_000);
  });

  it('do not wait for queries, nor queries for them', async () => {
    await test.client.command('CREATE TABLE busy (a UInt64, b String) ENGINE = MergeTree ORDER BY a');
    const abort = new AbortController();
    const hogs = Array.from({ length: 8 }, () => test.client.selectJson(endless(4715), {}, { signal: abort.signal }));
    for (const hog of hogs) hog.catch(() => undefined);
    const block = handmadeBlock();
    for (let index = 0; index < 10; index++) {
      await test.client.insertNative('busy', [block], { deduplicationToken: `busy ${index}` });
    }
    abort.abort();
    await Promise.allSettled(hogs);
    const inserting = (async () => {
      for (let index = 10; index < 30; index++) {
        await test.client.insertNative('busy', [block], { deduplicationToken: `busy ${index}` });
      }
    })();
    const counts: number[] = [];
    for (let index = 0; index < 20; index++) counts.push(await countOf('busy'));
    await inserting;
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(await countOf('busy')).toBe(30_000);
  });
});

/** A Native block made by hand, for when every query connection is taken: one block of 1000 rows (a, b). */
function handmadeBlock(): Uint8Array {
  const rows = 1_000;
  const column = (name: string, type: string, data: Uint8Array) =>
    Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([type.length]), Buffer.from(type), data]);
  const numbers = new BigUint64Array(rows).map((_, index) => BigInt(index));
  const strings = Buffer.alloc(rows * 2, Buffer.from([1, 0x0a]));
  return Buffer.concat([
    Buffer.from([2, 0xe8, 0x07]),
    column('a', 'UInt64', new Uint8Array(numbers.buffer)),
    column('b', 'String', strings),
  ]);
}

describe('the engine by itself', () => {
  it('writes no log tables, now or later', async () => {
    await test.client.command('SYSTEM FLUSH LOGS').catch(() => undefined);
    const { rows } = await test.client.selectJson(
      `SELECT name, total_rows FROM system.tables WHERE database = 'system' AND (name LIKE '%\\_log' OR engine LIKE '%MergeTree')`,
    );
    expect(rows).toEqual([]);
  });

  it('keeps the limits it was given', async () => {
    const { rows } = await test.client.selectJson(
      `SELECT name, value FROM system.server_settings WHERE name IN ('max_server_memory_usage', 'mark_cache_size', 'uncompressed_cache_size', 'background_pool_size') ORDER BY name`,
    );
    expect(rows).toEqual([
      { name: 'background_pool_size', value: '2' },
      { name: 'mark_cache_size', value: String(48 * 1024 * 1024) },
      { name: 'max_server_memory_usage', value: String(700 * 1024 * 1024) },
      { name: 'uncompressed_cache_size', value: '0' },
    ]);
  });
});
