/** Every endpoint of the Tempo API over HTTP, decoded as strictly as Grafana decodes it. */
import { checkStrictJson, decodeTempo } from '@clew/testkit/tempo/tempo-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { type Json, type Query, tempoAsker } from './ask-tempo.ts';
import { BANK_ID, BROWSE_ID, CHECKOUT_ID, CROSSING_ID, sendTempoWorld, type TempoWorld } from './tempo-world.ts';

let clew: ClewProcess;
let world: TempoWorld;
beforeAll(async () => {
  clew = await startClew({ flags: ['--tempo-cors-allowed-origins', 'https://*.grafana.example'] });
  world = await sendTempoWorld(clew.urls);
});
afterAll(stopAll);

const { ask, read } = tempoAsker(() => clew.urls.tempo);

const range = (): Query => ({ start: world.start, end: world.end });
const search = (query: Query, headers?: Record<string, string>): Promise<Json> =>
  read('SearchResponse', '/api/search', { ...range(), ...query }, headers);

function idsOf(answer: Json): readonly unknown[] {
  return (answer.traces as readonly Json[]).map(({ traceID }) => traceID);
}

describe('status', () => {
  it('answers echo, ready and buildinfo on both ports', async () => {
    for (const base of [clew.urls.tempo, `${clew.urls.ui}/tempo`]) {
      expect(await (await fetch(`${base}/api/echo`)).text()).toBe('echo');
      expect(await (await fetch(`${base}/ready`)).text()).toBe('ready\n');
      const info = (await (await fetch(`${base}/api/status/buildinfo`)).json()) as Json;
      expect(Object.keys(info)).toEqual(['version', 'revision', 'branch', 'buildDate', 'buildUser', 'goVersion']);
      // What Grafana compares features with: 2.2 for streaming, 2.7 for instant metrics.
      expect(info.version).toMatch(/^2\.\d+\.\d+$/);
    }
  });

  it('says that there is nothing, in plain text, where there is nothing', async () => {
    const response = await ask('/api/metrics/summary');
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
    const posted = await fetch(`${clew.urls.tempo}/api/search`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('trace by id', () => {
  it('is JSON with batches and ids in base64 in the first version', async () => {
    const json = (await (await ask(`/api/traces/${CHECKOUT_ID}`)).json()) as { batches: readonly Json[] };
    expect(Object.keys(json)).toEqual(['batches']);
    checkStrictJson('Trace', { resourceSpans: json.batches });
    const spans = json.batches.flatMap(
      ({ scopeSpans }) => (scopeSpans as readonly { spans: readonly Json[] }[])[0].spans,
    );
    expect(spans).toHaveLength(3);
    expect(spans[0]).toMatchObject({
      traceId: Buffer.from(CHECKOUT_ID, 'hex').toString('base64'),
      spanId: Buffer.from('0000000000000001', 'hex').toString('base64'),
      kind: 'SPAN_KIND_SERVER',
      status: { code: 'STATUS_CODE_ERROR', message: 'failed' },
    });
    expect(spans[0]).not.toHaveProperty('parentSpanId');
  });

  it('is the message itself with Accept: application/protobuf, in both versions', async () => {
    const accept = { accept: 'application/protobuf' };
    const first = await ask(`/api/traces/${CHECKOUT_ID}`, {}, accept);
    const second = await ask(`/api/v2/traces/${CHECKOUT_ID}`, {}, accept);
    expect([first, second].map((response) => response.headers.get('content-type'))).toEqual([
      'application/protobuf',
      'application/protobuf',
    ]);
    const trace = decodeTempo('Trace', new Uint8Array(await first.arrayBuffer()));
    const response = decodeTempo('TraceByIDResponse', new Uint8Array(await second.arrayBuffer()));
    expect(response).toEqual({ trace });
    expect(trace.resourceSpans).toHaveLength(2);
  });

  it('is JSON with its trace in the second version', async () => {
    const json = await read('TraceByIDResponse', `/api/v2/traces/${CHECKOUT_ID}`, range());
    expect(Object.keys(json)).toEqual(['trace', 'metrics']);
    // The id without its leading zeros, as search answers it.
    expect(await read('TraceByIDResponse', '/api/v2/traces/af7651916cd43dd')).toEqual(json);
  });

  it('of an unknown trace is 404 without a body, then 200 with an empty trace', async () => {
    const unknown = 'ee000000000000000000000000000000';
    const first = await ask(`/api/traces/${unknown}`);
    expect([first.status, await first.text()]).toEqual([404, '']);
    const second = await ask(`/api/v2/traces/${unknown}`, {}, { accept: 'application/protobuf' });
    expect([second.status, [...new Uint8Array(await second.arrayBuffer())]]).toEqual([200, [0x0a, 0x00]]);
    expect(await read('TraceByIDResponse', `/api/v2/traces/${unknown}`)).toEqual({ trace: {}, metrics: {} });
  });

  it.each([
    ['xyz', {}],
    ['0', {}],
    [CHECKOUT_ID, { start: 20, end: 10 }],
    [CHECKOUT_ID, { start: 'yesterday' }],
  ])('refuses %s with %j', async (id, query) => {
    for (const version of ['', '/v2']) {
      const response = await ask(`/api${version}/traces/${id}`, query);
      expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
    }
  });
});

describe('search', () => {
  it('answers what Grafana shows, newest first, ids without leading zeros', async () => {
    const answer = await search({ q: '{ resource.service.name = "shop" && kind = server }', limit: 10, spss: 1 });
    expect(idsOf(answer)).toEqual([CROSSING_ID, BROWSE_ID, 'af7651916cd43dd']);
    const traces = answer.traces as readonly Json[];
    expect(traces[0]).toMatchObject({ rootServiceName: '<root span not yet received>' });
    expect(traces[0]).not.toHaveProperty('rootTraceName');
    expect(traces[2]).toMatchObject({
      rootServiceName: 'shop',
      rootTraceName: 'POST /checkout',
      durationMs: 1500,
      startTimeUnixNano: `${world.start + 10}000000000`,
      serviceStats: { shop: { spanCount: 2, errorCount: 1 }, pay: { spanCount: 1, errorCount: 1 } },
    });
    const [set] = traces[2].spanSets as readonly Json[];
    expect(traces[2].spanSet).toEqual(set);
    expect(set).toMatchObject({ matched: 1, spans: [{ spanID: '0000000000000001', durationNanos: '1500000000' }] });
    expect(answer.metrics).toMatchObject({ completedJobs: 100, totalJobs: 100 });
  });

  it('shows selected attributes by their keys, and numbers of groups', async () => {
    const selected = await search({
      q: '{ name = "charge" } | select(status, span.http.route, resource.service.name)',
    });
    const [trace] = selected.traces as readonly { spanSet: { spans: readonly { attributes: readonly Json[] }[] } }[];
    expect(trace.spanSet.spans[0].attributes).toEqual(
      expect.arrayContaining([
        { key: 'status', value: { stringValue: 'error' } },
        { key: 'http.route', value: { stringValue: '/charge' } },
        { key: 'service.name', value: { stringValue: 'pay' } },
      ]),
    );
    const grouped = await search({
      q: `{ trace:id = "${CHECKOUT_ID}" } | by(resource.service.name) | count() > 0`,
    });
    const [{ spanSets }] = grouped.traces as readonly { spanSets: readonly { attributes: readonly Json[] }[] }[];
    expect(spanSets).toHaveLength(2);
    expect(spanSets[0].attributes).toEqual(
      expect.arrayContaining([
        { key: 'by(resource.service.name)', value: { stringValue: 'pay' } },
        { key: 'count()', value: { intValue: '1' } },
      ]),
    );
  });

  it('limits traces and spans', async () => {
    expect(idsOf(await search({ q: '{ }', limit: 1 }))).toEqual([CROSSING_ID]);
    const [trace] = (await search({ q: `{ trace:id = "${CHECKOUT_ID}" }`, spss: 2 })).traces as readonly Json[];
    expect(trace.spanSet).toMatchObject({ matched: 3, spans: [{}, {}] });
    const [all] = (await search({ q: `{ trace:id = "${CHECKOUT_ID}" }`, spss: 0 })).traces as readonly Json[];
    expect((all.spanSet as Json).spans).toHaveLength(3);
  });

  it('finds by tags as Grafana once asked: part of the value, in any case, each tag anywhere in the trace', async () => {
    expect(idsOf(await search({ tags: 'service.name=PAY' }))).toEqual(['af7651916cd43dd']);
    expect(idsOf(await search({ tags: 'service.name=pay http.route="/check"' }))).toEqual(['af7651916cd43dd']);
    expect(idsOf(await search({ tags: 'http.response.status_code=200' }))).toEqual([BROWSE_ID]);
    expect(idsOf(await search({ tags: 'name=get' }))).toEqual([BROWSE_ID]);
    expect(idsOf(await search({ tags: 'service.name=shop', minDuration: '1s', maxDuration: '2s' }))).toEqual([
      'af7651916cd43dd',
    ]);
    expect(idsOf(await search({ minDuration: '15ms', maxDuration: '30ms' }))).toEqual([BROWSE_ID]);
    expect(idsOf(await search({ tags: 'error=true' }))).toEqual(['af7651916cd43dd']);
    expect(idsOf(await search({ tags: 'service.name=nobody' }))).toEqual([]);
  });

  it('looks at the last hour without start and end', async () => {
    expect(idsOf(await read('SearchResponse', '/api/search', { q: '{ }' }))).toHaveLength(3);
    expect(idsOf(await read('SearchResponse', '/api/search'))).toHaveLength(3);
  });

  it.each([
    [{ q: '{ span.a = ' }, /at \d+ to \d+ of the query/],
    [{ q: '{ } | rate()' }, /yields series/],
    [{ q: '{ }', tags: 'a=b' }, /can't specify tags and q/],
    [{ q: '{ }', start: 100 }, /start must be before end/],
    [{ q: '{ }', start: 100, end: 100 }, /start must be before end/],
    [{ q: '{ }', start: -5, end: 10 }, /invalid start/],
    [{ q: '{ }', limit: 0 }, /must be a positive number/],
    [{ q: '{ }', limit: 'many' }, /invalid limit/],
    [{ q: '{ }', limit: 1_000_000 }, /exceeds max limit/],
    [{ q: '{ }', spss: 101 }, /spans per span set exceeds 100/],
    [{ tags: 'a=b a=c' }, /set twice/],
    [{ tags: 'a="b' }, /invalid tags/],
    [{ minDuration: 'long' }, /invalid minDuration/],
    [{ minDuration: '2s', maxDuration: '1s' }, /greater than minDuration/],
  ])('refuses %j in plain text', async (query, message) => {
    const response = await ask('/api/search', query);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(await response.text()).toMatch(message);
  });
});

describe('tags', () => {
  it('are one list in the first version', async () => {
    const { tagNames } = await read('SearchTagsResponse', '/api/search/tags', range());
    expect(tagNames).toEqual([
      ...[
        'exception.message',
        'http.response.status_code',
        'http.route',
        'odd/name',
        'ratio',
        'sampled',
        'service.name',
      ],
    ]);
    expect((await read('SearchTagsResponse', '/api/search/tags', { scope: 'resource' })).tagNames).toEqual([
      'service.name',
    ]);
    expect((await read('SearchTagsResponse', '/api/search/tags', { scope: 'intrinsic' })).tagNames).toContain(
      'rootName',
    );
  });

  it('are lists by scope in the second', async () => {
    const { scopes } = await read('SearchTagsV2Response', '/api/v2/search/tags', { ...range(), limit: 5000 });
    const byName = new Map(
      (scopes as readonly { name: string; tags: string[] }[]).map(({ name, tags }) => [name, tags]),
    );
    expect([...byName.keys()]).toEqual(['resource', 'span', 'event', 'intrinsic']);
    expect(byName.get('event')).toEqual(['exception.message']);
    expect(byName.get('intrinsic')).toContain('status');
    const one = await read('SearchTagsV2Response', '/api/v2/search/tags', { scope: 'span', limit: 2 });
    expect(one.scopes).toEqual([{ name: 'span', tags: ['http.response.status_code', 'http.route'] }]);
    const none = await read('SearchTagsV2Response', '/api/v2/search/tags', { scope: 'link' });
    expect(none.scopes).toEqual([]);
  });

  it('refuses a scope that does not exist', async () => {
    expect((await ask('/api/v2/search/tags', { scope: 'galaxy' })).status).toBe(400);
  });
});

describe('tag values', () => {
  const values = async (tag: string, query: Query = {}): Promise<unknown> =>
    (await read('SearchTagValuesV2Response', `/api/v2/search/tag/${tag}/values`, { ...range(), ...query })).tagValues;

  it('have their types', async () => {
    expect(await values('resource.service.name')).toEqual([
      { type: 'string', value: 'shop' },
      { type: 'string', value: 'pay' },
    ]);
    expect(await values('span.http.response.status_code')).toEqual([
      { type: 'int', value: '200' },
      { type: 'int', value: '500' },
    ]);
    expect(await values('.sampled')).toEqual([{ type: 'bool', value: 'true' }]);
    expect(await values('span.ratio')).toEqual([{ type: 'float', value: '0.5' }]);
    expect(await values('status')).toContainEqual({ type: 'keyword', value: 'error' });
    expect(await values('kind')).toContainEqual({ type: 'keyword', value: 'server' });
    expect(await values('name')).toContainEqual({ type: 'string', value: 'charge' });
    expect(await values('rootServiceName')).toEqual([{ type: 'string', value: 'shop' }]);
    expect(await values('event.exception.message')).toEqual([{ type: 'string', value: 'card declined' }]);
    expect(await values('event:name')).toEqual([{ type: 'string', value: 'exception' }]);
    expect(await values('instrumentation:name')).toEqual([{ type: 'string', value: 'lib' }]);
    expect(await values('instrumentation:version', { q: '{ name = "charge" }' })).toEqual([
      { type: 'string', value: '1.2' },
    ]);
    expect(await values('link.none')).toEqual([]);
    expect(await values('duration')).toEqual([]);
    expect(await values('span.never.sent')).toEqual([]);
  });

  it('take tags with slashes as they come', async () => {
    expect(await values('span.odd/name')).toEqual([{ type: 'string', value: 'a/b' }]);
    expect(await values(encodeURIComponent('span.odd/name'))).toEqual([{ type: 'string', value: 'a/b' }]);
    // Grafana's backend sends the tag once more.
    expect(await values('span.http.route', { tag: 'span.http.route', limit: 1 })).toHaveLength(1);
  });

  it.each([
    ['{ resource.service.name = "pay" }', ['/charge']],
    ['{ resource.service.name = "pay" && span.http.route = }', ['/charge']],
    ['{ resource.service.name = "pay" && ', ['/charge']],
    ['{resource.service.name="pay"', ['/charge']],
    ['{ span.x = "a" || resource.service.name = }', ['/', '/charge', '/checkout']],
    ['{ ', ['/', '/charge', '/checkout']],
    ['nonsense', ['/', '/charge', '/checkout']],
    ['', ['/', '/charge', '/checkout']],
  ])('follow the query %s as far as it is finished', async (q, expected) => {
    const found = (await values('span.http.route', { q })) as readonly { value: string }[];
    expect(found.map(({ value }) => value).sort()).toEqual(expected);
  });

  it('are plain texts in the first version, for keys without scope', async () => {
    const first = async (tag: string): Promise<unknown> =>
      (await read('SearchTagValuesResponse', `/api/search/tag/${tag}/values`, range())).tagValues;
    expect(await first('service.name')).toEqual(['shop', 'pay']);
    expect(await first('http.response.status_code')).toEqual(['200', '500']);
    expect(await first('status.code')).toContain('error');
    expect(await first('root.service.name')).toEqual(['shop']);
    expect(await first('name')).toContain('charge');
  });
});

describe('tenants', () => {
  it('are read alone, together, and never without being named', async () => {
    const found = async (tenant: string): Promise<readonly unknown[]> =>
      idsOf(await search({ q: '{ }' }, { 'x-scope-orgid': tenant }));
    expect(await found('bank')).toEqual([CROSSING_ID, BANK_ID]);
    expect(await found('nobody')).toEqual([]);
    expect(await found('bank|default')).toEqual([CROSSING_ID, BANK_ID, BROWSE_ID, 'af7651916cd43dd']);
    const both = { 'x-scope-orgid': 'bank|default' };
    const trace = await read('TraceByIDResponse', `/api/v2/traces/${CROSSING_ID}`, {}, both);
    expect((trace.trace as Json).resourceSpans).toHaveLength(2);
    const { tagValues } = await read(
      'SearchTagValuesV2Response',
      '/api/v2/search/tag/resource.service.name/values',
      range(),
      both,
    );
    expect((tagValues as readonly Json[]).map(({ value }) => value).sort()).toEqual(['ledger', 'pay', 'shop']);
    const { series } = await read(
      'QueryInstantResponse',
      '/api/metrics/query',
      { ...range(), q: '{ } | count_over_time()' },
      both,
    );
    expect(series).toMatchObject([{ value: 7 }]);
  });

  it('must have names', async () => {
    for (const tenant of ['a|', 'a b', 'a|..', '../etc']) {
      const response = await ask('/api/search', { q: '{ }' }, { 'x-scope-orgid': tenant });
      expect([response.status, await response.text()]).toEqual([
        400,
        expect.stringContaining('X-Scope-OrgID') as string,
      ]);
    }
  });

  it('are the same through the native API', async () => {
    const response = await fetch(`${clew.urls.ui}/api/v1/services`, { headers: { 'x-scope-orgid': 'bank|default' } });
    const { services } = (await response.json()) as { services: readonly { name: string }[] };
    expect(services.map(({ name }) => name)).toEqual(['ledger', 'pay', 'shop']);
  });
});

describe('a browser', () => {
  it('may read for pages that are allowed, and for no other', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${clew.urls.tempo}/api/search`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-scope-orgid' },
      });
    const allowed = await preflight('https://team.grafana.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://team.grafana.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('X-Scope-OrgID');
    const stranger = await preflight('https://evil.example');
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await ask('/api/echo', {}, { origin: 'https://team.grafana.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://team.grafana.example');
    const failed = await ask('/api/search', { q: '{' }, { origin: 'https://team.grafana.example' });
    expect([failed.status, failed.headers.get('access-control-allow-origin')]).toEqual([
      400,
      'https://team.grafana.example',
    ]);
    expect(
      (await ask('/api/echo', {}, { origin: 'https://evil.example' })).headers.get('access-control-allow-origin'),
    ).toBe(null);
  });
});
