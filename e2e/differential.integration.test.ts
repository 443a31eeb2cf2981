/**
 * Random queries through the front doors of the real program: the native API against the in-memory evaluator, Tempo's
 * HTTP API against the same, and its gRPC service against its HTTP API. The spans are those of two tenants, read as one.
 * Longer runs: CLEW_TEST_SEED=… CLEW_DIFFERENTIAL_DOORS=500 npx vitest run --project integration e2e/differential
 */
import type { FoundTrace, MetricsAnswer, SearchAnswer } from '@clew/contract';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { dealSpans } from '@clew/testkit/deal-spans';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { attributeText, comparableTrace, firstDifference, SearchJudge, wordsOf } from '@clew/testkit/judge-search';
import { Random } from '@clew/testkit/random';
import { randomMetricsQuery, randomSpansetQuery } from '@clew/testkit/random-query';
import { StreamingClient } from '@clew/testkit/tempo/streaming-client';
import { checkStrictJson, tempoType } from '@clew/testkit/tempo/tempo-protobuf';
import { printQuery } from '@clew/traceql';
import { evaluateMetrics } from '@clew/traceql/evaluate';
import type { Series } from '@clew/traceql/evaluate/series';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownFields } from '../server/src/query/search/shown-fields.ts';
import { type ClewProcess, startClew, stopAll } from './clew-process.ts';
import { waitUntil } from './wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const QUERIES = Number(process.env.CLEW_DIFFERENTIAL_DOORS ?? 8);
/** Queries that find something, and not everything: more are asked until there are so many, as the dice have no memory. */
const TELLING = Math.ceil(QUERIES / 4);
const isGoingOn = (asked: number, telling: number): boolean =>
  asked < QUERIES || (telling < TELLING && asked < 5 * QUERIES);
const TENANTS = ['doors-a', 'doors-b'];
const ORG_ID = TENANTS.join('|');
const HEADERS = { 'x-scope-orgid': ORG_ID };
const TRACES = 60;
/** Spans shown of each set: all that a set of this world has. */
const SPANS = 100;
/** Whole minutes, so that seconds say it. */
const RANGES = [
  { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO },
  { fromUnixNano: WORLD_START_UNIX_NANO + 5_400_000_000_000n, toUnixNano: WORLD_END_UNIX_NANO - 3_600_000_000_000n },
  { fromUnixNano: WORLD_START_UNIX_NANO + 7_200_000_000_000n, toUnixNano: WORLD_START_UNIX_NANO + 9_000_000_000_000n },
];
const STEPS_SECONDS = [60, 420, 3_600];

type Json = Record<string, unknown>;
type Range = (typeof RANGES)[number];

const random = new Random(SEED);
const world = buildSmallWorld(random, TRACES);
const vocabulary = buildVocabulary(world);
const judge = new SearchJudge(world);
let clew: ClewProcess;
let grpc: StreamingClient;

