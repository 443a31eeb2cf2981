/** Following traces live and asking on the command line: the built program, the OpenTelemetry SDK, real sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClewClient } from '@clew/cli/api/clew-client';
import { readEvents, type ServerSentEvent } from '@clew/cli/api/event-stream';
import { promptQueries } from '@clew/cli/query/query-prompt';
import type { MetricsAnswer, SearchAnswer, TailTrace } from '@clew/contract';
import pc from 'picocolors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Application, startApplication } from './browser/instrumented-application.ts';
import { sendTrace } from './browser/send-spans.ts';
import { type ClewProcess, PROGRAM, startClew, stopAll } from './clew-process.ts';
import { waitUntil } from './wait-until.ts';

const MS = 1_000_000;
let clew: ClewProcess;
let shop: Application;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  clew = await startClew();
  shop = startApplication(clew.urls.otlpHttp);
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(async () => {
  await shop.stop();
  await stopAll();
});

interface Program {
  readonly child: ChildProcess;
  out: string;
  err: string;
}

function runProgram(...argv: readonly string[]): Program {
  const child = spawn(process.execPath, [PROGRAM, ...argv, '--url', clew.urls.ui], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const program: Program = { child, out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    program.out += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    program.err += chunk.toString();
  });
  return program;
}

async function finished(program: Program): Promise<number> {
  if (program.child.exitCode === null) await once(program.child, 'exit');
  return program.child.exitCode ?? -1;
}

/** The events of one connection so far; `close` ends it. */
async function follow(query: string, headers: Readonly<Record<string, string>> = {}, rate = 20) {
  const abort = new AbortController();
  const url = `${clew.urls.ui}/api/v1/tail?rate=${rate}&q=${encodeURIComponent(query)}`;
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: ServerSentEvent[] = [];
  const { body } = response;
  if (response.ok && body !== null) {
    const read = async (): Promise<void> => {
      for await (const event of readEvents(body)) if (event.name !== '') events.push(event);
    };
    read().catch(() => undefined);
  }
  const traces = (): readonly TailTrace[] =>
    events.filter(({ name }) => name === 'trace').map(({ data }) => JSON.parse(data) as TailTrace);
  return { status: response.status, events, traces, close: () => abort.abort() };
}

describe('clew tail', () => {
  it('prints each matching trace as it comes, and a summary at Ctrl-C', async () => {
    const before = await shop.checkOut();
    // Receptions are kept to the second, and a tail begins with the second it is asked in.
    await sleep(1_000);
    const tail = runProgram('tail', '{ name = "POST /checkout" } >> { status = error }');
    const told: string[] = [];
    // Until the tail is connected, what is sent is not its to tell of.
    await waitUntil(async () => {
      told.push(await shop.checkOut());
      await sleep(500);
      return told.some((traceId) => tail.out.includes(traceId));
    }, 'a trace that was sent after the tail began');
    await sendTrace(clew.urls.otlpHttp, [{ service: 'bystander', name: 'fine', start: 0, duration: MS }]);
    const last = await shop.checkOut();
    await waitUntil(async () => tail.out.includes(last), 'the last checkout');
    tail.child.kill('SIGINT');
    expect(await finished(tail)).toBe(0);
    expect(tail.out).not.toContain('bystander');
    expect(tail.out).not.toContain(before);
    const line = tail.out.split('\n').find((one) => one.includes(last));
    expect(line).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} +900ms {3}shop-web POST \/checkout {2}6 spans · 1 matched {2}1 error {2}[0-9a-f]{32}$/,
    );
    expect(tail.err).toMatch(/^\d+ traces?, \d+ with errors.* in /m);
  });

  it('ends with the mistake of a query that is wrong', async () => {
    const tail = runProgram('tail', '{ duratoin > 1s }');
    expect(await finished(tail)).toBe(2);
    expect(tail.err).toContain('Did you mean duration?');
    expect(tail.err).toContain('^^^^^^^^');
    const metrics = runProgram('tail', '{ } | rate()');
    expect(await finished(metrics)).toBe(2);
    expect(metrics.err).toContain('nothing to follow');
  });
});

