import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FoundTrace, SearchAnswer } from '@clew/contract';
import { FLAG_ERROR, NO_PARENT, type TraceColumns, type TraceId } from '@clew/model';
import { loadConfig } from '@clew/server/config/load-config';
import { encodeTraceColumns } from '@clew/wire/columns/encode-trace-columns';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';
import { serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736' as TraceId;
const STORED = 2_345;

const COLUMNS: TraceColumns = {
  traceId: TRACE_ID,
  spanCount: 2,
  omittedSpanCount: 0,
  startTimeUnixNano: 1_790_000_000_000_000_000n,
  durationNano: 1e9,
  names: ['GET /', 'SELECT products'],
  services: ['storefront', 'catalog'],
  start: Float64Array.of(0, 2e8),
  duration: Float64Array.of(1e9, 5e8),
  parent: Int32Array.of(NO_PARENT, 0),
  spanId: Int32Array.of(1, 2, 3, 4),
  name: Uint32Array.of(0, 1),
  service: Uint16Array.of(0, 1),
  eventCount: Uint16Array.of(0, 0),
  kind: Uint8Array.of(2, 3),
  statusCode: Uint8Array.of(0, 2),
  flags: Uint8Array.of(0, FLAG_ERROR),
};

function foundTrace(index: number): FoundTrace {
  return {
    traceId: String(index + 1).padStart(32, '0'),
    rootService: index === 1 ? '' : 'storefront',
    rootName: index === 1 ? '' : 'GET /p/:id',
    startTimeUnixNano: '1790000000123000000',
    durationNano: '34500000',
    spanCount: 1200 + index,
    errorCount: index === 0 ? 3 : 0,
    services: [],
    matchedCount: 1,
    matched: [],
    spansets: [],
  };
}

/** Requests as they came, path and query. */
const requests: IncomingMessage[] = [];
/** Spans of the OTLP JSON that was posted. */
let postedSpans = 0;

function answerSearch(url: URL, response: ServerResponse): void {
  const query = url.searchParams.get('q') ?? '';
  if (query.includes('?')) {
    const from = query.indexOf('?');
    response.writeHead(400, { 'content-type': 'application/problem+json' });
    const detail = 'TraceQL: unexpected "?". Compare with = or !=.';
    const problem = { type: 'about:blank', title: 'Bad query', status: 400, detail, code: 'TRACEQL_UNEXPECTED' };
    response.end(JSON.stringify({ ...problem, position: { from, to: from + 1 } }));
    return;
  }
  const from = Number(url.searchParams.get('cursor') ?? 0);
  const total = query.includes('nothing') ? 0 : STORED;
  const to = Math.min(total, from + Number(url.searchParams.get('limit')));
  const answer: SearchAnswer = {
    traces: Array.from({ length: to - from }, (_, i) => foundTrace(from + i)),
    ...(to < total ? { cursor: String(to) } : {}),
    statistics: query.includes('heavy')
      ? { rowsRead: 9e6, bytesRead: 9e8, elapsedMs: 30_000, complete: false, incompleteReason: 'time limit of 30 s' }
      : {
          ...{ rowsRead: 120_000, bytesRead: 1e6, elapsedMs: 12, complete: true },
          sampling: query.includes('thinned')
            ? { spans: 1_000, sampled: 250, weight: 1_750 }
            : { spans: to - from, sampled: 0, weight: to - from },
        },
    ...(query.includes('misspelt') ? { notes: ['No span has span.http.rout. Did you mean span.http.route?'] } : {}),
    ...(url.searchParams.get('explain') === 'true'
      ? { plan: { query, tier: 'sql' as const, reasons: [], steps: [] } }
      : {}),
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer));
}