beforeAll(async () => {
  // Some spans are of 1970, and stay.
  clew = await startClew({ flags: ['--store-retention-days', '0', '--store-query-timeout-ms', '120000'] });
  grpc = new StreamingClient(new URL(clew.urls.tempo).host);
  const parts = dealSpans(random, world, 2 * TENANTS.length);
  for (const [at, part] of parts.entries()) {
    const response = await fetch(`${clew.urls.otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'x-scope-orgid': TENANTS[at % TENANTS.length] },
      body: new Uint8Array(encodeOtlpProtobuf(part)),
    });
    expect(response.status, await response.text()).toBe(200);
  }
  const total = world.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length;
  await waitUntil(async () => (await storedSpans()) >= total, `${total} spans stored`);
});

afterAll(async () => {
  grpc.close();
  await stopAll();
});

async function storedSpans(): Promise<number> {
  const status = (await getJson(`${clew.urls.ui}/api/v1/status`, {})) as { spans: { stored: number } };
  return status.spans.stored;
}

async function getJson(address: string, query: Record<string, string | number>): Promise<unknown> {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const response = await fetch(`${address}?${parameters}`, { headers: HEADERS });
  const text = await response.text();
  expect(response.status, `${JSON.stringify(query)}: ${text}`).toBe(200);
  return JSON.parse(text);
}

const seconds = (unixNano: bigint): number => Number(unixNano / 1_000_000_000n);

async function nativeSearch(q: string, { fromUnixNano, toUnixNano }: Range): Promise<readonly FoundTrace[]> {
  const found: FoundTrace[] = [];
  const asked = { q, start: String(fromUnixNano), end: String(toUnixNano), limit: 25, spss: SPANS };
  let cursor: string | undefined;
  do {
    const address = `${clew.urls.ui}/api/v1/search`;
    const page = (await getJson(address, { ...asked, ...(cursor !== undefined && { cursor }) })) as SearchAnswer;
    expect(page.statistics, q).toMatchObject({ complete: true });
    found.push(...page.traces);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/** A message as the generated code of Tempo's description has it, whichever way it came. */
function asMessage(type: string, json: unknown): Json {
  const message = tempoType(type);
  return message.toObject(message.fromObject(json as object), { longs: String, enums: String, bytes: String });
}

/** Both ways: what both answer with. */
async function tempoSearch(q: string, { fromUnixNano, toUnixNano }: Range): Promise<readonly Json[]> {
  const [start, end] = [seconds(fromUnixNano), seconds(toUnixNano)];
  const json = await getJson(`${clew.urls.tempo}/api/search`, { q, start, end, limit: 500, spss: SPANS });
  expect(() => checkStrictJson('SearchResponse', json), q).not.toThrow();
  const { traces = [] } = asMessage('SearchResponse', json) as { traces?: Json[] };
  const request = { Query: q, start, end, Limit: 500, SpansPerSpanSet: SPANS };
  const { code, details, messages } = await grpc.call('Search', request, { orgId: ORG_ID });
  expect([code, details], q).toEqual([0, '']);
  expect(messages.flatMap((message) => (message.traces ?? []) as Json[]).map(withSortedSets), q).toEqual(
    traces.map(withSortedSets),
  );
  return traces;
}

/** Spans that are equal in all that orders them come in any order. */
function withSortedSets(trace: Json): Json {
  const sorted = (set: Json): Json => ({
    ...set,
    spans: ((set.spans ?? []) as Json[]).map((span) => JSON.stringify(span)).toSorted(),
  });
  const { spanSet, spanSets } = trace as { spanSet?: Json; spanSets?: Json[] };
  return { ...trace, ...(spanSet && { spanSet: sorted(spanSet) }), spanSets: (spanSets ?? []).map(sorted) };
}

/** Its id and how many spans each of its sets has. */
function outline(trace: Json): string {
  const sets = (trace.spanSets ?? []) as readonly { matched?: number }[];
  return `${String(trace.traceID).padStart(32, '0')}: ${sets.map(({ matched }) => matched)}`;
}

/** Every point as text, zeros too, in one order: sums of doubles depend on the order of adding in their last digits. */
function pointsOf(messages: readonly Json[]): readonly string[] {
  const points = messages.flatMap(({ series }) =>
    ((series ?? []) as readonly { labels?: unknown; samples?: readonly Json[] }[]).flatMap(({ labels, samples = [] }) =>
      samples.map(({ timestampMs, value }) => JSON.stringify([labels, timestampMs, Number(value ?? 0).toPrecision(9)])),
    ),
  );
  return [...new Set(points)].sort();
}

/** Series of an answer and of the evaluator: the same labels, and as good as the same points. */
function expectSameSeries(answer: MetricsAnswer, wanted: readonly Series[], label: string): void {
  const found = new Map(answer.series.map(({ labels, values }) => [labels.map(attributeText).join(', '), values]));
  const names = wanted.map(({ labels }) => labels.map((one) => attributeText(wordsOf(one))).join(', '));
  expect([...found.keys()].toSorted(), label).toEqual(names.toSorted());
  for (const [at, name] of names.entries()) {
    const values = wanted[at].values.map((value) => (Number.isFinite(value) ? Number(value) : null));
    const differs = values.findIndex((value, bucket) => !isClose(value, found.get(name)?.[bucket]));
    if (differs >= 0)
      expect.fail(`${label}: series ${name}, point ${differs}: ${found.get(name)?.[differs]}, not ${values[differs]}`);
  }
}

/** Tempo's two doors say the same points, over time and at once. */
async function expectSameThroughTempo(query: string, range: Range, step: number, label: string): Promise<void> {
  const [start, end] = [String(range.fromUnixNano), String(range.toUnixNano)];
  const asked = { q: query, start, end, step };
  const json = await getJson(`${clew.urls.tempo}/api/metrics/query_range`, asked);
  expect(() => checkStrictJson('QueryRangeResponse', json), label).not.toThrow();
  const request = { query, start, end, step: String(BigInt(step) * 1_000_000_000n) };
  const streamed = await grpc.call('MetricsQueryRange', request, { orgId: ORG_ID });
  expect([streamed.code, streamed.details], label).toEqual([0, '']);
  expect(pointsOf(streamed.messages), label).toEqual(pointsOf([asMessage('QueryRangeResponse', json)]));
  const instantJson = await getJson(`${clew.urls.tempo}/api/metrics/query`, { q: query, start, end });
  const instant = await grpc.call('MetricsQueryInstant', { query, start, end }, { orgId: ORG_ID });
  expect([instant.code, instant.details], label).toEqual([0, '']);
  expect(valuesOf(instant.messages), label).toEqual(valuesOf([asMessage('QueryInstantResponse', instantJson)]));
}

function valuesOf(messages: readonly Json[]): readonly string[] {
  const series = messages.flatMap(
    (message) => (message.series ?? []) as readonly { labels?: unknown; value?: number }[],
  );
  return series.map(({ labels, value = 0 }) => JSON.stringify([labels, Number(value).toPrecision(9)])).sort();
}

const isClose = (a: number | null, b: number | null | undefined): boolean => {
  if (a === null || b === null || b === undefined) return a === b;
  return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
};

describe(`the front doors (seed ${SEED})`, () => {
  it(`find what the evaluator finds, for ${QUERIES} random queries`, {
    timeout: 120_000 + QUERIES * 8_000,
  }, async () => {
    let telling = 0;
    for (let i = 0; isGoingOn(i, telling); i++) {
      const query = randomSpansetQuery(random, vocabulary);
      const text = printQuery(query);
      const range = random.pick(RANGES);
      const label = `seed ${SEED}, query ${i}: ${text} in ${range.fromUnixNano}..${range.toUnixNano}`;
      const show = shownFields(query.pipeline).named;
      const wanted = judge.judge(query, { range, shown: SPANS, show });
      const native = (await nativeSearch(text, range)).map((trace) => comparableTrace(trace, SPANS));
      expect(firstDifference(native, wanted) ?? '', label).toBe('');
      const outlines = wanted.map(({ traceId, spansets }) => `${traceId}: ${spansets.map(({ count }) => count)}`);
      expect((await tempoSearch(text, range)).map(outline), label).toEqual(outlines);
      if (wanted.length > 0 && wanted.length < TRACES) telling++;
    }
    expect(telling).toBeGreaterThanOrEqual(TELLING);
  });

  it(`measure what the evaluator measures, for ${QUERIES} random queries`, {
    timeout: 120_000 + QUERIES * 8_000,
  }, async () => {
    let telling = 0;
    for (let i = 0; isGoingOn(i, telling); i++) {
      const query = randomMetricsQuery(random, vocabulary);
      const text = printQuery(query);
      const range = random.pick(RANGES);
      const step = random.pick(STEPS_SECONDS);
      const label = `seed ${SEED}, metrics ${i}: ${text} in ${range.fromUnixNano}..${range.toUnixNano} by ${step} s`;
      const wanted = evaluateMetrics(query, world, { range, stepNano: BigInt(step) * 1_000_000_000n });
      const [start, end] = [String(range.fromUnixNano), String(range.toUnixNano)];
      const answer = (await getJson(`${clew.urls.ui}/api/v1/metrics`, { q: text, start, end, step })) as MetricsAnswer;
      expect(answer.statistics, label).toMatchObject({ complete: true });
      expectSameSeries(answer, wanted.series, label);
      await expectSameThroughTempo(text, range, step, label);
      if (wanted.series.length > 0) telling++;
    }
    expect(telling).toBeGreaterThanOrEqual(TELLING);
  });
});
