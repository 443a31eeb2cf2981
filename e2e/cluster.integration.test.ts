/**
 * Two Clews over one ClickHouse cluster of three real servers. They know nothing of each other; spans of a trace come
 * to either; a server is killed under load and comes back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchAnswer } from '@clew/contract';
import type { SpanId, TraceData, TraceId } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLUSTER_NAME, startTestCluster, type TestCluster } from '../server/src/store/cluster/test/test-cluster.ts';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';
import { waitUntil } from './wait-until.ts';

const SPANS_PER_REQUEST = 30;
const TRACES_PER_REQUEST = 10;
const SENDERS_PER_CLEW = 2;
const NODES = [0, 1, 2];
const AWAY = 1;
const WAIT_MS = 120_000;

let cluster: TestCluster;
let clews: ClewProcess[];
let nextTrace = 1;

beforeAll(async () => {
  cluster = await startTestCluster();
  const flags = ['--clickhouse', cluster.urls.join(','), '--clickhouse-cluster', CLUSTER_NAME];
  // At once: both create the schema.
  clews = await Promise.all([0, 1].map(() => startClew({ flags, readyTimeoutMs: WAIT_MS })));
}, 180_000);

afterAll(async () => {
  await stopAll();
  await cluster?.close();
}, 60_000);

const newTraceId = () => (nextTrace++).toString(16).padStart(32, '0') as TraceId;

function spanOf(traceId: TraceId, id: number, parent: number) {
  const start = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId,
    spanId: id.toString(16).padStart(16, '0') as SpanId,
    parentSpanId: (parent === 0 ? '' : parent.toString(16).padStart(16, '0')) as SpanId,
    traceState: '',
    flags: 1,
    name: `step ${id}`,
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 1_000_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
}

async function send(clew: ClewProcess, service: string, spans: readonly ReturnType<typeof spanOf>[]): Promise<boolean> {
  const attributes = [{ key: 'service.name', value: { type: 'string' as const, value: service } }];
  const scope = { name: 'cluster', version: '1', attributes: [], droppedAttributesCount: 0 };
  const data: TraceData = {
    resourceSpans: [
      {
        resource: { attributes, droppedAttributesCount: 0 },
        scopeSpans: [{ scope, spans, schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  };
  const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: encodeOtlpProtobuf(data) as Uint8Array<ArrayBuffer>,
  });
  await response.arrayBuffer();
  return response.status === 200;
}

/** Sends until told to stop; the number of acknowledged spans. */
async function sendUntil(clew: ClewProcess, stopped: () => boolean): Promise<number> {
  let acknowledged = 0;
  while (!stopped()) {
    const traceIds = Array.from({ length: TRACES_PER_REQUEST }, newTraceId);
    const spans = Array.from({ length: SPANS_PER_REQUEST }, (_, i) =>
      spanOf(traceIds[i % TRACES_PER_REQUEST], i + 1, 0),
    );
    if (await send(clew, 'load', spans)) acknowledged += SPANS_PER_REQUEST;
    await sleep(20);
  }
  return acknowledged;
}

