import { gzipSync } from 'node:zlib';
import { SpareBuffers } from '@clew/model/spare-buffers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Compression, IngestOutcome, WireFormat } from '../receive/ingest.ts';
import { createIngestPool, DEFAULT_INGEST_POOL_LIMITS, type IngestPool, type IngestPoolLimits } from './ingest-pool.ts';
import { type BundledWorker, bundleWorker } from './test/bundle-ingest-worker.ts';
import { type CountingMetrics, countingMetrics } from './test/counting-metrics.ts';
import { RecordingJournal } from './test/recording-journal.ts';
import { RecordingLogger } from './test/recording-logger.ts';
import { jsonBody, protobufBody } from './test/request-bodies.ts';
import { testTenantSetup } from './test/tenant-setup.ts';
import { until } from './test/until.ts';
import type { TenantSetup } from './worker-messages.ts';

let bundled: BundledWorker;
let brittle: BundledWorker;
const open: IngestPool[] = [];

beforeAll(async () => {
  bundled = await bundleWorker();
  brittle = await bundleWorker('server/src/decode/test/brittle-worker.ts');
});
afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close();
});
afterAll(() => {
  bundled.remove();
  brittle.remove();
});

interface TestPool {
  readonly pool: IngestPool;
  readonly journal: RecordingJournal;
  readonly counts: CountingMetrics;
  readonly logger: RecordingLogger;
  send(body: Uint8Array, options?: SendOptions): Promise<IngestOutcome>;
}

interface SendOptions {
  readonly tenant?: string;
  readonly format?: WireFormat;
  readonly compression?: Compression;
}

interface TestPoolParts {
  readonly workerUrl?: URL;
  readonly workerCount?: number;
  readonly tenantSetup?: TenantSetup;
  readonly journalFullBecause?: () => string | undefined;
  readonly bodyMemory?: SpareBuffers;
  readonly blockMemory?: SpareBuffers;
}

function startPool(
  limits: Partial<IngestPoolLimits> = {},
  { workerUrl = bundled.url, workerCount = 2, tenantSetup = testTenantSetup(), ...parts }: TestPoolParts = {},
): TestPool {
  const journal = new RecordingJournal();
  const counts = countingMetrics();
  const logger = new RecordingLogger();
  const pool = createIngestPool({
    workerUrl,
    workerCount,
    append: journal.append,
    bodyMemory: new SpareBuffers(2 ** 20),
    blockMemory: new SpareBuffers(2 ** 20),
    tenantSetup,
    ...parts,
    limits: { ...DEFAULT_INGEST_POOL_LIMITS, closeTimeoutMs: 500, ...limits },
    metrics: counts.metrics,
    logger,
  });
  open.push(pool);
  return {
    pool,
    journal,
    counts,
    logger,
    send: (body, { tenant = 'default', format = 'otlp-protobuf', compression = 'identity' } = {}) =>
      pool.ingest({ tenant, format, compression, body: new Uint8Array(body) }),
  };
}

function accepted(acceptedSpans: number, rejectedSpans = 0): object {
  return { kind: 'accepted', acceptedSpans, rejectedSpans };
}

