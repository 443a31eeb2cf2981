/** `tempopb.StreamingQuerier` with a generated client, on both ports; and the questions Traces Drilldown asks. */
import { connect } from 'node:http2';
import { StreamingClient } from '@clew/testkit/tempo/streaming-client';
import { checkStrictJson } from '@clew/testkit/tempo/tempo-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { BANK_ID, BROWSE_ID, CHECKOUT_ID, CROSSING_ID, sendTempoWorld, type TempoWorld } from './tempo-world.ts';

const OK = 0;
const CANCELLED = 1;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const PERMISSION_DENIED = 7;
const UNIMPLEMENTED = 12;

let clew: ClewProcess;
let world: TempoWorld;
let client: StreamingClient;
beforeAll(async () => {
  clew = await startClew();
  world = await sendTempoWorld(clew.urls);
  client = new StreamingClient(new URL(clew.urls.tempo).host);
});
afterAll(async () => {
  client.close();
  await stopAll();
});

type Json = Record<string, unknown>;
const range = (): object => ({ start: world.start, end: world.end });
const rangeNano = (): object => ({ start: `${world.start}000000000`, end: `${world.end}000000000` });

/** Ids of all messages, in the order in which they came. */
function idsOf(messages: readonly Json[]): readonly unknown[] {
  return messages.flatMap(({ traces }) => ((traces ?? []) as readonly Json[]).map(({ traceID }) => traceID));
}

describe('StreamingQuerier', () => {
  it('sends each trace once, as it is found, with metrics that add up to all', async () => {
    const { code, messages } = await client.call('Search', { ...range(), Query: '{ }', Limit: 10, SpansPerSpanSet: 2 });
    expect(code).toBe(OK);
    expect(idsOf(messages)).toEqual([CROSSING_ID, BROWSE_ID, 'af7651916cd43dd']);
    const progress = messages.map(({ metrics }) => Number((metrics as Json).completedJobs ?? 0));
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(messages.at(-1)?.metrics).toMatchObject({ completedJobs: 100, totalJobs: 100 });
    const [first] = messages.flatMap(({ traces }) => (traces ?? []) as readonly Json[]);
    expect(first).toMatchObject({ rootServiceName: '<root span not yet received>', spanSets: [{ matched: 1 }] });
  });

  it('answers the health check of Grafana, and the same on the main port', async () => {
    const main = new StreamingClient(new URL(clew.urls.ui).host);
    const { code, messages } = await main.call('Search', { Query: '{}', Limit: 1 });
    main.close();
    expect([code, idsOf(messages)]).toEqual([OK, [CROSSING_ID]]);
  });

  it('sends a message even where nothing is found', async () => {
    const { code, messages } = await client.call('Search', { ...range(), Query: '{ name = "nothing" }' });
    expect(code).toBe(OK);
    expect(messages.at(-1)).toMatchObject({ metrics: { completedJobs: 100, totalJobs: 100 } });
  });

  it('searches by tags', async () => {
    const asked = { ...range(), Tags: { 'service.name': 'SHOP' }, MinDurationMs: 1000, MaxDurationMs: 2000 };
    expect(idsOf((await client.call('Search', asked)).messages)).toEqual(['af7651916cd43dd']);
  });

  it('lists tags and values', async () => {
    const tags = await client.call('SearchTags', { ...range(), scope: 'resource' });
    expect(tags.messages).toMatchObject([{ tagNames: ['service.name'] }]);
    const scopes = await client.call('SearchTagsV2', { ...range(), maxTagsPerScope: 1 });
    expect(scopes.messages[0].scopes).toContainEqual({ name: 'event', tags: ['exception.message'] });
    const values = await client.call('SearchTagValues', { ...range(), tagName: 'service.name' });
    expect(values.messages).toMatchObject([{ tagValues: ['shop', 'pay'] }]);
    const typed = await client.call('SearchTagValuesV2', {
      ...range(),
      tagName: 'span.http.route',
      query: '{ resource.service.name = "pay" && span.x = ',
      maxTagValues: 5,
    });
    expect(typed.messages).toMatchObject([{ tagValues: [{ type: 'string', value: '/charge' }] }]);
  });

  it('answers metrics over time and at once', async () => {
    const query = '{ } | count_over_time() by(resource.service.name)';
    const series = await client.call('MetricsQueryRange', { ...rangeNano(), query, step: '30000000000' });
    expect(series.code).toBe(OK);
    expect(series.messages.at(-1)?.metrics).toMatchObject({ completedJobs: 1, totalJobs: 1 });
    const [message] = series.messages;
    const counts = (
      message.series as readonly { labels: readonly Json[]; samples: readonly { value?: number }[] }[]
    ).map(({ labels, samples }) => [
      (labels[0].value as Json).stringValue,
      samples.reduce((sum, { value = 0 }) => sum + value, 0),
    ]);
    expect(Object.fromEntries(counts)).toEqual({ shop: 4, pay: 1 });
    const instant = await client.call('MetricsQueryInstant', {
      ...rangeNano(),
      query: '{ } | max_over_time(duration)',
    });
    expect(instant.messages).toMatchObject([{ series: [{ value: 1.5 }] }]);
  });

  it('cuts a long range into pieces that make the whole, newest first', async () => {
    const query = '{ } | rate() by(resource.service.name)';
    const hours = { start: `${world.end - 6 * 3600}000000000`, end: `${world.end}000000000`, step: '600000000000' };
    const { messages } = await client.call('MetricsQueryRange', { ...hours, query });
    expect(messages.length).toBeGreaterThan(1);
    const whole = await (
      await fetch(
        `${clew.urls.tempo}/api/metrics/query_range?${new URLSearchParams({ q: query, start: hours.start, end: hours.end, step: '600s' })}`,
      )
    ).json();
    expect(pointsOf(messages)).toEqual(pointsOf([whole as Json]));
    expect(pointsOf(messages).length).toBe(2 * 37);
  });
});

