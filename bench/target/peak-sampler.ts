import { readDirectoryBytes, readTreeRssBytes } from './process-tree.ts';
import type { Target } from './target.ts';

const SAMPLE_MS = 100;

/** Highest memory of a target's processes and size of its journal, seen ten times a second. */
export class PeakSampler {
  rssBytes = 0;
  journalBytes = 0;
  readonly #target: Target;
  readonly #timer: NodeJS.Timeout;

  constructor(target: Target) {
    this.#target = target;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#sample();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const { pid, journalDir } = this.#target;
    this.rssBytes = Math.max(this.rssBytes, readTreeRssBytes(pid));
    if (journalDir !== undefined) this.journalBytes = Math.max(this.journalBytes, readDirectoryBytes(journalDir));
  }
}
