/**
 * One Clew a data directory. The lock is a file that names its holder and the holder's engine; a lock whose holder
 * is gone is taken over, once the engine it left behind has ended.
 */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KILLED_ENGINE_WAIT_MS, PREVIOUS_ENGINE_WAIT_MS, PREVIOUS_HOLDER_WAIT_MS } from './engine-limits.ts';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

export const LOCK_FILE = 'clew.lock';
const POLL_MS = 50;
const MAX_ATTEMPTS = 20;

export class DataDirectoryInUseError extends Error {
  constructor(directory: string, holder: string) {
    super(`data directory ${directory} is in use by ${holder}. Stop it or choose another with --data.`);
    this.name = 'DataDirectoryInUseError';
  }
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'a file has this name',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  ENOENT: 'nothing can be created there',
};

/** The directory cannot be made, or nothing can be written into it. */
export class UnusableDataDirectoryError extends Error {
  constructor(directory: string, cause: NodeJS.ErrnoException) {
    const reason = SYSTEM_REASONS[cause.code ?? ''] ?? cause.message;
    super(`data directory ${directory} cannot be used: ${reason}. Correct that or choose another with --data.`, {
      cause,
    });
    this.name = 'UnusableDataDirectoryError';
  }
}

interface LockRecord {
  readonly holder: ProcessIdentity;
  readonly engine?: ProcessIdentity;
}

/** Directories held by this process: its own pid in a lock file says nothing, a predecessor may have had the same. */
const heldHere = new Set<string>();

export class DataDirectoryLock {
  readonly #path: string;
  readonly #directory: string;
  readonly #holder = identityOf(process.pid);

  private constructor(directory: string) {
    this.#directory = directory;
    this.#path = join(directory, LOCK_FILE);
  }

  /** Creates the directory where needed. Rejects with DataDirectoryInUseError or UnusableDataDirectoryError. */
  static async acquire(directory: string): Promise<DataDirectoryLock> {
    const absolute = resolve(directory);
    if (heldHere.has(absolute)) throw new DataDirectoryInUseError(directory, `this process (${process.pid})`);
    heldHere.add(absolute);
    try {
      makeDirectory(absolute);
      const lock = new DataDirectoryLock(absolute);
      await lock.#take(directory);
      return lock;
    } catch (error) {
      heldHere.delete(absolute);
      if (error instanceof DataDirectoryInUseError) throw error;
      throw new UnusableDataDirectoryError(directory, error as NodeJS.ErrnoException);
    }
  }

  /** Notes the engine, so that a successor of a killed holder can wait for it. */
  nameEngine(pid: number): void {
    this.#write({ holder: this.#holder, engine: identityOf(pid) });
  }

  release(): void {
    rmSync(this.#path, { force: true });
    heldHere.delete(this.#directory);
  }

  async #take(shown: string): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      if (this.#tryCreate({ holder: this.#holder })) return;
      const found = tryReadLock(this.#path);
      if (found === 'absent') continue;
      if (found !== 'unreadable') {
        const other = found.holder.pid !== process.pid;
        if (other && !(await hasEnded(found.holder, PREVIOUS_HOLDER_WAIT_MS))) {
          throw new DataDirectoryInUseError(shown, `process ${found.holder.pid}`);
        }
        if (found.engine !== undefined && !(await hasEndedOrBeenKilled(found.engine))) {
          throw new DataDirectoryInUseError(shown, `process ${found.engine.pid}, the engine of a Clew that has ended`);
        }
      }
      this.#removeStale();
    }
    throw new DataDirectoryInUseError(shown, 'processes that start at the same time');
  }

  /** Only one of several that see the same stale lock succeeds in moving it; the others look again. */
  #removeStale(): void {
    const aside = `${this.#path}.${process.pid}`;
    try {
      renameSync(this.#path, aside);
      unlinkSync(aside);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** A link appears whole or not at all, so a half-written lock is never seen. */
  #tryCreate(record: LockRecord): boolean {
    const draft = `${this.#path}.new.${process.pid}`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    try {
      linkSync(draft, this.#path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(draft);
    }
  }

  #write(record: LockRecord): void {
    const draft = `${this.#path}.new.${process.pid}`;
    writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
    renameSync(draft, this.#path);
  }
}

/** Not mkdir's own recursion: below /proc, where a directory exists and takes no entry, that goes on for ever. */
function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const directory of missing) {
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(path).isDirectory()) throw Object.assign(new Error(`${path} is a file`), { code: 'EEXIST' });
}

/**
 * An engine without its parent ends by itself, but not while it hangs, is stopped or recovers a large directory. It
 * has nothing to finish: what was acknowledged is on disk.
 */
async function hasEndedOrBeenKilled(engine: ProcessIdentity): Promise<boolean> {
  if (await hasEnded(engine, PREVIOUS_ENGINE_WAIT_MS)) return true;
  // Without a start time the pid may be anybody's.
  if (engine.startedAt === '') return false;
  try {
    process.kill(engine.pid, 'SIGKILL');
  } catch {
    // Gone in this moment, or not ours to kill: the wait tells.
  }
  return hasEnded(engine, KILLED_ENGINE_WAIT_MS);
}

async function hasEnded(other: ProcessIdentity, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (isRunning(other)) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function tryReadLock(path: string): LockRecord | 'absent' | 'unreadable' {
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as LockRecord;
    return typeof record.holder?.pid === 'number' ? record : 'unreadable';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unreadable';
  }
}
