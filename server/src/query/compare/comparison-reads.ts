import { setTimeout } from 'node:timers/promises';
import type { ReadStatistics } from '@clew/contract';
import type { ReadOptions, SpanStore } from '../../store/span-store.ts';

/** Reads of one comparison at the same time: it is one question of many, and leaves places for others. */
const PLACES = 2;
/** Between two tries of a read that was refused because others wait. */
const TRY_AGAIN_MS = 250;

/** What the reads of one comparison have in common: a few at once, one deadline over all of them. */
export class ComparisonReads {
  readonly #store: SpanStore;
  readonly #tenant: string;
  readonly #options: ReadOptions;
  readonly #startedAt = performance.now();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #hasBegun = false;
  #rowsRead = 0;
  #bytesRead = 0;
  #unknownReads = 0;
  readonly #reasons = new Set<string>();

  constructor(store: SpanStore, tenant: string, options: ReadOptions) {
    this.#store = store;
    this.#tenant = tenant;
    this.#options = options;
  }

  /**
   * Runs a read when it is its turn, with the time that is left.
   * @param of what may be missing when it is not whole: "traces of a".
   */
  async read<T extends { readonly statistics: ReadStatistics }>(
    of: string,
    run: (store: SpanStore, tenant: string, options: ReadOptions) => Promise<T>,
  ): Promise<T> {
    // Who waits is given the place of one that ends.
    if (this.#running >= PLACES) await new Promise<void>((begin) => this.#waiting.push(begin));
    else this.#running++;
    try {
      const answer = await this.#untilAdmitted(run);
      this.#add(answer.statistics, of);
      return answer;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  /** What has begun is not given up because others wait: a refused read is tried again while there is time. */
  async #untilAdmitted<T>(run: (store: SpanStore, tenant: string, options: ReadOptions) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await run(this.#store, this.#tenant, this.#remaining);
        this.#hasBegun = true;
        return answer;
      } catch (error) {
        const timeLeft = this.#remaining.timeoutMs ?? Number.POSITIVE_INFINITY;
        if (!this.#hasBegun || !isRefused(error) || timeLeft <= TRY_AGAIN_MS) throw error;
        await setTimeout(TRY_AGAIN_MS, undefined, { signal: this.#options.signal });
      }
    }
  }

  get #remaining(): ReadOptions {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return this.#options;
    return { ...this.#options, timeoutMs: Math.max(1, timeoutMs - (performance.now() - this.#startedAt)) };
  }

  #add(statistics: ReadStatistics, of: string): void {
    this.#rowsRead += statistics.rowsRead;
    this.#bytesRead += statistics.bytesRead;
    this.#unknownReads += statistics.unknownReads ?? 0;
    if (!statistics.complete) this.#reasons.add(`${of}: ${statistics.incompleteReason ?? 'a limit'}`);
  }

  get statistics(): ReadStatistics {
    const reasons = [...this.#reasons];
    return {
      rowsRead: this.#rowsRead,
      bytesRead: this.#bytesRead,
      ...(this.#unknownReads > 0 && { unknownReads: this.#unknownReads }),
      elapsedMs: Math.round(performance.now() - this.#startedAt),
      complete: reasons.length === 0,
      ...(reasons.length > 0 && { incompleteReason: reasons.join('; ') }),
    };
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'STORE_READ_REFUSED';
}
