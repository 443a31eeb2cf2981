/**
 * Entry of the engine process: owns libchdb and a data directory, answers ClickHouse's HTTP interface on a Unix
 * socket. Started by embedded-engine.ts with an IPC channel, and ends when that closes. The threads of its query
 * connections run this same file.
 */
import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { tuneCAllocator } from '../../memory/c-allocator.ts';
import { connectionArguments, writeEngineConfig } from './engine-config.ts';
import { toEngineError } from './engine-error.ts';
import { createEngineServer } from './engine-http.ts';
import { loadEngineAddon, loadInsertApi } from './engine-library.ts';
import { MERGE_PRIORITY_MS, ORPHAN_GRACE_MS, QUERY_CONNECTIONS, STOP_GRACE_MS } from './engine-limits.ts';
import type { EngineArguments, FromEngine, ToEngine } from './engine-messages.ts';
import { InsertConnection } from './insert-connection.ts';
import { lowerMergePriority } from './lower-merge-priority.ts';
import type { QueryThreadData } from './query-messages.ts';
import { QueryPool } from './query-pool.ts';
import { runQueryThread } from './query-thread.ts';
import { quoteString } from './statement.ts';

interface RunningEngine {
  readonly server: Server;
  readonly queries: QueryPool;
  readonly inserts: InsertConnection;
  killAll(): Promise<void>;
  /** Resolves when the library has answered a statement, whatever the answer. */
  probe(): Promise<void>;
  /** Gives back what allocators keep for later. */
  reclaim(): Promise<void>;
  closeControl(): void;
}

async function openEngine(options: EngineArguments): Promise<RunningEngine> {
  const { dataPath, configPath, socketPath, memoryLimitBytes } = options;
  writeEngineConfig(configPath, memoryLimitBytes);
  const insertApi = loadInsertApi();
  insertApi.keepSignalHandlers();
  const allocator = await tuneCAllocator();
  const argumentsFor = (tag: string) => connectionArguments({ dataPath, configPath, memoryLimitBytes, tag });
  const addon = loadEngineAddon();
  // The first connection boots the engine, and must be the addon's: see engine-library.ts.
  const control = addon.CreateConnection(dataPath, argumentsFor('clew-control'));

  let killing: Promise<unknown> = Promise.resolve();
  const kill = (condition: string): Promise<void> => {
    const sql = `KILL QUERY WHERE Settings['log_comment'] ${condition} ASYNC`;
    const next = killing.then(() => addon.QueryAsyncConnection(control, sql, 'Null'));
    killing = next.catch(() => undefined);
    return next.then(() => undefined);
  };
  const queries = new QueryPool((tag) => kill(`= ${quoteString(tag)}`));
  const starting: Promise<void>[] = [];
  for (let index = 0; index < QUERY_CONNECTIONS; index++) {
    const tag = `clew-query-${index}`;
    const data: QueryThreadData = { kind: 'clew-query-connection', dataPath, connectionArguments: argumentsFor(tag) };
    starting.push(queries.add(new Worker(fileURLToPath(import.meta.url), { workerData: data }), tag));
  }
  await Promise.all(starting);
  // The engine starts them when it has something to merge.
  setInterval(lowerMergePriority, MERGE_PRIORITY_MS).unref();
  const inserts = new InsertConnection(insertApi, ['clickhouse', `--path=${dataPath}`, ...argumentsFor('clew-insert')]);

  const server = createEngineServer(queries, inserts);
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  chmodSync(socketPath, 0o600);
  return {
    server,
    queries,
    inserts,
    killAll: () => kill(`LIKE 'clew-query-%'`),
    probe() {
      // In line with the kills: one statement a connection.
      const next = killing.then(() => addon.QueryAsyncConnection(control, 'SELECT 1', 'Null'));
      killing = next.catch(() => undefined);
      return killing.then(() => undefined);
    },
    async reclaim() {
      const next = killing.then(() => addon.QueryAsyncConnection(control, 'SYSTEM JEMALLOC PURGE', 'Null'));
      killing = next.catch(() => undefined);
      await Promise.all([killing, allocator.trim()]);
    },
    closeControl: () => addon.CloseConnection(control),
  };
}

/**
 * Ends this process at once. What has been acknowledged is on disk; exit handlers and destructors of a library this
 * size have nothing to add, and have been seen to hang or crash while a query was running.
 */
function endProcess(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

let stopping = false;

async function stopEngine(engine: RunningEngine | undefined, graceMs: number, finishInserts: boolean): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(endProcess, graceMs);
  if (engine !== undefined) {
    engine.server.close();
    await engine.killAll().catch(() => undefined);
    if (finishInserts) await engine.inserts.idle();
    else engine.server.closeAllConnections();
    await engine.inserts.idle();
    while (engine.queries.running > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await engine.queries.close();
    engine.inserts.close();
    engine.closeControl();
  }
  if (process.connected) await say({ type: 'stopped' });
  endProcess();
}

function say(message: FromEngine): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, undefined, undefined, () => resolve());
  });
}

let probing = false;

async function answerProbe(engine: RunningEngine | undefined): Promise<void> {
  void say({ type: 'alive' });
  if (probing || stopping || engine === undefined) return;
  probing = true;
  await engine.probe();
  probing = false;
  void say({ type: 'answered' });
}

async function answerMemory(engine: RunningEngine | undefined, reclaim: boolean): Promise<void> {
  if (reclaim && !stopping) await engine?.reclaim();
  await say({ type: 'memory', rssBytes: process.memoryUsage.rss() });
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '') as EngineArguments;
  let engine: RunningEngine | undefined;
  process.on('disconnect', () => void stopEngine(engine, ORPHAN_GRACE_MS, false));
  // A parent that died while this file was being loaded was told to nobody.
  if (!process.connected) endProcess();
  // The terminal signals the whole group; the parent decides when the engine stops.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('message', (message: ToEngine) => {
    if (message.type === 'stop') void stopEngine(engine, STOP_GRACE_MS, true);
    else if (message.type === 'probe') void answerProbe(engine);
    else void answerMemory(engine, message.reclaim);
  });
  try {
    engine = await openEngine(options);
  } catch (error) {
    const { message, code } = toEngineError(error);
    await say({ type: 'refused', message, code });
    endProcess();
  }
  await say({ type: 'ready' });
}

if (isMainThread) {
  await main();
} else {
  runQueryThread(workerData as QueryThreadData);
}