describe('a request', () => {
  test('becomes rows of an entry under its tenant', async () => {
    const { send, journal } = startPool();
    const outcome = await send(protobufBody([{ name: 'GET /a' }, { name: 'GET /b' }]), { tenant: 'team-7' });
    expect(outcome).toEqual({ kind: 'accepted', acceptedSpans: 2, rejectedSpans: 0, message: '' });
    expect(journal.spanTexts('name').sort()).toEqual(['GET /a', 'GET /b']);
    expect(journal.spanTexts('tenant')).toEqual(['team-7', 'team-7']);
    expect(journal.spanTexts('service')).toEqual(['shop', 'shop']);
  });

  test('is taken as protobuf and as JSON, plain and gzipped', async () => {
    const { send, journal } = startPool();
    const protobuf = protobufBody([{ name: 'p' }]);
    const json = Buffer.from(jsonBody([{ name: 'j' }]));
    expect(await send(protobuf)).toMatchObject(accepted(1));
    expect(await send(gzipSync(protobuf), { compression: 'gzip' })).toMatchObject(accepted(1));
    expect(await send(json, { format: 'otlp-json' })).toMatchObject(accepted(1));
    expect(await send(gzipSync(json), { format: 'otlp-json', compression: 'gzip' })).toMatchObject(accepted(1));
    expect(journal.spanTexts('name').sort()).toEqual(['j', 'j', 'p', 'p']);
  });

  test('hands its memory over', async () => {
    const { pool } = startPool();
    const body = protobufBody([{ name: 'a' }]);
    const outcome = await pool.ingest({ tenant: 't', format: 'otlp-protobuf', compression: 'identity', body });
    expect(outcome).toMatchObject(accepted(1));
    expect(body.byteLength).toBe(0);
  });

  test('finds its spans whole in memory that others used before', async () => {
    const bodyMemory = new SpareBuffers(2 ** 20);
    const blockMemory = new SpareBuffers(2 ** 20);
    const { send, journal } = startPool({}, { workerCount: 1, bodyMemory, blockMemory });
    let largestBytes = 0;
    for (let i = 0; i < 12; i++) {
      const names = Array.from(
        { length: 200 - i * 7 },
        (_, n) => `${'abcdefghijkl'[i].repeat(1 + ((n * i) % 40))} ${n}`,
      );
      expect(await send(protobufBody(names.map((name) => ({ name }))))).toMatchObject(accepted(names.length));
      expect(journal.spanTexts('name')).toEqual(names);
      const { buffer } = journal.entries[0].blocks[0].bytes;
      largestBytes = Math.max(largestBytes, buffer.byteLength);
      journal.entries.length = 0;
      if (!(buffer instanceof ArrayBuffer)) throw new Error('a block in shared memory');
      new Uint8Array(buffer).fill(0xff);
      blockMemory.give(buffer);
    }
    expect(bodyMemory.heldBytes).toBeGreaterThan(0);
    // Every block was given back here: few are left because the others are on their way again.
    expect(blockMemory.heldBytes).toBeLessThan(4 * largestBytes);
  });

  test('without spans is accepted and journals nothing', async () => {
    const { send, journal } = startPool();
    expect(await send(protobufBody([]))).toMatchObject(accepted(0));
    expect(journal.entries).toHaveLength(0);
  });

  test('loses spans without ids, with a message, and keeps the others', async () => {
    const { send, journal, counts } = startPool();
    const outcome = await send(
      protobufBody([
        { name: 'good' },
        { name: 'no trace', traceId: '' },
        { name: 'zero trace', traceId: '0'.repeat(32) },
        { name: 'zero span', spanId: '0'.repeat(16) },
      ]),
    );
    expect(outcome).toEqual({
      kind: 'accepted',
      acceptedSpans: 1,
      rejectedSpans: 3,
      message: '3 of 4 spans rejected: trace id missing or all zeros (2), span id missing or all zeros (1)',
    });
    expect(journal.spanTexts('name')).toEqual(['good']);
    const reason = 'span id missing or all zeros';
    expect(await counts.valueOf('clew_process_rejected_spans_total', { reason })).toBe(1);
  });
});

describe('a bad request', () => {
  test('is invalid when it cannot be decoded', async () => {
    const { send } = startPool();
    expect(await send(Buffer.from([0x0a, 0xff, 0xff]))).toMatchObject({ kind: 'invalid' });
    expect(await send(Buffer.from('{"resourceSpans":'), { format: 'otlp-json' })).toMatchObject({ kind: 'invalid' });
    expect(await send(Buffer.from('this is no gzip, is it'), { compression: 'gzip' })).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(/^gzip body: /),
    });
    expect(await send(Buffer.from('no zstd'), { compression: 'zstd' })).toMatchObject({ kind: 'invalid' });
  });

  test('is too large when it unfolds past the limit', async () => {
    const limits = { worker: { ...DEFAULT_INGEST_POOL_LIMITS.worker, maxBodyBytes: 100_000 } };
    const { send } = startPool(limits);
    expect(await send(gzipSync(Buffer.alloc(5_000_000)), { compression: 'gzip' })).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining('100000 bytes'),
    });
  });

  test('costs the good ones of its block nothing', async () => {
    const { send, journal } = startPool({}, { workerCount: 1 });
    // The first holds the worker while the others queue up behind it: they share a block.
    const sent: Promise<IngestOutcome>[] = [];
    for (let i = 0; i < 60; i++) {
      if (i % 3 === 1) sent.push(send(Buffer.from([0x0a, 0x7f, 1, 2, 3])));
      else if (i % 3 === 2) sent.push(send(Buffer.from('not gzip at all, but text'), { compression: 'gzip' }));
      else sent.push(send(protobufBody([{ name: `span ${i}` }])));
    }
    const outcomes = await Promise.all(sent);
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 'accepted' : 'invalid')),
    );
    const expected = Array.from({ length: 20 }, (_, i) => `span ${i * 3}`);
    expect(journal.spanTexts('name').sort()).toEqual(expected.sort());
    expect(journal.entries.length).toBeLessThan(20);
  });
});