function takeSpans(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    postedSpans += body.split('"startTimeUnixNano"').length - 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{}');
  });
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  requests.push(request);
  if (request.method === 'POST') {
    takeSpans(request, response);
    return;
  }
  const url = new URL(request.url ?? '/', 'http://clew');
  if (url.pathname === '/api/v1/search') answerSearch(url, response);
  else if (url.pathname === `/api/v1/traces/${TRACE_ID}`) {
    const isColumns = request.headers.accept === 'application/vnd.clew.trace-columns';
    response.writeHead(200, { 'content-type': request.headers.accept });
    response.end(isColumns ? encodeTraceColumns(COLUMNS) : '{"resourceSpans":[]}');
  } else if (url.pathname.startsWith('/api/v1/traces/00000000000000000000000000000bad')) {
    response.end('these are no columns');
  } else if (url.pathname.startsWith('/api/v1/traces/')) {
    response.writeHead(404, { 'content-type': 'application/problem+json' });
    response.end(
      JSON.stringify({ title: 'No such trace', status: 404, detail: 'no trace has this id.', code: 'TRACE_NOT_FOUND' }),
    );
  } else {
    response.writeHead(404, { 'content-type': 'text/html' });
    response.end('<h1>nginx</h1>');
  }
}

let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Run {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

async function clew(...argv: string[]): Promise<Run> {
  requests.length = 0;
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    columns: 120,
    isTty: false,
    colors: pc.createColors(false),
  };
  const signals = { onStop: () => () => undefined, exitNow: () => undefined };
  const exitCode = await runCli({ argv, terminal, version: '1.2.3', signals });
  return { exitCode, out, err };
}

describe('clew query', () => {
  it('lists the newest traces as a table and says what it cost', async () => {
    const { exitCode, out, err } = await clew('query', '{ status = error }', '--limit', '2', '--url', url);
    expect(exitCode).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^START +DURATION +SPANS +ERRORS +TRACE +ROOT$/);
    expect(lines[1]).toMatch(/ 34\.5ms +1,200 +3 +0{31}1 +storefront GET \/p\/:id$/);
    expect(lines[2]).toMatch(/\(no root yet\)$/);
    expect(err).toContain('2 traces, 120,000 rows read in 12 ms');
    expect(err).toContain('there are more: a larger --limit, --all or --cursor 2');
  });

  it('asks for the last hour unless told', async () => {
    const times = async (...flags: string[]) => {
      await clew('query', '--url', url, ...flags);
      const { searchParams } = new URL(requests[0].url ?? '', url);
      return Number(searchParams.get('end')) - Number(searchParams.get('start'));
    };
    expect(await times()).toBe(3_600_000);
    expect(await times('--since', '1d')).toBe(86_400_000);
  });

  it('loads page after page with --all, and one JSON document holds them all', async () => {
    const { exitCode, out } = await clew('query', '--all', '--json', '--url', url);
    const answerOfAll = JSON.parse(out) as SearchAnswer;
    expect(exitCode).toBe(0);
    expect(new Set(answerOfAll.traces.map((trace) => trace.traceId)).size).toBe(STORED);
    expect(answerOfAll.cursor).toBeUndefined();
    expect(answerOfAll.statistics.rowsRead).toBe(360_000);
    expect(requests).toHaveLength(3);
  });

  it('goes on from a cursor, and stops at --limit across pages', async () => {
    const { out } = await clew('query', '--cursor', '100', '--limit', '1500', '--json', '--url', url);
    const page = JSON.parse(out) as SearchAnswer;
    expect(page.traces).toHaveLength(1500);
    expect(page.traces[0].traceId).toBe('101'.padStart(32, '0'));
    expect(page.cursor).toBe('1600');
  });

  it('ends with 3 when nothing matches and says how to look further', async () => {
    const { exitCode, out, err } = await clew('query', '{ nothing }', '--url', url);
    expect([exitCode, out]).toEqual([3, '']);
    expect(err).toContain('Look further back with --since 24h');
    expect((await clew('query', '{ nothing }', '--json', '--url', url)).exitCode).toBe(3);
  });

  it('says when the answer is not complete', async () => {
    expect((await clew('query', '{ heavy }', '--url', url)).err).toContain('not complete: time limit of 30 s');
  });

  it('says for how many spans the matches of all pages stand, and with --explain also when each counts once', async () => {
    const thinned = await clew('query', '{ thinned }', '--limit', '2000', '--url', url);
    expect(thinned.err).toContain('500 of 2,000 matching spans (25 %) stand for several: counted as 3,500 in all');
    const whole = await clew('query', '{ }', '--limit', '5', '--explain', '--url', url);
    expect(whole.err).toContain('no matching span stands for several: each counts once');
    expect((await clew('query', '{ }', '--limit', '5', '--url', url)).err).not.toContain('several');
  });

  it('shows what may be wrong with the question', async () => {
    const { err, out } = await clew('query', '{ misspelt }', '--url', url);
    expect(err).toContain('Did you mean span.http.route?');
    expect(out).not.toContain('Did you mean');
  });

  it('points at the mistake in a query', async () => {
    const { exitCode, err } = await clew('query', '{ name ? "a" }', '--url', url);
    expect(exitCode).toBe(2);
    expect(err).toContain('TraceQL: unexpected "?". Compare with = or !=. [TRACEQL_UNEXPECTED]');
    expect(err).toContain('    { name ? "a" }\n           ^\n');
  });

  it('says how to start Clew when there is none', async () => {
    const { exitCode, err } = await clew('query', '--url', 'http://127.0.0.1:1');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/no Clew at http:\/\/127\.0\.0\.1:1 \(.+\)\. Start one with `npm start` or `clew serve`/);
  });

  it('does not take somebody else for Clew', async () => {
    const { exitCode, err } = await clew('query', '--url', `${url}/elsewhere`);
    expect(exitCode).toBe(1);
    expect(err).toContain('answered 404 Not Found: <h1>nginx</h1>. Is it Clew?');
  });

  it('sends the tenant', async () => {
    await clew('query', '--tenant', 'acme', '--url', url);
    expect(requests[0].headers['x-scope-orgid']).toBe('acme');
  });
});