async function get<T>(clew: ClewProcess, path: string): Promise<T> {
  const response = await fetch(`${clew.urls.ui}${path}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return JSON.parse(text) as T;
}

/** Like `get`; undefined while the store is away. These servers die of connections that break: of them all, at times. */
async function tryGet<T>(clew: ClewProcess, path: string): Promise<T | undefined> {
  const response = await fetch(`${clew.urls.ui}${path}`);
  const text = await response.text();
  expect([200, 503], text).toContain(response.status);
  return response.status === 200 ? (JSON.parse(text) as T) : undefined;
}

const SEARCH = `/api/v1/search?q=${encodeURIComponent('{ }')}&limit=20`;
const trySearch = (clew: ClewProcess) => tryGet<SearchAnswer>(clew, SEARCH);
const waiting = async (clew: ClewProcess) =>
  (await get<{ journal: { spans: number } }>(clew, '/api/v1/status')).journal.spans;
const untilStored = (clew: ClewProcess) =>
  waitUntil(async () => (await waiting(clew)) === 0, 'everything to be stored', WAIT_MS);

async function loseServerUnderLoad(): Promise<void> {
  await sleep(2_000);
  await cluster.kill(AWAY);
  await waitUntil(async () => (await waiting(clews[0])) > 0 && (await waiting(clews[1])) > 0, 'a backlog', WAIT_MS);
  for (const clew of clews) {
    await waitUntil(
      async () => (await trySearch(clew))?.statistics.incompleteReason?.startsWith('shard 2 of 3 (') === true,
      'a search that says which shard is missing',
      WAIT_MS,
    );
    await waitUntil(async () => {
      const metrics = await (await fetch(`${clew.urls.ui}/metrics`)).text();
      return /clew_store_node_up\{node="127\.0\.0\.1:\d+",shard="2"\} 0/.test(metrics);
    }, 'a metric that says which node is away');
  }
  await sleep(2_000);
  // The others went on: they have spans of the time after.
  const before = await cluster.query(0, 'SELECT count() FROM clew.spans');
  await waitUntil(
    async () => (await cluster.query(0, 'SELECT count() FROM clew.spans')) !== before,
    'news on shard 1',
    WAIT_MS,
  );
}

describe('two Clews over one cluster', () => {
  it('show the same whole trace, whichever of them got its spans', { timeout: 180_000 }, async () => {
    const [first, second] = clews;
    const traceId = newTraceId();
    expect(await send(first, 'shop', [spanOf(traceId, 1, 0)])).toBe(true);
    expect(await send(second, 'pay', [spanOf(traceId, 2, 1), spanOf(traceId, 3, 2)])).toBe(true);
    await Promise.all(clews.map(untilStored));
    for (const clew of clews) {
      const { traces, statistics } = await get<SearchAnswer>(clew, SEARCH);
      expect(statistics).toMatchObject({ complete: true });
      expect(traces).toMatchObject([{ traceId, spanCount: 3, rootService: 'shop' }]);
      const trace = await get<{ resourceSpans: readonly { scopeSpans: readonly { spans: readonly object[] }[] }[] }>(
        clew,
        `/api/v1/traces/${traceId}`,
      );
      expect(trace.resourceSpans.flatMap((part) => part.scopeSpans.flatMap(({ spans }) => spans))).toHaveLength(3);
      expect((await fetch(`${clew.urls.ui}/readyz/queries`)).status).toBe(200);
    }
  });

  it('lose nothing and store nothing twice when a server dies under load', { timeout: 400_000 }, async () => {
    let isOver = false;
    const sending = Promise.all(
      clews.flatMap((clew) => Array.from({ length: SENDERS_PER_CLEW }, () => sendUntil(clew, () => isOver))),
    );
    try {
      await loseServerUnderLoad();
    } finally {
      isOver = true;
    }
    const acknowledged = (await sending).reduce((sum, spans) => sum + spans, 0);
    await cluster.start(AWAY);
    await Promise.all(clews.map(untilStored));

    const load = "FROM clew.spans WHERE service = 'load'";
    const stored = await Promise.all(
      NODES.map((node) =>
        cluster.query(node, `SELECT count(), uniqExact(trace_id, span_id), uniqExact(xxHash32(trace_id) % 3) ${load}`),
      ),
    );
    const numbers = stored.map((line) => line.split('\t').map(Number));
    expect(numbers.map(([spans, distinct]) => spans - distinct)).toEqual([0, 0, 0]);
    expect(numbers.map(([, , slots]) => slots)).toEqual([1, 1, 1]);
    expect(numbers.reduce((sum, [spans]) => sum + spans, 0)).toBe(acknowledged);
    await waitUntil(
      async () => (await trySearch(clews[0]))?.statistics.complete === true,
      'a complete answer',
      WAIT_MS,
    );
  });
});
