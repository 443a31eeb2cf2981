import type { Config } from '@clew/server/config/config';
import { loadConfig } from '@clew/server/config/load-config';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { firstSpanSnippet, type RunningServer, serve } from './serve.ts';
import type { Terminal } from './terminal.ts';

const URLS = {
  ui: 'http://127.0.0.1:8317',
  otlpGrpc: 'http://127.0.0.1:4317',
  otlpHttp: 'http://127.0.0.1:4318',
  tempo: 'http://127.0.0.1:3200',
};

/** A serve with a hand on its signals and an eye on its output. */
function start(startServer: (config: Config) => Promise<RunningServer>, isTty = true) {
  let text = '';
  let handler: () => void = () => undefined;
  let exits = 0;
  const terminal: Terminal = {
    out: () => undefined,
    err: (part) => {
      text += part;
    },
    columns: 100,
    isTty,
    colors: pc.createColors(false),
  };
  const ended = serve(terminal, {
    config: loadConfig({ cwd: '/nowhere', env: {} }),
    version: '1.2.3',
    demo: undefined,
    startServer,
    signals: {
      onStop: (given) => {
        handler = given;
        return () => {
          handler = () => undefined;
        };
      },
      exitNow: () => {
        exits++;
      },
    },
  });
  return { ended, text: () => text, press: () => handler(), exits: () => exits };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('serve', () => {
  it('says where everything is, and stops the server on the first signal', async () => {
    let stops = 0;
    const running = start(async () => ({ urls: URLS, stop: async () => void stops++ }));
    await turn();
    for (const address of Object.values(URLS)) expect(running.text()).toContain(address);
    expect(running.text()).toContain(`curl -sS ${URLS.otlpHttp}/v1/traces`);
    expect(stops).toBe(0);
    running.press();
    expect(await running.ended).toBe(0);
    expect([stops, running.exits()]).toEqual([1, 0]);
  });

  it('ends at once on the second signal', async () => {
    let finish: () => void = () => undefined;
    const running = start(async () => ({
      urls: URLS,
      stop: () => new Promise<void>((resolve) => (finish = resolve)),
    }));
    await turn();
    running.press();
    await turn();
    running.press();
    expect(running.exits()).toBe(1);
    finish();
    await running.ended;
  });

  it('stops a server that was still starting when the signal came', async () => {
    let open: (server: RunningServer) => void = () => undefined;
    let stops = 0;
    const running = start(() => new Promise((resolve) => (open = resolve)));
    running.press();
    open({ urls: URLS, stop: async () => void stops++ });
    expect(await running.ended).toBe(0);
    expect(stops).toBe(1);
  });

  it('says which receiver has no port', async () => {
    const running = start(async () => ({ urls: { ...URLS, otlpGrpc: '', otlpHttp: '' }, stop: async () => undefined }));
    await turn();
    expect(running.text()).toContain('OTLP gRPC    another program has port 4317');
    expect(running.text()).toContain(`curl -sS ${URLS.ui}/v1/traces`);
    running.press();
    await running.ended;
  });

  it('keeps to one line where logs are collected', async () => {
    const running = start(async () => ({ urls: URLS, stop: async () => undefined }), false);
    await turn();
    expect(running.text()).toBe('Clew 1.2.3 is at http://127.0.0.1:8317\n');
    running.press();
    await running.ended;
  });

  it('passes on why a server does not start', async () => {
    await expect(start(() => Promise.reject(new Error('port 8317 is taken'))).ended).rejects.toThrow(
      'port 8317 is taken',
    );
  });
});

describe('firstSpanSnippet', () => {
  it('is three lines whose body is OTLP JSON once the shell has put in the time', () => {
    const snippet = firstSpanSnippet('http://127.0.0.1:4318/');
    expect(snippet.split('\n')).toHaveLength(3);
    const body = /-d '(.*)'$/s.exec(snippet)?.[1].replaceAll("'$(date +%s)'", '1790000000') ?? '';
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Record<string, string>[] }[] }[];
    };
    const [span] = resourceSpans[0].scopeSpans[0].spans;
    expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span.startTimeUnixNano).toBe('1790000000000000000');
    expect(span.endTimeUnixNano).toBe('1790000000250000000');
  });
});
