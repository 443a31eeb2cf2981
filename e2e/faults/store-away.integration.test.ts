/**
 * A ClickHouse server that is away, hangs or loses its answers under load. The server is the engine behind a TCP proxy,
 * reached as `--clickhouse http://…`. Longer: CLEW_FAULT_SECONDS=600 npm run test:integration -- e2e/faults/store-away
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestEngine, type TestEngine } from '@clew/server/store/engine/test-engine';
import { Random } from '@clew/testkit/random';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { FaultyProxy } from '../faulty-proxy.ts';
import { Ledger, metricOf, statusOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { readiness } from '../readiness.ts';
import { waitUntil } from '../wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const AWAY_MS = Number(process.env.CLEW_FAULT_SECONDS ?? 3) * 1_000;
const JOURNAL_BYTES = 16 * 2 ** 20;

let engine: TestEngine;
let proxy: FaultyProxy;
let clew: ClewProcess;
let load: Load;
let ledger: Ledger;

beforeEach(async () => {
  engine = await startTestEngine();
  proxy = await FaultyProxy.start(engine.engine.socketPath);
});
afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
  await proxy.close();
  await engine.close();
}, 60_000);

async function startUnderLoad(): Promise<void> {
  clew = await startClew({
    flags: ['--clickhouse', proxy.url, '--journal-max-bytes', String(JOURNAL_BYTES), '--journal-segment-bytes', '4MiB'],
  });
  ledger = new Ledger(SEED);
  load = new Load({
    ledger,
    random: new Random(SEED),
    urls: () => clew.urls,
    transports: ['http-protobuf', 'grpc'],
    spans: [20, 60],
    paddingBytes: 2_000,
  }).start();
}

async function storedSpans(): Promise<number> {
  return (await statusOf(clew.urls.ui))?.spans.stored ?? 0;
}

async function expectAllStoredOnce(): Promise<void> {
  await load.stop();
  expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
  expect([...load.oddities]).toEqual([]);
  expect(ledger.count('unknown')).toBe(0);
}

describe.skipIf(process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(`a ClickHouse server (seed ${SEED})`, () => {
  it('that is away fills the journal, refusals are to be retried, and its return stores everything once', {
    timeout: 120_000 + 3 * AWAY_MS,
  }, async () => {
    await startUnderLoad();
    await waitUntil(async () => (await storedSpans()) > 0, 'the first spans to be stored');
    await proxy.setMode('refuse');
    await waitUntil(() => load.retries > 0, 'the journal to be full');
    await sleep(AWAY_MS);
    expect([...load.refusals].join('\n')).toMatch(/journal: N bytes/);
    expect((await statusOf(clew.urls.ui))?.journal.bytes).toBeLessThanOrEqual(JOURNAL_BYTES);
    // A small request may still find room.
    await waitUntil(
      async () => (await readiness(clew.urls.ui)).startsWith('503 not ready: the journal is full: '),
      'readyz to name the journal',
    );
    const refused = await metricOf(clew.urls.ui, 'clew_refused_requests_total');
    // By chance the one sender that met the full journal speaks gRPC.
    expect([...refused].filter(([labels, count]) => labels.includes('reason="overloaded"') && count > 0)).not.toEqual(
      [],
    );
    expect((await metricOf(clew.urls.ui, 'clew_insert_failures_total')).get('kind="retryable"')).toBeGreaterThan(0);
    expect(clew.log.some(({ msg }) => msg.startsWith('store: insert failed'))).toBe(true);
    const before = load.accepted;
    await proxy.setMode('pass');
    await waitUntil(() => load.accepted > before + 10, 'requests to be taken again');
    await expectAllStoredOnce();
    expect(await readiness(clew.urls.ui)).toBe('200 ready\n');
  });

  it('that takes inserts and loses its answers gets them again, and keeps them once', {
    timeout: 120_000,
  }, async () => {
    await startUnderLoad();
    await waitUntil(async () => (await storedSpans()) > 0, 'the first spans to be stored');
    await proxy.setMode('lose answers');
    await waitUntil(() => proxy.lostAnswers >= 4, 'answers to be lost');
    await proxy.setMode('pass');
    await expectAllStoredOnce();
  });

  it.skipIf(process.env.CLEW_FAULT_SECONDS === undefined)(
    'that hangs is given up after a minute, and gets everything once when it is back',
    { timeout: 240_000 + 3 * AWAY_MS },
    async () => {
      await startUnderLoad();
      await waitUntil(async () => (await storedSpans()) > 0, 'the first spans to be stored');
      await proxy.setMode('hang');
      await waitUntil(() => load.retries > 0, 'the journal to be full');
      await sleep(AWAY_MS);
      await proxy.setMode('pass');
      await expectAllStoredOnce();
    },
  );
});
