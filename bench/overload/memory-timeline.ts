import { descendantsOf, readRssBytes } from '../target/process-tree.ts';

export interface MemorySample {
  /** Milliseconds since the start. */
  readonly atMs: number;
  /** Resident bytes of the first process and of all its descendants together. */
  readonly rootBytes: number;
  readonly childBytes: number;
}

const SAMPLE_MS = 250;

/** Memory of a process tree over time. */
export class MemoryTimeline {
  readonly samples: MemorySample[] = [];
  readonly #startMs = performance.now();
  readonly #timer: NodeJS.Timeout;

  constructor(rootPid: number) {
    const sample = (): void => {
      this.samples.push({
        atMs: performance.now() - this.#startMs,
        rootBytes: readRssBytes(rootPid),
        childBytes: descendantsOf(rootPid).reduce((sum, pid) => sum + readRssBytes(pid), 0),
      });
    };
    sample();
    this.#timer = setInterval(sample, SAMPLE_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
