/** Keeps one engine process alive for a data directory. See docs/adr/0002-embedded-engine.md. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DataDirectoryInUseError, DataDirectoryLock } from './data-directory-lock.ts';
import { DiskWatch, describeFullDisk, freeDiskBytes, removeUnfinishedParts } from './engine-disk.ts';
import { EngineErrorCode } from './engine-error.ts';
import {
  ENGINE_NODE_FLAGS,
  ENGINE_THREAD_POOL_SIZE,
  FIRST_RESTART_MS,
  FULL_DISK_RETRY_MS,
  LAST_RESTART_MS,
  MIN_FREE_DISK_BYTES,
  START_DEADLINE_MS,
  START_FREE_DISK_BYTES,
  STOP_GRACE_MS,
} from './engine-limits.ts';
import type { EngineArguments, FromEngine, ToEngine } from './engine-messages.ts';
import { EngineWatch } from './engine-watch.ts';
import { chooseSocketPath, type SocketPlace } from './socket-path.ts';

export interface EngineLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EmbeddedEngineOptions {
  /** Clew's data directory. The engine keeps its files in `engine/` inside of it. */
  readonly dataDir: string;
  /** The bundled engine-process.ts. */
  readonly enginePath: string;
  readonly memoryLimitBytes: number;
  readonly logger: EngineLogger;
  /** Told of every end that was not asked for. The engine is started again after `restartInMs`. */
  readonly onCrash?: (crash: EngineCrash) => void;
}

export type EngineEnd = 'crash' | 'hang' | 'full disk';

export interface EngineCrash {
  readonly pid: number;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly restartInMs: number;
  /** `hang`: it did not answer. `full disk`: it must not write on one. Both are kills by us. */
  readonly reason: EngineEnd;
}

/** What createStoreClient needs to reach the engine. */
export interface EngineClientOptions {
  readonly socketPath: string;
  /** Resolves when an engine takes requests, at once while one does. Rejects once the engine is stopped for good. */
  readonly whenReady: () => Promise<void>;
}

export class EmbeddedEngine {
  readonly #options: EmbeddedEngineOptions;
  readonly #lock: DataDirectoryLock;
  readonly #socket: SocketPlace;
  #child: ChildProcess | undefined;
  #ready: Promise<void>;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (error: Error) => void = () => undefined;
  #isReady = false;
  #watch: EngineWatch | undefined;
  #disk: DiskWatch | undefined;
  #end: EngineEnd = 'crash';
  #fullDiskCount = 0;
  #fullDisk: string | undefined;
  #stopping: Promise<void> | undefined;
  #restartMs = FIRST_RESTART_MS;
  #restartTimer: NodeJS.Timeout | undefined;

  constructor(options: EmbeddedEngineOptions, lock: DataDirectoryLock, socket: SocketPlace) {
    this.#options = options;
    this.#lock = lock;
    this.#socket = socket;
    this.#ready = this.#expectReady();
  }

  get socketPath(): string {
    return this.#socket.path;
  }