describe('the journal', () => {
  test('has the spans before anyone hears "accepted"', async () => {
    const { send, journal } = startPool();
    journal.hold();
    let answered = false;
    const outcome = send(protobufBody([{ name: 'a' }])).then((value) => {
      answered = true;
      return value;
    });
    await until(() => journal.waiting === 1);
    expect(answered).toBe(false);
    journal.letGo();
    expect(await outcome).toMatchObject(accepted(1));
    expect(journal.spanCount).toBe(1);
  });

  test('when full makes requests overloaded, to be retried later', async () => {
    const { send, journal } = startPool({ journalFullRetryAfterMs: 7_000 });
    journal.problem = Object.assign(new Error('journal: 2 GiB wait (journal.maxBytes).'), { code: 'JOURNAL_FULL' });
    expect(await send(protobufBody([{ name: 'a' }]))).toEqual({
      kind: 'overloaded',
      message: 'journal: 2 GiB wait (journal.maxBytes).',
      retryAfterMs: 7_000,
    });
  });

  test('when broken makes requests failed, and says so in the log', async () => {
    const { send, journal, logger } = startPool();
    journal.problem = Object.assign(new Error('disk on fire'), { code: 'JOURNAL_WRITE_FAILED' });
    expect(await send(protobufBody([{ name: 'a' }]))).toEqual({ kind: 'failed', message: 'disk on fire' });
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { err: { message: 'disk on fire' } } }]);
  });

  test('gets catalogue rows again after it refused the entry that carried them, and then no more', async () => {
    const { send, journal } = startPool({}, { workerCount: 1 });
    journal.problem = new Error('no');
    await send(protobufBody([{ name: 'a' }]));
    journal.problem = undefined;
    await send(protobufBody([{ name: 'a' }]));
    await send(protobufBody([{ name: 'a' }]));
    const tables = journal.entries.map(({ blocks }) => blocks.map(({ table }) => table));
    expect(tables[0]).toEqual(expect.arrayContaining(['resources', 'spans']));
    expect(tables[1]).toEqual(['spans']);
  });
});

describe('limits', () => {
  test('refuse requests beyond the number allowed in flight, and only those', async () => {
    const { send, journal } = startPool({ maxInFlightRequests: 3, overloadedRetryAfterMs: 1234 });
    journal.hold();
    const taken = ['a', 'b', 'c'].map((tenant) => send(protobufBody([{ name: tenant }]), { tenant }));
    expect(await send(protobufBody([{ name: 's4' }]))).toEqual({
      kind: 'overloaded',
      message: expect.stringContaining('ingest.maxInFlightRequests 3'),
      retryAfterMs: 1234,
    });
    await until(() => journal.waiting > 0);
    journal.letGo();
    for (const outcome of await Promise.all(taken)) expect(outcome).toMatchObject(accepted(1));
    expect(await send(protobufBody([{ name: 's5' }]))).toMatchObject(accepted(1));
  });

  test('refuse bytes beyond those allowed in flight', async () => {
    const { send, journal, counts } = startPool({ maxInFlightBytes: 1000 });
    journal.hold();
    const body = protobufBody([{ name: 'x'.repeat(600) }]);
    const first = send(body);
    expect(await counts.valueOf('clew_in_flight_bytes')).toBe(body.byteLength);
    expect(await send(body)).toMatchObject({
      kind: 'overloaded',
      message: expect.stringContaining('maxInFlightBytes'),
    });
    await until(() => journal.waiting === 1);
    journal.letGo();
    expect(await first).toMatchObject(accepted(1));
    expect(await counts.valueOf('clew_in_flight_bytes')).toBe(0);
  });

  test('cut blocks, without losing a span', async () => {
    const worker = { ...DEFAULT_INGEST_POOL_LIMITS.worker, maxBlockSpans: 10 };
    const { send, journal } = startPool({ worker }, { workerCount: 1 });
    const sent = Array.from({ length: 50 }, (_, i) =>
      send(protobufBody(Array.from({ length: 5 }, (_, j) => ({ name: `${i}.${j}` })))),
    );
    for (const outcome of await Promise.all(sent)) expect(outcome).toMatchObject(accepted(5));
    expect(journal.spanCount).toBe(250);
    expect(Math.max(...journal.entries.map(({ spanCount }) => spanCount))).toBeLessThanOrEqual(10);
    expect(new Set(journal.spanTexts('name')).size).toBe(250);
  });
});

