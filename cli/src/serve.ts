import { randomBytes } from 'node:crypto';
import { readClientEnvironment } from '@clew/server/config/client-environment';
import type { Config } from '@clew/server/config/config';
import type { FaultName } from './demo/model/faults.ts';
import { EXIT_OK } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What server/src/main.ts gives. A receiver's address is empty when another program has its port. */
export interface RunningServer {
  readonly urls: { readonly ui: string; readonly otlpGrpc: string; readonly otlpHttp: string; readonly tempo: string };
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  readonly version: string;
  /** Runs the demo shop along; undefined for none. */
  readonly demo: ServeDemo | undefined;
  readonly startServer: (config: Config) => Promise<RunningServer>;
  readonly signals: StopSignals;
}

export interface ServeDemo {
  readonly rate: number;
  readonly backfillMs: number;
  readonly faults: readonly FaultName[];
}

/** Ctrl-C and SIGTERM, so that tests can press them. */
export interface StopSignals {
  /** @returns what undoes it. */
  onStop(handler: () => void): () => void;
  /** Ends the process without waiting for anything. */
  exitNow(): void;
}

/** `clew serve`: runs until a stop signal, then stops cleanly; a second signal does not wait. @returns the exit code. */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<number> {
  const { config, signals } = options;
  const stopped = new AbortController();
  const removeHandler = signals.onStop(() => {
    if (stopped.signal.aborted) {
      terminal.err('stopping without waiting\n');
      signals.exitNow();
      return;
    }
    terminal.err('\nstopping: finishing what was accepted. Once more to stop at once.\n');
    stopped.abort();
  });
  try {
    const server = await options.startServer(config);
    try {
      terminal.err(banner(terminal, options, server.urls));
      const demo =
        options.demo === undefined ? undefined : runDemoAlong(terminal, options.demo, server, stopped.signal);
      await aborted(stopped.signal);
      await demo;
    } finally {
      await server.stop();
    }
    return EXIT_OK;
  } finally {
    removeHandler();
  }
}

/** The demo's troubles are said, and are not the server's end. */
async function runDemoAlong(
  terminal: Terminal,
  demo: ServeDemo,
  server: RunningServer,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { runShop } = await import('./demo/send/run-shop.ts');
    const { ui, otlpGrpc, otlpHttp } = server.urls;
    await runShop({
      protocol: otlpGrpc === '' ? 'http/protobuf' : 'grpc',
      endpoint: otlpGrpc || otlpHttp || ui,
      rate: demo.rate,
      durationMs: Number.POSITIVE_INFINITY,
      backfillMs: demo.backfillMs,
      seed: randomBytes(4).readUInt32LE(),
      faults: new Set(demo.faults),
      signal,
    });
  } catch (error) {
    terminal.err(`the demo shop stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function banner(terminal: Terminal, { config, version, demo }: ServeOptions, urls: RunningServer['urls']): string {
  // Logs that are collected do not want a poster.
  if (!terminal.isTty) return `Clew ${version} is at ${urls.ui}\n`;
  const { bold, cyan, dim, green, yellow } = terminal.colors;
  const address = (url: string, port: number) => (url === '' ? yellow(`another program has port ${port}`) : cyan(url));
  const store = config.store.clickhouseUrl === undefined ? config.store.dataDir : hostOf(config.store.clickhouseUrl);
  const hint =
    demo === undefined
      ? dim(`  No service at hand? Another terminal: ${readClientEnvironment().command} demo`)
      : green(`  The demo shop sends ${demo.rate} journeys a second.`);
  return `
  ${bold('Clew')} ${dim(version)}

  UI and API   ${cyan(urls.ui)}
  OTLP gRPC    ${address(urls.otlpGrpc, config.otlp.grpcPort)}
  OTLP HTTP    ${address(urls.otlpHttp, config.otlp.httpPort)}
  Grafana      ${address(urls.tempo, config.tempo.port)} ${dim('(Tempo data source)')}
  Store        ${dim(store)}

  Send a first span:
${firstSpanSnippet(urls.otlpHttp || urls.ui)}

${hint}
${dim('  Ctrl-C stops.')}

`;
}

/** Three lines for any shell with curl. */
export function firstSpanSnippet(otlpHttp: string): string {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return [
    `    curl -sS ${otlpHttp.replace(/\/$/, '')}/v1/traces -H 'content-type: application/json' -d '{"resourceSpans":[{"resource":{"attributes":`,
    `      [{"key":"service.name","value":{"stringValue":"hello"}}]},"scopeSpans":[{"spans":[{"name":"first span","kind":2,"traceId":"${traceId}",`,
    `      "spanId":"${spanId}","startTimeUnixNano":"'$(date +%s)'000000000","endTimeUnixNano":"'$(date +%s)'250000000"}]}]}]}'`,
  ].join('\n');
}

function hostOf(url: string): string {
  return `ClickHouse at ${url
    .split(',')
    .map((address) => new URL(address).host)
    .join(', ')}`;
}