/** Every point as text, zeros too, in one order. A point that comes twice counts once, as Grafana has it. */
function pointsOf(messages: readonly Json[]): readonly string[] {
  const points = messages.flatMap(({ series }) =>
    ((series ?? []) as readonly { labels: unknown; samples: readonly Json[] }[]).flatMap(({ labels, samples }) =>
      samples.map(({ timestampMs, value }) => JSON.stringify([labels, timestampMs, value ?? 0])),
    ),
  );
  return [...new Set(points)].sort();
}

describe('a call', () => {
  it('reads the tenants of its metadata', async () => {
    const found = async (orgId: string): Promise<readonly unknown[]> =>
      idsOf((await client.call('Search', { ...range(), Query: '{ }' }, { orgId })).messages);
    expect(await found('bank')).toEqual([CROSSING_ID, BANK_ID]);
    expect(await found('default|bank')).toEqual([CROSSING_ID, BANK_ID, BROWSE_ID, 'af7651916cd43dd']);
    const refused = await client.call('Search', { Query: '{ }' }, { orgId: 'a|..' });
    expect([refused.code, refused.details]).toEqual([
      INVALID_ARGUMENT,
      expect.stringContaining('X-Scope-OrgID') as string,
    ]);
  });

  it('is refused with the mistake in words', async () => {
    for (const [method, request, words] of [
      ['Search', { Query: '{ span.a = ' }, 'of the query'],
      ['Search', { Query: '{ }', Limit: 1_000_000 }, 'exceeds max limit'],
      ['Search', { Query: '{ }', start: 5 }, 'start must be before end'],
      ['MetricsQueryRange', { query: '{ }' }, 'metrics function'],
      ['MetricsQueryInstant', { query: '' }, 'q is missing'],
      ['SearchTagsV2', { scope: 'galaxy' }, 'invalid scope'],
      ['SearchTagValuesV2', { tagName: '' }, 'not an attribute'],
    ] as const) {
      const { code, details } = await client.call(method, request);
      expect([code, details]).toEqual([INVALID_ARGUMENT, expect.stringContaining(words) as string]);
    }
  });

  it('can be cancelled between messages, and has a deadline', async () => {
    const cancelled = await client.call('Search', { ...range(), Query: '{ }' }, { onMessage: () => 'cancel' });
    expect(cancelled.code).toBe(CANCELLED);
    const late = await client.call('Search', { ...range(), Query: '{ }' }, { deadlineMs: 1 });
    expect(late.code).toBe(DEADLINE_EXCEEDED);
    expect((await client.call('Search', { ...range(), Query: '{ }', Limit: 1 })).code).toBe(OK);
  });

  it('of another method, with half a message or for another host is refused', async () => {
    const session = connect(clew.urls.tempo);
    const path = '/tempopb.StreamingQuerier/Search';
    const statusOf = (headers: Record<string, string>, body: Buffer): Promise<number> =>
      new Promise((resolve, reject) => {
        const stream = session.request({
          ':method': 'POST',
          'content-type': 'application/grpc',
          te: 'trailers',
          ...headers,
        });
        const onHeaders = (answered: Record<string, unknown>): void => {
          if (answered['grpc-status'] !== undefined) resolve(Number(answered['grpc-status']));
        };
        stream.on('response', onHeaders).on('trailers', onHeaders).on('error', reject);
        stream.resume();
        stream.end(body);
      });
    const empty = Buffer.alloc(5);
    expect(await statusOf({ ':path': path }, empty)).toBe(OK);
    expect(await statusOf({ ':path': '/tempopb.Querier/SearchRecent' }, empty)).toBe(UNIMPLEMENTED);
    expect(await statusOf({ ':path': path }, Buffer.alloc(4))).toBe(INVALID_ARGUMENT);
    expect(await statusOf({ ':path': path }, Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]))).toBe(INVALID_ARGUMENT);
    expect(await statusOf({ ':path': path, 'grpc-timeout': 'soon' }, empty)).toBe(INVALID_ARGUMENT);
    expect(await statusOf({ ':path': path, ':authority': 'rebound.example' }, empty)).toBe(PERMISSION_DENIED);
    session.close();
  });
});