describe('more than the workers can take', () => {
  test('is taken in turns: who comes with one request does not wait for those of others', async () => {
    const { pool, journal } = startPool({ maxWorkerBytes: 1, maxQueueMs: 60_000 }, { workerCount: 1 });
    await pool.ready;
    const send = (tenant: string, client: string, name: string): Promise<IngestOutcome> =>
      pool.ingest({
        tenant,
        client,
        format: 'otlp-protobuf',
        compression: 'identity',
        body: protobufBody(Array.from({ length: 2_000 }, () => ({ name }))),
      });
    const flood = Array.from({ length: 20 }, () => send('flood', 'one', 'flood'));
    const colleague = send('flood', 'other', 'colleague');
    const light = send('light', 'one', 'light');
    for (const outcome of await Promise.all([...flood, colleague, light]))
      expect(outcome).toMatchObject(accepted(2_000));
    const order = journal.entries.map((_, i) => journal.spanTexts('name')[i * 2_000]);
    expect(order.indexOf('light')).toBeLessThan(10);
    expect(order.indexOf('colleague')).toBeLessThan(12);
  });

  test('waits for room in the journal, is refused in time, and taken again at once when there is room', async () => {
    let full: string | undefined;
    const parts = { journalFullBecause: () => full };
    const { pool, send, counts } = startPool({ maxQueueMs: 300 }, parts);
    await pool.ready;
    full = 'journal: full (limit, journal.maxBytes). Retry later.';
    const refused = { kind: 'overloaded', message: full, retryAfterMs: 5_000 };
    expect(await send(protobufBody([{ name: 'a' }]), { tenant: 'shop' })).toEqual(refused);
    expect(await send(protobufBody([{ name: 'b' }]), { tenant: 'shop' })).toEqual(refused);
    expect(await counts.valueOf('clew_limit_hits_total', { limit: 'journal', tenant: 'shop' })).toBe(2);
    full = undefined;
    expect(await send(protobufBody([{ name: 'c' }]))).toMatchObject(accepted(1));
    full = 'full again';
    const waiting = send(protobufBody([{ name: 'd' }]));
    full = undefined;
    expect(await waiting).toMatchObject(accepted(1));
  });

  test('keeps places for tenants that come late', async () => {
    const { pool, send, journal } = startPool({ maxInFlightRequests: 10 });
    await pool.ready;
    journal.hold();
    const flood = Array.from({ length: 20 }, () => send(protobufBody([{ name: 'x' }]), { tenant: 'flood' }));
    const late = send(protobufBody([{ name: 'y' }]), { tenant: 'late' });
    await until(() => journal.waiting > 0);
    journal.letGo();
    expect(await late).toMatchObject(accepted(1));
    const kinds = (await Promise.all(flood)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'accepted')).toHaveLength(8);
    expect(kinds.filter((kind) => kind === 'overloaded')).toHaveLength(12);
  });
});