  get clientOptions(): EngineClientOptions {
    return { socketPath: this.#socket.path, whenReady: () => this.#ready };
  }

  /** Of the running engine; undefined between an end and the next start. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether the engine takes requests now, as far as is known. */
  get isReady(): boolean {
    return this.#isReady && this.#watch?.isResponsive !== false;
  }

  /**
   * Resident memory of the engine process in bytes; 0 while there is none.
   * @param reclaim whether its allocators are first to give back what they keep for later.
   */
  async memory(reclaim = false): Promise<number> {
    const child = this.#child;
    if (child === undefined || !this.#isReady) return 0;
    return new Promise((resolve) => {
      const finish = (bytes: number) => {
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(bytes);
      };
      const onMessage = (message: FromEngine) => {
        if (message.type === 'memory') finish(message.rssBytes);
      };
      const onExit = () => finish(0);
      child.on('message', onMessage);
      child.once('exit', onExit);
      tell(child, { type: 'memory', reclaim });
    });
  }

  /** Starts the process and waits for it. Rejects when it refuses, ends or does not answer in time. */
  async start(): Promise<void> {
    const { enginePath, memoryLimitBytes, logger } = this.#options;
    const directory = this.#directory;
    mkdirSync(join(directory, 'data'), { recursive: true, mode: 0o700 });
    await this.#requireRoom();
    if (this.#stopping !== undefined) throw new Error('The engine has been stopped.');
    const engineArguments: EngineArguments = {
      dataPath: join(directory, 'data'),
      configPath: join(directory, 'config.xml'),
      socketPath: this.#socket.path,
      memoryLimitBytes,
    };
    const child = fork(enginePath, [JSON.stringify(engineArguments)], {
      // Nothing of Clew's environment: the engine has its configuration file, and must not find another in HOME.
      env: { HOME: directory, TZ: 'UTC', UV_THREADPOOL_SIZE: String(ENGINE_THREAD_POOL_SIZE) },
      execArgv: [...ENGINE_NODE_FLAGS],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    if (child.pid !== undefined) this.#lock.nameEngine(child.pid);
    try {
      await this.#waitUntilReady(child);
    } catch (error) {
      child.kill('SIGKILL');
      this.#child = undefined;
      throw error;
    }
    this.#isReady = true;
    this.#restartMs = FIRST_RESTART_MS;
    this.#resolveReady();
    child.once('exit', (exitCode, signal) => this.#onEnd(child, exitCode, signal));
    this.#end = 'crash';
    this.#disk = new DiskWatch(directory, (freeBytes) => this.#killOnFullDisk(child, freeBytes));
    this.#watch = new EngineWatch({ child, onHang: (problem) => this.#killHung(child, problem) });
    logger.info({ pid: child.pid, socketPath: this.#socket.path }, 'engine ready');
  }

  /** Lets inserts finish, closes the engine and gives the directory free. Queries fail. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#restartTimer);
    this.#watch?.stop();
    this.#disk?.stop();
    this.#isReady = false;
    this.#ready.catch(() => undefined);
    this.#rejectReady(new Error('The engine has been stopped.'));
    this.#ready = Promise.reject(new Error('The engine has been stopped.'));
    this.#ready.catch(() => undefined);
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      tell(child, { type: 'stop' });
      const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS + 1_000);
      await ended;
      clearTimeout(deadline);
    }
    this.#socket.remove();
    this.#lock.release();
  }

  #expectReady(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    ready.catch(() => undefined);
    return ready;
  }

  #waitUntilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error) => {
        clearTimeout(deadline);
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.off('error', finish);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onMessage = (message: FromEngine) => {
        if (message.type === 'ready') finish();
        else if (message.type === 'refused') finish(explainRefusal(this.#options.dataDir, message));
      };
      const onExit = (code: number | null, signal: string | null) =>
        finish(new Error(`The engine ended while starting (${signal ?? `exit code ${code}`}). Its errors are above.`));
      const deadline = setTimeout(() => {
        child.kill('SIGKILL');
        finish(new Error(`The engine did not answer within ${START_DEADLINE_MS} ms. Start Clew again.`));
      }, START_DEADLINE_MS);
      child.on('message', onMessage);
      child.on('exit', onExit);
      child.on('error', finish);
    });
  }

  /** Times the engine was killed because its disk was full. */
  get fullDiskCount(): number {
    return this.#fullDiskCount;
  }

  /** Why there is no engine, or none that may write; undefined when there is room. */
  async fullDisk(): Promise<string | undefined> {
    if (this.#fullDisk !== undefined) return this.#fullDisk;
    const freeBytes = await freeDiskBytes(this.#directory);
    if (freeBytes >= MIN_FREE_DISK_BYTES) return undefined;
    if (this.#child !== undefined) this.#killOnFullDisk(this.#child, freeBytes);
    return this.#fullDisk;
  }

  #killOnFullDisk(child: ChildProcess, freeBytes: number): void {
    if (this.#fullDisk !== undefined || this.#stopping !== undefined) return;
    this.#fullDiskCount++;
    this.#end = 'full disk';
    this.#isReady = false;
    this.#fullDisk = describeFullDisk(freeBytes, START_FREE_DISK_BYTES);
    this.#options.logger.error(
      { pid: child.pid, freeBytes, limitBytes: MIN_FREE_DISK_BYTES },
      'the disk of the store is full: the engine is stopped until there is room. Spans wait in the journal; free space.',
    );
    child.kill('SIGKILL');
  }

  /** @throws Error while there is too little room to start. */
  async #requireRoom(): Promise<void> {
    const freeBytes = await freeDiskBytes(this.#directory);
    if (freeBytes < START_FREE_DISK_BYTES) throw new Error(describeFullDisk(freeBytes, START_FREE_DISK_BYTES));
    if (this.#fullDisk !== undefined) this.#options.logger.info({ freeBytes }, 'the disk of the store has room again');
    this.#fullDisk = undefined;
  }

  #killHung(child: ChildProcess, problem: string): void {
    this.#options.logger.error({ pid: child.pid, problem }, 'the engine hangs, it is being killed');
    this.#end = 'hang';
    // The one signal that a stopped process hears.
    child.kill('SIGKILL');
  }

  #onEnd(child: ChildProcess, exitCode: number | null, signal: NodeJS.Signals | null): void {
    this.#child = undefined;
    this.#isReady = false;
    if (this.#stopping !== undefined) return;
    this.#ready = this.#expectReady();
    const { logger, onCrash } = this.#options;
    const crash: EngineCrash = {
      pid: child.pid ?? 0,
      exitCode,
      signal,
      restartInMs: this.#restartMs,
      reason: this.#end,
    };
    logger.error({ ...crash }, 'the engine ended unexpectedly, it is being started again');
    onCrash?.(crash);
    if (this.#end !== 'full disk') this.#restartLater();
    else void removeUnfinishedParts(join(this.#directory, 'data')).finally(() => this.#restartWhenRoom());
  }

  get #directory(): string {
    return join(resolve(this.#options.dataDir), 'engine');
  }

  #restartWhenRoom(): void {
    if (this.#stopping !== undefined) return;
    this.#restartTimer = setTimeout(() => {
      freeDiskBytes(this.#directory).then(
        (freeBytes) => (freeBytes < START_FREE_DISK_BYTES ? this.#restartWhenRoom() : this.#restartLater()),
        () => this.#restartWhenRoom(),
      );
    }, FULL_DISK_RETRY_MS);
  }

  #restartLater(): void {
    this.#restartTimer = setTimeout(() => {
      this.start().catch((error: unknown) => {
        if (this.#stopping !== undefined) return;
        this.#options.logger.error(
          { error: messageOf(error), restartInMs: this.#restartMs },
          'the engine did not start',
        );
        this.#restartLater();
      });
    }, this.#restartMs);
    this.#restartMs = Math.min(this.#restartMs * 2, LAST_RESTART_MS);
  }
}

/** Takes the directory, starts the engine. Rejects with DataDirectoryInUseError when another process has it. */
export async function startEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const lock = await DataDirectoryLock.acquire(options.dataDir);
  const directory = join(resolve(options.dataDir), 'engine');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const socket = chooseSocketPath(directory);
  const engine = new EmbeddedEngine(options, lock, socket);
  try {
    await engine.start();
    return engine;
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

function explainRefusal(dataDir: string, refusal: { readonly message: string; readonly code: number }): Error {
  // The engine's own lock, held by a process that is not a Clew.
  if (refusal.code === EngineErrorCode.cannotOpenFile || /Cannot lock file/.test(refusal.message)) {
    return new DataDirectoryInUseError(dataDir, 'another process');
  }
  return new Error(`The engine cannot start on ${dataDir}: ${refusal.message}`);
}

function tell(child: ChildProcess, message: ToEngine): void {
  if (child.connected) child.send(message, () => undefined);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
