/** What is measured: a running program that takes OTLP, and the engine behind it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStoreClient, type StoreClient } from '../../server/src/store/client.ts';
import { BASELINE_TABLES } from './baseline-schema.ts';
import type { BaselineReady } from './baseline-server.ts';
import type { Transport } from './bench-options.ts';
import type { CleanUp } from './clean-up.ts';

export interface Target {
  readonly name: string;
  /** Its processes are this one and all its descendants. */
  readonly pid: number;
  readonly urlOf: (transport: Transport) => string;
  readonly client: StoreClient;
  /** With trace id and span id columns. */
  readonly spans: { readonly table: string; readonly traceId: string; readonly spanId: string };
  /** SQL condition for the tables of system.parts that hold what was sent. */
  readonly tablesCondition: string;
  /** Tables that can be merged to one part. */
  readonly mergeTables: readonly string[];
  readonly journalDir: string | undefined;
  /** Resolves when everything acknowledged is in the store, at the latest at `deadlineMs` (performance.now()). */
  readonly drained: (acknowledgedSpans: number, deadlineMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface TargetOptions {
  readonly buildDir: string;
  readonly cleanUp: CleanUp;
}

export interface ClewOptions extends TargetOptions {
  readonly profileDir: string | undefined;
  readonly flags: readonly string[];
  readonly nodeFlags: readonly string[];
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const DRAIN_POLL_MS = 200;
/** Of pino. */
const LOG_LEVEL_WARN = 40;

interface LogRecord {
  readonly msg?: string;
  readonly level?: number;
  readonly urls?: { readonly ui: string; readonly otlpGrpc: string; readonly otlpHttp: string };
  readonly socketPath?: string;
}

/** The real program, on free ports and an empty data directory. */
export async function startClewTarget({
  buildDir,
  cleanUp,
  profileDir,
  flags,
  nodeFlags,
}: ClewOptions): Promise<Target> {
  const dataDir = await cleanUp.temporaryDirectory('clew-bench-');
  if (profileDir !== undefined) await mkdir(profileDir, { recursive: true });
  const profileFlags = profileDir === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDir];
  const ports = ['--port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0'];
  const child = spawn(
    process.execPath,
    [
      ...nodeFlags,
      ...profileFlags,
      join(buildDir, 'program', 'clew.js'),
      'serve',
      '--data',
      dataDir,
      '--log-format',
      'json',
      ...ports,
      ...flags,
    ],
    // Clew writes nothing to stdout; what Node's flags write goes to our stderr.
    { stdio: ['ignore', 2, 'pipe'] },
  );
  cleanUp.process(child);
  const { stderr } = child;
  if (stderr === null) throw new Error('clew has no stderr.');
  let socketPath: string | undefined;
  const plainLines: string[] = [];
  const urls = await new Promise<NonNullable<LogRecord['urls']>>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`clew ${why}:\n${plainLines.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail(`was not ready in ${READY_TIMEOUT_MS} ms`), READY_TIMEOUT_MS);
    child.once('exit', (code) => fail(`ended (exit code ${code})`));
    createInterface({ input: stderr }).on('line', (line) => {
      if (!line.startsWith('{')) {
        plainLines.push(line);
        return;
      }
      const record = JSON.parse(line) as LogRecord;
      if ((record.level ?? 0) >= LOG_LEVEL_WARN) console.error(`  clew: ${line}`);
      socketPath ??= record.socketPath;
      if (record.msg !== 'ready' || record.urls === undefined) return;
      clearTimeout(timer);
      resolve(record.urls);
    });
  });
  if (socketPath === undefined) throw new Error('clew did not log the socket of its engine.');
  const client = createStoreClient({ socketPath });
  return {
    name: 'Clew',
    pid: pidOf(child),
    urlOf: (transport) => (transport === 'http' ? urls.otlpHttp : urls.otlpGrpc),
    client,
    spans: { table: 'clew.spans', traceId: 'trace_id', spanId: 'span_id' },
    tablesCondition: `database = 'clew'`,
    mergeTables: ['clew.spans', 'clew.trace_times'],
    journalDir: join(dataDir, 'journal'),
    async drained(acknowledgedSpans, deadlineMs) {
      for (;;) {
        const answer = await fetch(`${urls.ui}/api/v1/status`);
        const status = (await answer.json()) as { spans: { stored: number }; journal: { entries: number } };
        if (status.spans.stored >= acknowledgedSpans && status.journal.entries === 0) return;
        if (performance.now() > deadlineMs) {
          throw new Error(`clew: ${status.spans.stored} of ${acknowledgedSpans} spans stored when time was up.`);
        }
        await sleep(DRAIN_POLL_MS);
      }
    },
    stop: () => stop(client, child, () => child.kill('SIGTERM')),
  };
}

/** The usual way (see baseline-server.ts) with the engine of the same build. */
export async function startBaselineTarget({ buildDir, cleanUp }: TargetOptions): Promise<Target> {
  const dataDir = await cleanUp.temporaryDirectory('clew-bench-baseline-');
  const child = fork(
    join(buildDir, 'bench', 'baseline-server.mjs'),
    [join(buildDir, 'program', 'engine.js'), dataDir],
    {
      execArgv: [],
    },
  );
  cleanUp.process(child);
  const ready = await new Promise<BaselineReady>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the baseline was not ready in time.')), READY_TIMEOUT_MS);
    child.once('exit', (code) => reject(new Error(`the baseline ended (exit code ${code}). Its errors are above.`)));
    child.once('message', (message) => {
      clearTimeout(timer);
      resolve(message as BaselineReady);
    });
  });
  const client = createStoreClient({ socketPath: ready.socketPath });
  return {
    name: 'baseline',
    pid: pidOf(child),
    urlOf: () => ready.url,
    client,
    spans: { table: 'default.otel_traces', traceId: 'TraceId', spanId: 'SpanId' },
    tablesCondition: `database = 'default' AND table IN (${BASELINE_TABLES.map((table) => `'${table}'`).join(', ')})`,
    mergeTables: BASELINE_TABLES.map((table) => `default.${table}`),
    journalDir: undefined,
    // Acknowledged means inserted.
    drained: () => Promise.resolve(),
    stop: () => stop(client, child, () => child.disconnect()),
  };
}

async function stop(client: StoreClient, child: ChildProcess, ask: () => void): Promise<void> {
  await client.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  ask();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process could not be started.');
  return child.pid;
}