describe('GET /api/v1/tail', () => {
  it('tells of a trace again when it has changed, and not otherwise', async () => {
    const tail = await follow('{ resource.service.name = "late" }');
    const span = (name: string, parent: number | string | undefined, error: boolean) => ({
      ...{ service: 'late', name, start: 0, duration: MS, error },
      ...(parent === undefined ? {} : { parent }),
    });
    const traceId = await sendTrace(clew.urls.otlpHttp, [span('child', 'aaaaaaaaaaaaaaaa', false)]);
    await waitUntil(async () => tail.traces().length === 1, 'the first span');
    await sendTrace(clew.urls.otlpHttp, [span('failing', 'aaaaaaaaaaaaaaaa', true)], { traceId });
    await waitUntil(async () => tail.traces().length === 2, 'the failing span');
    await sendTrace(clew.urls.otlpHttp, [{ ...span('elsewhere', 'aaaaaaaaaaaaaaaa', false), service: 'other' }], {
      traceId,
    });
    // A trace that comes later shows that the change which did not matter has been looked at.
    const next = await sendTrace(clew.urls.otlpHttp, [span('next', undefined, false)]);
    await waitUntil(async () => tail.traces().some((trace) => trace.traceId === next), 'the trace that came last');
    tail.close();
    expect(tail.traces().map(({ again, matchedCount, errorCount }) => ({ again, matchedCount, errorCount }))).toEqual([
      { again: false, matchedCount: 1, errorCount: 0 },
      { again: true, matchedCount: 2, errorCount: 1 },
      { again: false, matchedCount: 1, errorCount: 0 },
    ]);
  });

  it('goes on behind the last event after the connection broke', async () => {
    const first = await follow('{ resource.service.name = "resumed" }');
    const send = () =>
      sendTrace(clew.urls.otlpHttp, [{ service: 'resumed', name: 'step', start: 0, duration: MS }], { agoMs: 1_000 });
    const seen = await send();
    await waitUntil(async () => first.traces().some(({ traceId }) => traceId === seen), 'the trace before the break');
    first.close();
    const id = first.events.at(-1)?.id ?? '';
    const missed = await send();
    await waitUntil(async () => {
      const found = await fetch(`${clew.urls.ui}/api/v1/traces/${missed}`);
      await found.body?.cancel();
      return found.status === 200;
    }, 'the missed trace in the store');
    const again = await follow('{ resource.service.name = "resumed" }', { 'last-event-id': id });
    await waitUntil(
      async () => again.traces().some(({ traceId }) => traceId === missed),
      'the missed trace on the new connection',
    );
    again.close();
  });

  it('tells at most as many traces a second as asked for, and how many more there were', async () => {
    const tail = await follow('{ resource.service.name = "burst" }', {}, 2);
    const sent = await Promise.all(
      Array.from({ length: 12 }, () =>
        sendTrace(clew.urls.otlpHttp, [{ service: 'burst', name: 'one of many', start: 0, duration: MS }]),
      ),
    );
    const skipped = () =>
      tail.events
        .filter(({ name }) => name === 'skipped')
        .reduce((sum, { data }) => sum + (JSON.parse(data) as { traceCount: number }).traceCount, 0);
    await waitUntil(() => tail.traces().length + skipped() === sent.length, 'every trace told of or counted');
    tail.close();
    expect(skipped()).toBeGreaterThan(0);
  });

  it('takes ten followers of a tenant, and another when one has left', async () => {
    const tenant = { 'x-scope-orgid': 'crowd' };
    const followers = await Promise.all(Array.from({ length: 10 }, () => follow('{ }', tenant)));
    expect(followers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await follow('{ }', tenant)).status).toBe(429);
    expect((await follow('{ }')).status).toBe(200);
    followers[0].close();
    await waitUntil(async () => (await follow('{ }', tenant)).status === 200, 'room for a follower');
    for (const { close } of followers) close();
  });
});

