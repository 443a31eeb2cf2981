import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PLAIN_PROTOBUF, type SentTrace } from '../load/load-messages.ts';
import { RequestTemplate } from '../load/request-template.ts';
import { openSender } from '../load/send-request.ts';
import { createJaegerQuery } from './jaeger-query.ts';
import { measureSearches, measureTraces } from './measure-queries.ts';
import type { QueryApi, Question } from './query-api.ts';
import { QUESTIONS } from './questions.ts';
import { createTempoQuery } from './tempo-query.ts';
import { TinyPeer } from './test/tiny-peer.ts';

const START_UNIX_MS = 1_760_000_000_000;
const RANGE = { startUnixMs: START_UNIX_MS - 1000, endUnixMs: START_UNIX_MS + 60_000 };
const peer = new TinyPeer();
const traces: SentTrace[] = [];
let url = '';

beforeAll(async () => {
  url = await peer.listen();
  const sender = openSender({ transport: 'http', url, form: PLAIN_PROTOBUF, tenant: '' });
  const startTimeUnixNano = BigInt(START_UNIX_MS) * 1_000_000n;
  for (const body of generateRequestBodies({ seed: 3, bodies: 4, spansPerBody: 300, startTimeUnixNano })) {
    const { firstTraceId, firstTraceSpans } = new RequestTemplate(body, startTimeUnixNano);
    traces.push({ traceId: firstTraceId, spans: firstTraceSpans });
    // Its answer, an empty partial success in JSON, is an acceptance.
    expect(await sender.send(body.body)).toEqual({ kind: 'accepted' });
  }
  sender.close();
});
afterAll(() => peer.close());

const ADAPTERS: readonly (readonly [string, () => QueryApi])[] = [
  ['Jaeger', () => createJaegerQuery(`${url}/jaeger`)],
  ['Tempo', () => createTempoQuery(`${url}/tempo`)],
];

test.each(ADAPTERS)('%s: a trace is counted by its id, and an unknown one is not there', async (_, create) => {
  const query = create();
  for (const { traceId, spans } of traces) expect(await query.countTraceSpans(traceId)).toBe(spans);
  expect(await query.countTraceSpans('ab'.repeat(16))).toBe(0);
});

test.each(ADAPTERS)('%s: every condition of a question narrows the answer', async (_, create) => {
  const query = create();
  const search = (question: Partial<Question>): Promise<readonly string[]> =>
    query.search({ ...RANGE, service: 'cart', limit: 500, ...question });
  const all = await search({});
  expect(all.length).toBeGreaterThan(20);
  expect(await search({ service: 'nobody' })).toEqual([]);
  for (const narrow of [
    { minDurationMs: 20 },
    { attribute: { key: 'http.route', value: '/api/checkout' } },
  ] satisfies Partial<Question>[]) {
    const found = await search(narrow);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(all.length);
    expect(all).toEqual(expect.arrayContaining([...found]));
  }
  expect(await search({ limit: 7 })).toHaveLength(7);
  expect(await search({ startUnixMs: START_UNIX_MS - 60_000, endUnixMs: START_UNIX_MS - 30_000 })).toEqual([]);
});

test('Jaeger is not asked what it cannot answer', async () => {
  await expect(createJaegerQuery(`${url}/jaeger`).search({ ...RANGE, limit: 20 })).rejects.toThrow('without a service');
});

test('an error of the peer is shown with its address', async () => {
  const query = createTempoQuery(`${url}/tempo`);
  const strange = { key: 'a b', value: 'x' };
  await expect(query.search({ ...RANGE, attribute: strange, limit: 1 })).rejects.toThrow(/GET .*HTTP 400.*cannot read/);
});

test('asking measures every question, and says whether the traces were whole', async () => {
  const query = createTempoQuery(`${url}/tempo`);
  const searches = await measureSearches(query, QUESTIONS, START_UNIX_MS - 1000, 3);
  expect(searches.map(({ name, ms }) => [name, ms.count])).toEqual(QUESTIONS.map(({ name }) => [name, 3]));
  expect(searches.every(({ found }) => found > 0)).toBe(true);
  expect(await measureTraces(query, traces, 4, 1)).toMatchObject({ whole: 4, asked: 4 });
  const wrong = traces.map((trace) => ({ ...trace, spans: trace.spans + 1 }));
  expect(await measureTraces(query, wrong, 4, 1)).toMatchObject({ whole: 0, asked: 4 });
});
