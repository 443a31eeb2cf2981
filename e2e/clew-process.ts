/** Starts the built program as its own process, on free ports and a fresh data directory, and looks after it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** CLEW_TEST_PROGRAM names another build of the program. */
export const PROGRAM = process.env.CLEW_TEST_PROGRAM ?? fileURLToPath(new URL('../dist/clew.js', import.meta.url));

/** Of the journal, so that they are written again, too, when what is in them is stored. */
export const SMALL_SEGMENTS = ['--journal-segment-bytes', '1MiB'];

export interface ClewUrls {
  readonly ui: string;
  readonly otlpGrpc: string;
  readonly otlpHttp: string;
  readonly tempo: string;
}

export interface ClewProcess {
  readonly urls: ClewUrls;
  readonly dataDir: string;
  readonly pid: number;
  /** Every log record so far. */
  readonly log: readonly LogRecord[];
  /** Sends a signal and waits for the exit; returns the exit code or signal name. */
  kill(signal: NodeJS.Signals): Promise<number | string>;
}

export interface LogRecord {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface StartOptions {
  readonly dataDir?: string;
  /** More flags for `clew serve`. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly readyTimeoutMs?: number;
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** A command that runs another in its place (`exec`), put in front: for a file system or limits of its own. */
  readonly launcher?: readonly string[];
  /** Told the pid before the program is ready. */
  readonly onSpawn?: (pid: number) => void;
}

const started = new Set<ChildProcess>();
const directories = new Set<string>();

/** A fresh data directory, removed by `stopAll`. */
export async function freshDataDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'clew-e2e-'));
  directories.add(dir);
  return dir;
}

/** Starts `clew serve`; resolves when it says that it is ready. */
export async function startClew(options: StartOptions = {}): Promise<ClewProcess> {
  const dataDir = options.dataDir ?? (await freshDataDir());
  const flags = [
    '--port',
    '0',
    '--otlp-grpc-port',
    '0',
    '--otlp-http-port',
    '0',
    '--tempo-port',
    '0',
    '--log-format',
    'json',
    ...(options.flags ?? []),
  ];
  const [command = '', ...commandLine] = [
    ...(options.launcher ?? []),
    process.execPath,
    ...(options.nodeFlags ?? []),
    PROGRAM,
    'serve',
    '--data',
    dataDir,
    ...flags,
    ...serverFlags(dataDir),
  ];
  const child = spawn(command, commandLine, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  started.add(child);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const log: LogRecord[] = [];
  const unreadable: string[] = [];
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      started.delete(child);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const urls = await new Promise<ClewUrls>((resolve, reject) => {
    const deadline = setTimeout(() => fail('did not become ready in time'), options.readyTimeoutMs ?? 60_000);
    const fail = (why: string): void => {
      clearTimeout(deadline);
      child.kill('SIGKILL');
      reject(
        new Error(
          `clew ${why}:\n${[...unreadable, ...log.map((record) => JSON.stringify(record))].slice(-20).join('\n')}`,
        ),
      );
    };
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (!line.startsWith('{')) {
        unreadable.push(line);
        return;
      }
      const record = JSON.parse(line) as LogRecord & { readonly urls?: ClewUrls };
      log.push(record);
      if (record.msg === 'ready' && record.urls !== undefined) {
        clearTimeout(deadline);
        resolve(record.urls);
      }
    });
    void exited.then((code) => fail(`exited with ${code} before it was ready`));
  });
  return {
    urls,
    dataDir,
    pid: child.pid ?? 0,
    log,
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/**
 * CLEW_TEST_CLICKHOUSE_URL runs these tests on a ClickHouse server in place of the embedded engine, each data directory
 * with a database of its own: `CLEW_TEST_CLICKHOUSE_URL=http://… npm run test:integration -- e2e/round-trip`.
 */
function serverFlags(dataDir: string): readonly string[] {
  const url = process.env.CLEW_TEST_CLICKHOUSE_URL;
  if (url === undefined) return [];
  return ['--clickhouse', url, '--store-database', basename(dataDir).replaceAll(/[^A-Za-z0-9]/g, '_')];
}

/** Kills what is still running and removes the data directories. For afterEach. */
export async function stopAll(): Promise<void> {
  await Promise.all(
    [...started].map((child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      return gone;
    }),
  );
  for (const dir of directories) await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  directories.clear();
}

/** Pids of the engines started so far; the last one runs, unless it has just ended. */
export function enginePids(clew: ClewProcess): readonly number[] {
  return clew.log.filter((record) => record.msg === 'engine ready').map((record) => Number(record.pid));
}
