/** Many traces come piece by piece; and a Grafana that leaves, over HTTP, HTTP/2 or gRPC, stops its query in the engine. */
import { connect } from 'node:http2';
import { StreamingClient } from '@clew/testkit/tempo/streaming-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoreClient } from '../../server/src/store/client.ts';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { connectToEngine, HEAVY_QUERY, heavyStatements, storeHeavySpans } from '../heavy-store.ts';
import { waitUntil } from '../wait-until.ts';

const SPANS = 100_000;
const NOW_SECONDS = Math.floor(Date.now() / 1000);
const RANGE = { start: NOW_SECONDS - 3600, end: NOW_SECONDS + 60 };
const OK = 0;
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;

let clew: ClewProcess;
let engine: StoreClient;
beforeAll(async () => {
  clew = await startClew();
  engine = connectToEngine(clew);
  await storeHeavySpans(engine, SPANS, NOW_SECONDS, {});
});
afterAll(async () => {
  await engine.close();
  await stopAll();
});

const begun = (): Promise<void> => waitUntil(async () => (await heavyStatements(engine)) > 0, 'the heavy statement');
const ended = (): Promise<void> =>
  waitUntil(async () => (await heavyStatements(engine)) === 0, 'the end of the statement');

it('more traces than a page come in many messages, each once, newest first', async () => {
  const client = new StreamingClient(new URL(clew.urls.tempo).host);
  const asked = { Query: '{ }', ...RANGE, Limit: 2_500, SpansPerSpanSet: 1 };
  const { code, messages, sizes } = await client.call('Search', asked);
  client.close();
  expect(code).toBe(OK);
  const traces = messages.map((message) => (message.traces ?? []) as readonly Record<string, unknown>[]);
  expect(traces.filter(({ length }) => length > 0).length).toBeGreaterThan(2);
  const found = traces.flat();
  expect(new Set(found.map(({ traceID }) => traceID)).size).toBe(2_500);
  const starts = found.map(({ startTimeUnixNano }) => Number(startTimeUnixNano));
  expect(starts).toEqual(starts.toSorted((a, b) => b - a));
  const progress = messages.map(({ metrics }) => Number((metrics as Record<string, unknown>).completedJobs ?? 0));
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toBe(100);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2 ** 20);
});

it('a call that is cancelled, or whose connection ends', async () => {
  const client = new StreamingClient(new URL(clew.urls.tempo).host);
  const stop = new AbortController();
  const call = client.call('Search', { Query: HEAVY_QUERY, ...RANGE }, { signal: stop.signal });
  await begun();
  stop.abort();
  expect((await call).code).toBe(CANCELLED);
  await ended();

  const other = client.call('MetricsQueryRange', {
    ...{ query: `${HEAVY_QUERY} | rate()`, start: `${RANGE.start}000000000`, end: `${RANGE.end}000000000` },
  });
  await begun();
  client.close();
  await ended();
  void other;
});

it('a call whose deadline has passed', async () => {
  const client = new StreamingClient(new URL(clew.urls.tempo).host);
  const { code } = await client.call('Search', { Query: HEAVY_QUERY, ...RANGE }, { deadlineMs: 1_500 });
  expect(code).toBe(DEADLINE_EXCEEDED);
  await ended();
  client.close();
});

it('a request over HTTP/1.1 and over HTTP/2', async () => {
  const parameters = new URLSearchParams({ q: HEAVY_QUERY, start: String(RANGE.start), end: String(RANGE.end) });
  const stop = new AbortController();
  const asked = fetch(`${clew.urls.tempo}/api/search?${parameters}`, { signal: stop.signal }).catch(() => undefined);
  await begun();
  stop.abort();
  await asked;
  await ended();

  const session = connect(clew.urls.tempo);
  session.on('error', () => undefined);
  const stream = session.request({ ':path': `/api/search?${parameters}` });
  stream.on('error', () => undefined);
  await begun();
  session.destroy();
  await ended();
});