describe('clew trace', () => {
  it('draws a waterfall', async () => {
    const { exitCode, out } = await clew('trace', TRACE_ID.toUpperCase(), '--url', url);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^storefront GET \/ {2}1s · 2 spans · 2 services · 1 error\n/);
    expect(out).toMatch(/└ ✖ catalog SELECT products +500ms +█+/);
  });

  it('gives OTLP JSON with --json', async () => {
    expect(await clew('trace', TRACE_ID, '--json', '--url', url)).toMatchObject({
      exitCode: 0,
      out: '{"resourceSpans":[]}\n',
    });
  });

  it('ends with 3 when there is no such trace', async () => {
    const { exitCode, err } = await clew('trace', '00ff', '--url', url);
    expect([exitCode, err]).toEqual([3, 'clew: no trace has this id. [TRACE_NOT_FOUND]\n']);
  });

  it('ends with 2 when the id is none', async () => {
    expect(await clew('trace', 'hello', '--url', url)).toMatchObject({
      exitCode: 2,
      err: 'clew: "hello" is not a trace id (1 to 32 hex digits, not all zero).\n',
    });
  });

  it('says when the answer cannot be read', async () => {
    const { exitCode, err } = await clew('trace', 'bad', '--url', url);
    expect(exitCode).toBe(1);
    expect(err).toContain('the answer cannot be read');
  });
});

