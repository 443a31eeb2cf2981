import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStoreClient } from '../../server/src/store/client.ts';
import { createClewQuery } from '../query/clew-query.ts';
import type { CleanUp } from './clean-up.ts';
import { pidOf, READY_TIMEOUT_MS, stopTarget } from './stop-target.ts';
import type { Target } from './target.ts';

export interface ClewOptions {
  readonly buildDir: string;
  readonly cleanUp: CleanUp;
  /** Folder for CPU profiles of the main process and its workers. */
  readonly profileDir?: string | undefined;
  /** More flags for `clew serve`. */
  readonly flags?: readonly string[];
  /** A data directory that stays; left out, an empty one that does not. */
  readonly dataDir?: string | undefined;
  /** Flags of Node for the main process. */
  readonly nodeFlags?: readonly string[];
}

const DRAIN_POLL_MS = 200;
/** Of pino. */
const LOG_LEVEL_WARN = 40;

interface LogRecord {
  readonly msg?: string;
  readonly level?: number;
  readonly urls?: { readonly ui: string; readonly otlpGrpc: string; readonly otlpHttp: string };
  readonly socketPath?: string;
}

/** The real program, on free ports. */
export async function startClewTarget({
  buildDir,
  cleanUp,
  profileDir,
  flags = [],
  nodeFlags = [],
  dataDir: keptDataDir,
}: ClewOptions): Promise<Target> {
  const dataDir = keptDataDir ?? (await cleanUp.temporaryDirectory('clew-bench-'));
  if (profileDir !== undefined) await mkdir(profileDir, { recursive: true });
  const profileFlags = profileDir === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileDir];
  const ports = ['--port', '0', '--otlp-grpc-port', '0', '--otlp-http-port', '0', '--tempo-port', '0'];
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
    uiUrl: urls.ui,
    client,
    spans: { table: 'clew.spans', traceId: 'trace_id', spanId: 'span_id' },
    tenantColumn: 'tenant',
    tablesCondition: `database = 'clew'`,
    mergeTables: ['clew.spans', 'clew.trace_times'],
    query: createClewQuery(urls.ui),
    dataDir,
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
    async stop() {
      await stopTarget(client, child, () => child.kill('SIGTERM'));
      if (keptDataDir === undefined) cleanUp.remove(dataDir);
    },
  };
}
