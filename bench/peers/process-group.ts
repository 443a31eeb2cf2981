import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf, readTreeCpu, readTreeRssBytes } from '../target/process-tree.ts';

const POLL_MS = 250;
/** Less than this share of a core, on average over QUIET_MS, is idle. */
const IDLE_SHARE = 0.05;
const QUIET_MS = 3_000;

export interface QuietFigures {
  /** CPU seconds when it became idle, or when waiting ended. */
  readonly cpuSeconds: number;
  readonly isQuiet: boolean;
  readonly waitedMs: number;
}

/** Several processes with all their descendants, each counted once. */
export class ProcessGroup {
  readonly #pids: readonly number[];

  constructor(pids: readonly number[]) {
    const below = new Set(pids.flatMap(descendantsOf));
    this.#pids = [...new Set(pids)].filter((pid) => !below.has(pid));
  }

  cpuSeconds(): number {
    return this.#pids.reduce((sum, pid) => sum + readTreeCpu(pid).seconds, 0);
  }

  rssBytes(): number {
    return this.#pids.reduce((sum, pid) => sum + readTreeRssBytes(pid), 0);
  }

  /** Waits until it does next to nothing: for stores that do not say when they are done. */
  async quiet(timeoutMs: number): Promise<QuietFigures> {
    const startMs = performance.now();
    let windowMs = startMs;
    let windowCpu = this.cpuSeconds();
    for (;;) {
      await sleep(POLL_MS);
      const nowMs = performance.now();
      const cpu = this.cpuSeconds();
      if (cpu - windowCpu > (IDLE_SHARE * QUIET_MS) / 1000) {
        windowMs = nowMs;
        windowCpu = cpu;
      }
      const isQuiet = nowMs - windowMs >= QUIET_MS;
      if (isQuiet || nowMs - startMs > timeoutMs) {
        return { cpuSeconds: isQuiet ? windowCpu : cpu, isQuiet, waitedMs: nowMs - startMs };
      }
    }
  }
}
