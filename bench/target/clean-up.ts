/** Ends the processes and removes the folders of a benchmark, however it ends. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class CleanUp {
  readonly #children = new Set<ChildProcess>();
  readonly #directories = new Set<string>();

  /** Runs at every exit but SIGKILL. */
  constructor() {
    process.once('exit', () => this.#now());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
  }

  process(child: ChildProcess): void {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
  }

  async temporaryDirectory(prefix: string): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), prefix));
    this.#directories.add(path);
    return path;
  }

  /** The folder is not needed any more: disk space may be short. */
  remove(path: string): void {
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    this.#directories.delete(path);
  }

  #now(): void {
    // An engine ends with its parent, a moment later: ended here too, so that its folder can go.
    for (const child of this.#children) {
      const { pid } = child;
      const engines = pid === undefined ? [] : childrenOf(pid);
      child.kill('SIGKILL');
      for (const engine of engines) tryKill(engine);
    }
    for (const path of [...this.#directories]) this.remove(path);
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text
      .split(' ')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