describe('Traces Drilldown', () => {
  const roots = 'nestedSetParent<0 && true';
  const searches = [
    `{${roots}}`,
    `{${roots} && resource.service.name != nil} | select(status, resource.service.name, name, nestedSetParent, nestedSetLeft, nestedSetRight)`,
    `({${roots} && status=error} &>> { status = error }) || ({${roots} && status=error}) | select(status, resource.service.name, name, nestedSetParent, nestedSetLeft, nestedSetRight)`,
    `{${roots} && kind=server && resource.service.name="shop"} &>> { kind = server } | select(status, resource.service.name, name)`,
    '{ status = error } | select(resource.service.name, name, event.exception.message, event.exception.stacktrace, event.exception.type)',
    '{ event.exception.message != nil && status = error }',
    '{ duration > 100ms && traceDuration < 10s } && { status != error }',
  ];
  const overTime = [
    `{${roots}} | rate() by(resource.service.name)`,
    `{${roots} && status=error} | rate()`,
    `{${roots}} | rate() by(resource.service.name, status) with(sample=true)`,
    `{${roots}} | histogram_over_time(duration) with(sample=true)`,
    `{${roots}} | quantile_over_time(duration, 0.9) by(resource.service.name)`,
    `{${roots}} | quantile_over_time(duration, 0.5, 0.9, 0.99) by(span.http.route)`,
    `{${roots} && span.http.route != nil} | rate() by(span.http.route) | topk(5)`,
    `{${roots}} | compare({status = error})`,
    `{${roots}} | compare({duration >= 100ms && duration <= 2s}, 10)`,
    '{ true } | min_over_time(duration)',
    '{ } | avg_over_time(span:duration) by(span:name)',
  ];

  it.each(searches)('searches %s', async (query) => {
    const asked = { q: query, start: String(world.start), end: String(world.end), limit: '200', spss: '10' };
    const response = await fetch(`${clew.urls.tempo}/api/search?${new URLSearchParams(asked)}`);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    const answer = JSON.parse(text) as Json;
    expect(() => checkStrictJson('SearchResponse', answer)).not.toThrow();
    const streamed = await client.call('Search', { ...range(), Query: query, Limit: 200, SpansPerSpanSet: 10 });
    expect([streamed.code, streamed.details]).toEqual([OK, '']);
    const found = (answer.traces as readonly Json[]).map(({ traceID }) => traceID);
    expect(idsOf(streamed.messages)).toEqual(found);
    expect(found).toContain(CHECKOUT_ID.replace(/^0+/, ''));
  });

  it.each(overTime)('measures %s', async (query) => {
    const asked = { q: query, start: String(world.start), end: String(world.end), step: '10s', exemplars: '10' };
    const response = await fetch(`${clew.urls.tempo}/api/metrics/query_range?${new URLSearchParams(asked)}`);
    const text = await response.text();
    expect(response.status, text).toBe(200);
    const answer = JSON.parse(text) as Json;
    expect(() => checkStrictJson('QueryRangeResponse', answer)).not.toThrow();
    expect(answer.series).not.toHaveLength(0);
    const streamed = await client.call('MetricsQueryRange', { ...rangeNano(), query, step: '10000000000' });
    expect([streamed.code, streamed.details]).toEqual([OK, '']);
    expect(pointsOf(streamed.messages)).toEqual(pointsOf([answer]));
  });

  it('tells the tree of a trace by its nested sets', async () => {
    const query = `{ trace:id = "${CHECKOUT_ID}" } | select(nestedSetParent, nestedSetLeft, nestedSetRight)`;
    const { messages } = await client.call('Search', { ...range(), Query: query, SpansPerSpanSet: 10 });
    const [trace] = messages.flatMap(
      ({ traces }) => (traces ?? []) as readonly { spanSet: { spans: readonly Json[] } }[],
    );
    const sets = trace.spanSet.spans.map(({ name, attributes }) => [
      name,
      Object.fromEntries(
        (attributes as readonly Json[]).map(({ key, value }) => [key, Number((value as Json).intValue)]),
      ),
    ]);
    expect(Object.fromEntries(sets)).toMatchObject({
      'POST /checkout': { nestedSetParent: -1, nestedSetLeft: 1, nestedSetRight: 6 },
      'call pay': { nestedSetParent: 1, nestedSetLeft: 2, nestedSetRight: 5 },
      charge: { nestedSetParent: 2, nestedSetLeft: 3, nestedSetRight: 4 },
    });
  });
});