describe('clew query', () => {
  it('prints groups with their numbers, selected columns and a plan', async () => {
    const traceId = await shop.checkOut();
    const query = '{ } | by(resource.service.name) | count() > 1 | select(span.server.address)';
    await waitUntil(async () => {
      const program = runProgram('query', query, '--json');
      await finished(program);
      return program.out.includes(traceId);
    }, 'the checkout in the store');
    const program = runProgram('query', query, '--explain', '--limit', '5');
    expect(await finished(program)).toBe(0);
    expect(program.out).toMatch(/^ {2}by\(resource\.service\.name\)=payments · count\(\)=3 · 3 spans$/m);
    expect(program.out).toMatch(/^ {4}payments charge card {2}800ms {2}span\.server\.address=bank\.example$/m);
    expect(program.out).toMatch(/^Answered by$/m);
    expect(program.out).toMatch(/^ {2}1\. .+: [\d,]+ rows, .+ read → [\d,]+ rows in \d+ ms$/m);
    expect(program.out).toMatch(/^ {4}SELECT /m);
  });

  it('prints metrics as a table with their course, and as JSON', async () => {
    const query = '{ resource.service.name = "payments" } | count_over_time() by(name)';
    const program = runProgram('query', query, '--since', '10m', '--step', '1m');
    expect(await finished(program)).toBe(0);
    const lines = program.out.split('\n');
    expect(lines[0]).toMatch(/^SERIES +LAST +MIN +AVG +MAX {2}OVER TIME$/);
    expect(lines.find((line) => line.startsWith('charge card'))).toMatch(/[▁▂▃▄▅▆▇█]{5,}$/);
    expect(program.err).toMatch(/^\d\d:\d\d:\d\d – \d\d:\d\d:\d\d, 1m 0s a bucket$/m);
    const json = runProgram('query', query, '--json');
    await finished(json);
    expect((JSON.parse(json.out) as MetricsAnswer).series.length).toBe(3);
    const traces = runProgram('query', '{ resource.service.name = "payments" }', '--json');
    await finished(traces);
    expect((JSON.parse(traces.out) as SearchAnswer).traces.length).toBeGreaterThan(0);
  });

  it('asks on a terminal, completes from the store, takes several lines, and remembers', async () => {
    const home = mkdtempSync(join(tmpdir(), 'clew-prompt-'));
    const historyFile = join(home, 'history');
    const [input, output] = [new PassThrough(), new PassThrough()];
    let screen = '';
    let out = '';
    let err = '';
    output.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
    });
    const terminal = {
      out: (text: string) => {
        out += text;
      },
      err: (text: string) => {
        err += text;
      },
      columns: 120,
      isTty: true,
      colors: pc.createColors(false),
    };
    const flags = { sinceMs: 3_600_000, limit: 5, stepMs: undefined, spans: false, json: false, explain: false };
    const client = new ClewClient({ url: clew.urls.ui, timeoutMs: 30_000 });
    const ended = promptQueries(terminal, client, { keyboard: { input, output }, flags, historyFile });
    const typed = async (text: string, shown: () => boolean): Promise<void> => {
      input.write(text);
      await waitUntil(async () => shown(), 'the screen');
    };
    await typed('{ span.server.addr\t', () => screen.includes('span.server.address '));
    await typed('= "bank\t', () => screen.includes('"bank.example" '));
    await typed('\r', () => screen.includes('…>'));
    await typed('}\r', () => out.includes('shop-web POST /checkout'));
    await typed('{ duratoin > 1s }\r', () => err.includes('Did you mean duration?') && err.includes('^^^^^^^^'));
    await typed(':limit 2\r', () => err.includes('at most 2 traces'));
    input.write('\u0004');
    expect(await ended).toBe(0);
    expect(readFileSync(historyFile, 'utf8')).toContain('{ duratoin > 1s }');
    rmSync(home, { recursive: true });
  });
});
