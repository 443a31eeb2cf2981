/**
 * Watches the resident memory of Clew's processes. Near the limit what allocators keep is asked back, the receivers
 * take less, and the next insert waits until there is room for what it needs: docs/internals/memory.md.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { BodyBudget } from './body-budget.ts';

/**
 * Resident bytes of a process, after it has given back what its allocators keep if `reclaim`. One that does not answer
 * counts as it did last.
 */
export type AskMemory = (reclaim: boolean) => Promise<number>;

export interface MemoryGuardOptions {
  /** memory.limitBytes. */
  readonly limitBytes: number;
  /** ingest.maxInFlightBytes. */
  readonly maxBodyBytes: number;
  /** What all processes together need more while an insert runs, at most. */
  readonly insertBytes: number;
  readonly budget: BodyBudget;
  readonly processes: Readonly<Record<string, AskMemory>>;
  readonly metrics: MemoryMetrics;
  readonly logger: StageLogger;
}

export interface MemoryMetrics {
  /** Resident memory; a gauge. */
  processMemory(process: string, bytes: number): void;
  /** Whether the receivers take less; a gauge. */
  memorySqueezed(squeezed: boolean): void;
  /** An insert has waited for room. */
  insertWaited(seconds: number): void;
}

const SAMPLE_MS = 250;
/** Above this part of the limit allocators are asked for what they keep, this often at most. */
const RECLAIM_ABOVE = 0.75;
const RECLAIM_MS = 1_000;
/** Above this part of the limit less is taken: what is under way still needs some. */
const SQUEEZE_ABOVE = 0.86;
/** Below this part everything is as before. */
const RELEASE_BELOW = 0.82;
/**
 * What bodies may hold while memory is short. Not nothing: allocators keep what they once had, and a Clew that takes
 * nothing until they give it back would not recover.
 */
const SQUEEZED_PART = 1 / 8;
/** Less would save nothing that can be seen beside the smallest limit, and cost every sender its place. */
const LEAST_SQUEEZED_BYTES = 4 * 2 ** 20;
/** Below this part of the limit no insert waits, however small the limit is. */
const INSERT_BELOW = 0.7;
/**
 * Longest wait of an insert. What keeps the memory then (a large query, a large merge) is not what inserts can wait
 * for: the journal would fill, and what has been acknowledged would not be found for as long.
 */
const MAX_INSERT_WAIT_MS = 2_000;
/** After the last insert its room is kept for the next one this long. */
const INSERTS_LATELY_MS = 5_000;
/** Memory may be short with every insert: that is said this often at most. */
const SAY_MS = 60_000;

export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  readonly #bytes = new Map<string, number>();
  readonly #asked = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #squeezed = false;
  #reclaimedMs = Number.NEGATIVE_INFINITY;
  #saidMs = Number.NEGATIVE_INFINITY;
  #insertMs = Number.NEGATIVE_INFINITY;
  #hasSaid = false;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  start(): void {
    void this.sample();
    this.#timer = setInterval(() => void this.sample(), SAMPLE_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#options.budget.squeeze(undefined);
  }

  /** Of all processes when each last answered. */
  get residentBytes(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  /** What may still be taken, beside an insert where there were some lately; negative beyond the limit. */
  get roomBytes(): number {
    const { limitBytes, insertBytes } = this.#options;
    const hasInserts = performance.now() - this.#insertMs < INSERTS_LATELY_MS;
    return limitBytes - this.residentBytes - (hasInserts ? insertBytes : 0);
  }

  /** Resolves when every process has answered that is not silent for longer than a sample may take. */
  async sample(): Promise<void> {
    const reclaim =
      this.residentBytes > this.#options.limitBytes * RECLAIM_ABOVE &&
      performance.now() - this.#reclaimedMs >= RECLAIM_MS;
    if (reclaim) this.#reclaimedMs = performance.now();
    const answers: Promise<void>[] = [];
    for (const [name, ask] of Object.entries(this.#options.processes)) {
      let answered = this.#asked.get(name);
      if (answered === undefined) {
        answered = ask(reclaim)
          .then(
            (bytes) => this.#note(name, bytes),
            () => undefined,
          )
          .finally(() => this.#asked.delete(name));
        this.#asked.set(name, answered);
      }
      answers.push(answered);
    }
    await Promise.race([Promise.all(answers), sleep(SAMPLE_MS, undefined, { ref: false })]);
  }

  /** Resolves when there is room for an insert, or it has waited long enough, or is not to wait any more. */
  async waitForInsertRoom(signal: AbortSignal): Promise<void> {
    const { limitBytes, insertBytes, metrics } = this.#options;
    const mark = Math.max(limitBytes - insertBytes, limitBytes * INSERT_BELOW);
    const startMs = performance.now();
    this.#insertMs = startMs;
    for (let hasWaited = false; ; hasWaited = true) {
      await this.sample();
      const waitedMs = performance.now() - startMs;
      if (this.residentBytes <= mark || signal.aborted || waitedMs >= MAX_INSERT_WAIT_MS) {
        if (hasWaited) metrics.insertWaited(waitedMs / 1000);
        return;
      }
      await sleep(SAMPLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #note(name: string, bytes: number): void {
    const { limitBytes, maxBodyBytes, budget, metrics, logger } = this.#options;
    this.#bytes.set(name, bytes);
    metrics.processMemory(name, bytes);
    const residentBytes = this.residentBytes;
    const squeezed = residentBytes > limitBytes * (this.#squeezed ? RELEASE_BELOW : SQUEEZE_ABOVE);
    if (squeezed === this.#squeezed) return;
    this.#squeezed = squeezed;
    metrics.memorySqueezed(squeezed);
    const squeezedBytes = Math.max(LEAST_SQUEEZED_BYTES, Math.floor(maxBodyBytes * SQUEEZED_PART));
    budget.squeeze(squeezed ? Math.min(maxBodyBytes, squeezedBytes) : undefined);
    const hadSaid = this.#hasSaid;
    this.#hasSaid = squeezed && performance.now() - this.#saidMs >= SAY_MS;
    if (this.#hasSaid) this.#saidMs = performance.now();
    if (!this.#hasSaid && !hadSaid) return;
    const fields = { residentBytes, limitBytes, ...Object.fromEntries(this.#bytes) };
    if (squeezed) logger.warn(fields, 'memory is near its limit (memory.limitBytes): fewer requests are taken');
    else logger.info(fields, 'memory is below its limit again');
  }
}