describe('clew demo', () => {
  it('sends and says how much', async () => {
    postedSpans = 0;
    const flags = [
      '--protocol',
      'http/json',
      '--endpoint',
      url,
      '--backfill',
      '20s',
      '--duration',
      '0s',
      '--seed',
      '3',
    ];
    const { exitCode, out, err } = await clew('demo', ...flags, '--fault', 'slow-db,bad-deploy');
    expect(exitCode).toBe(0);
    expect(err).toContain('(http/json), with slow-db and bad-deploy');
    const [, spans] = /^[\d,]+ journeys, ([\d,]+) spans sent to /.exec(out) ?? [];
    expect(Number(spans.replaceAll(',', ''))).toBe(postedSpans);
    expect(postedSpans).toBeGreaterThan(1000);
  });

  it('runs along with serve until the stop, over HTTP where gRPC has no port', async () => {
    requests.length = 0;
    let press: () => void = () => undefined;
    const terminal: Terminal = {
      out: () => undefined,
      err: () => undefined,
      columns: 80,
      isTty: false,
      colors: pc.createColors(false),
    };
    const ended = serve(terminal, {
      config: loadConfig({ cwd: '/nowhere', env: {} }),
      version: '1.2.3',
      demo: { rate: 50, backfillMs: 10_000, faults: [] },
      startServer: async () => ({
        urls: { ui: url, otlpGrpc: '', otlpHttp: '', tempo: '' },
        stop: async () => undefined,
      }),
      signals: {
        onStop: (handler) => {
          press = handler;
          return () => undefined;
        },
        exitNow: () => undefined,
      },
    });
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    press();
    expect(await ended).toBe(0);
    expect(requests[0].headers['content-type']).toBe('application/x-protobuf');
  });
});

describe('the command line', () => {
  it.each([
    [['quer'], 'there is no command "quer". Did you mean "query"?'],
    [['query', '--since', '5'], 'A duration has a unit'],
    [['query', '--limit', '0'], 'It takes a whole number from 1 to 10000.'],
    [['query', '--url', 'localhost:8317'], 'is not one (http:// or https://)'],
    [['trace'], "missing required argument 'traceId'"],
    [['serve', '--prot', '1'], '--port'],
    [['demo', '--fault', 'gremlins'], 'The faults are slow-db'],
    [['config', 'check', '--port', 'web'], 'flag --port: server.port is "web"'],
    [['--port', '70000'], 'flag --port: server.port is "70000"'],
    [['serve', '--host', '0.0.0.0'], '--insecure'],
  ])('ends with 2 and a way out for: clew %s', async (argv, message) => {
    const { exitCode, err } = await clew(...argv);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });

  it.each(['serve', 'demo', 'query', 'tail', 'trace', 'config check', 'config print', ''])(
    'teaches with examples: clew %s --help',
    async (command) => {
      const { exitCode, out } = await clew(...command.split(' ').filter((word) => word !== ''), '--help');
      expect(exitCode).toBe(0);
      expect(out).toMatch(/Examples:\n {2}(\S+=\S+ )?clew/);
    },
  );

  it('lists the exit codes', async () => {
    expect((await clew('--help')).out).toMatch(
      /Exit codes:\n {2}0 {2}done\n {2}1 .*\n {2}2 .*\n {2}3 {2}nothing found/,
    );
  });

  it('tells its version', async () => {
    expect(await clew('--version')).toMatchObject({ exitCode: 0, out: '1.2.3\n' });
  });

  it('lists the faults of the demo', async () => {
    const { exitCode, out } = await clew('demo', '--list');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^slow-db +The inventory database/m);
  });

  it('prints the effective configuration', async () => {
    const { exitCode, out } = await clew('config', 'print', '--otlp-max-body-bytes', '8MiB');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/maxBodyBytes: 8MiB +# flag --otlp-max-body-bytes/);
  });

  it('says that the configuration is good', async () => {
    expect((await clew('config', 'check')).out).toMatch(/^the configuration is good/);
  });

  it('says what the demo cannot reach', async () => {
    const { exitCode, err } = await clew('demo', '--endpoint', 'http://127.0.0.1:1', '--wait', '100ms');
    expect(exitCode).toBe(1);
    expect(err).toContain('nothing answers at http://127.0.0.1:1 (ECONNREFUSED)');
    expect(err).toContain('Nothing was sent');
  });
});