describe('names without end', () => {
  test('make a worker forget its dictionary, not its spans', async () => {
    const { send, journal, counts } = startPool(
      {},
      { workerCount: 1, tenantSetup: testTenantSetup({ spanNamesPerService: 0 }) },
    );
    const spansPerBody = 20_000;
    for (let i = 0; i < 12; i++) {
      const sketches = Array.from({ length: spansPerBody }, (_, j) => ({ name: `GET /order/${i * spansPerBody + j}` }));
      expect(await send(protobufBody(sketches))).toMatchObject(accepted(spansPerBody));
    }
    expect(await counts.valueOf('clew_decode_dictionary_resets_total')).toBeGreaterThan(0);
    expect(await send(protobufBody([{ name: 'after' }]))).toMatchObject(accepted(1));
    const names = journal.spanTexts('name');
    expect(new Set(names).size).toBe(12 * spansPerBody + 1);
    expect(names.at(-1)).toBe('after');
  });
});

describe('a worker that dies', () => {
  test('fails its requests, is replaced, counted and logged', async () => {
    const { send, counts, logger } = startPool({ firstRestartDelayMs: 1 }, { workerUrl: brittle.url, workerCount: 1 });
    const lost = [send(Buffer.from('crash')), send(Buffer.from('hello'))];
    for (const outcome of await Promise.all(lost)) expect(outcome).toMatchObject({ kind: 'failed' });
    await until(async () => (await send(Buffer.from('hello'))).kind === 'accepted');
    expect(await counts.valueOf('clew_decode_workers_replaced_total', { reason: 'crash' })).toBe(1);
    expect(logger.lines.some(({ message }) => message.includes('replacing'))).toBe(true);
  });

  test('of a hang is ended by the watchdog', async () => {
    const { pool, send, counts } = startPool(
      { stallTimeoutMs: 400, firstRestartDelayMs: 1 },
      { workerUrl: brittle.url, workerCount: 1 },
    );
    await pool.ready;
    expect(await send(Buffer.from('hang'))).toMatchObject({ kind: 'failed' });
    expect(await counts.valueOf('clew_decode_workers_replaced_total', { reason: 'stall' })).toBe(1);
    await until(async () => (await send(Buffer.from('hello'))).kind === 'accepted');
  });

  test('before it was ready is told to who waits for it', async () => {
    const { pool } = startPool({}, { workerUrl: new URL('./no-such-worker.mjs', bundled.url) });
    await expect(pool.ready).rejects.toThrow(/no-such-worker/);
  });
});

describe('an encoder that fails in the middle', () => {
  test('takes the requests of its block with it, to be retried, and nothing else', async () => {
    const { pool, send, journal, logger } = startPool({}, { workerUrl: brittle.url, workerCount: 1 });
    await pool.ready;
    const sent = Array.from({ length: 30 }, (_, i) =>
      send(protobufBody([{ name: `span ${i}` }]), { tenant: i === 15 ? 'poison' : 'default' }),
    );
    const outcomes = await Promise.all(sent);
    expect(outcomes[15]).toMatchObject({ kind: 'failed' });
    const acceptedNames = outcomes.flatMap(({ kind }, i) => (kind === 'accepted' ? [`span ${i}`] : []));
    for (const { kind } of outcomes) expect(['accepted', 'failed']).toContain(kind);
    expect(journal.spanTexts('name')).toEqual(acceptedNames);
    expect(logger.lines.some(({ fields }) => String(fields.error).includes('the encoder stumbled'))).toBe(true);
    expect(await send(protobufBody([{ name: 'after' }]))).toMatchObject(accepted(1));
    expect(journal.spanTexts('name').at(-1)).toBe('after');
    expect(new Set(journal.tableTexts('resources', 'tenant'))).toEqual(new Set(['default']));
  });
});

describe('closing', () => {
  test('lets requests under way finish and refuses new ones', async () => {
    const { pool, send, journal } = startPool({ closeTimeoutMs: 10_000 });
    await pool.ready;
    journal.hold();
    const under = send(protobufBody([{ name: 'a' }]));
    await until(() => journal.waiting === 1);
    const closed = pool.close();
    expect(await send(protobufBody([{ name: 'b' }]))).toMatchObject({ kind: 'overloaded' });
    journal.letGo();
    await closed;
    expect(await under).toMatchObject(accepted(1));
  });
});
