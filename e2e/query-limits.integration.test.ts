/** Queries through the front door: how many at once, who is refused, and that a client who leaves stops the engine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { StoreClient } from '../server/src/store/client.ts';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';
import { connectToEngine, HEAVY_QUERY, heavyStatements, storeHeavySpans } from './heavy-store.ts';
import { waitUntil } from './wait-until.ts';

const SPANS = 150_000;
const NOW_SECONDS = Math.floor(Date.now() / 1000);

let clew: ClewProcess;
let engine: StoreClient;

beforeAll(async () => {
  clew = await startClew({
    flags: ['--query-max-running', '1', '--query-max-waiting', '2', '--query-max-wait-ms', '60000'],
  });
  engine = connectToEngine(clew);
  const blocks = { min_insert_block_size_rows: 20000, min_insert_block_size_bytes: 16000000 };
  await storeHeavySpans(engine, SPANS, NOW_SECONDS, blocks);
});
afterAll(async () => {
  await engine.close();
  await stopAll();
});

/**
 * Runs the heavy query alone. A search also asks how much is stored, about once a second, and that would wait beside it
 * for the one place there is: a search just before has asked, and where it asks again there is a second place to wait.
 */
async function startHeavy(signal: AbortSignal): Promise<{ readonly heavy: Promise<unknown> }> {
  await search('{ }');
  const heavy = search(HEAVY_QUERY, signal).catch((error: unknown) => error);
  await waitUntil(async () => (await heavyStatements(engine)) === 1, 'the heavy statement');
  return { heavy };
}

function search(query: string, signal?: AbortSignal): Promise<Response> {
  const parameters = new URLSearchParams({ q: query, start: 'now-2h', end: 'now+1h' });
  return fetch(`${clew.urls.ui}/api/v1/search?${parameters}`, signal && { signal });
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${clew.urls.ui}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

it('queries beyond the queue are refused; when the client of the one that runs leaves, it ends and the others run', async () => {
  const client = new AbortController();
  const { heavy } = await startHeavy(client.signal);
  const others = Array.from({ length: 6 }, () => search('{ }'));
  await waitUntil(async () => (await metric('clew_query_refused_total{limit="query.maxWaiting"}')) > 0, 'a refusal');
  client.abort();
  await heavy;
  await waitUntil(async () => (await heavyStatements(engine)) === 0, 'the end of the heavy statement');
  const answers = await Promise.all(others);
  const refused = answers.filter(({ status }) => status === 429);
  const answered = answers.filter(({ status }) => status === 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(answered.length).toBeGreaterThan(0);
  expect(refused.length + answered.length).toBe(others.length);
  for (const answer of refused) {
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({
      status: 429,
      code: 'QUERY_REFUSED',
      detail: expect.stringContaining('(limit 2, query.maxWaiting)'),
    });
  }
  for (const answer of answered) {
    expect(((await answer.json()) as { traces: readonly unknown[] }).traces).toHaveLength(20);
  }
  // A search is several statements: it may have been left while one ran, or while the next waited for its turn.
  const left = (stage: string) => metric(`clew_query_cancelled_total{stage="${stage}"}`);
  await waitUntil(async () => (await left('running')) > 0 || (await left('waiting')) > 0, 'it to be counted');
});

it('a client that leaves while it waits is forgotten', async () => {
  const first = new AbortController();
  const { heavy } = await startHeavy(first.signal);
  const waitedBefore = await metric('clew_query_waiting');
  const second = new AbortController();
  const waiting = search('{ }', second.signal).catch((error: unknown) => error);
  await waitUntil(async () => (await metric('clew_query_waiting')) > waitedBefore, 'a query that waits');
  second.abort();
  await waiting;
  await waitUntil(async () => (await metric('clew_query_cancelled_total{stage="waiting"}')) > 0, 'it to be counted');
  first.abort();
  await heavy;
  await waitUntil(async () => (await metric('clew_query_waiting')) === 0, 'an empty queue');
  await waitUntil(
    async () => (await heavyStatements(engine)) === 0 && (await metric('clew_query_running')) === 0,
    'an idle engine',
  );
});
