/** Watches the resident memory of Clew's processes and lets the receivers take less while it is near the limit. */
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { BodyBudget } from './body-budget.ts';

export interface MemoryGuardOptions {
  /** memory.limitBytes. */
  readonly limitBytes: number;
  /** ingest.maxInFlightBytes. */
  readonly maxBodyBytes: number;
  readonly budget: BodyBudget;
  /** Resident bytes by process. One that does not answer counts as it did last. */
  readonly processes: Readonly<Record<string, () => number | Promise<number>>>;
  readonly metrics: MemoryMetrics;
  readonly logger: StageLogger;
}

export interface MemoryMetrics {
  /** Resident memory; a gauge. */
  processMemory(process: string, bytes: number): void;
  /** Whether the receivers take less; a gauge. */
  memorySqueezed(squeezed: boolean): void;
}

const SAMPLE_MS = 250;
/** Above this part of the limit less is taken: what is under way still needs some. */
const SQUEEZE_ABOVE = 0.9;
/** Below this part everything is as before. */
const RELEASE_BELOW = 0.86;
/**
 * What bodies may hold while memory is short. Not nothing: allocators keep what they once had, and a Clew that takes
 * nothing until they give it back would not recover.
 */
const SQUEEZED_PART = 1 / 8;

export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  readonly #bytes = new Map<string, number>();
  readonly #asked = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #squeezed = false;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
  }

  start(): void {
    this.sample();
    this.#timer = setInterval(() => this.sample(), SAMPLE_MS);
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

  /** Asks every process that has answered the last time. */
  sample(): void {
    for (const [name, ask] of Object.entries(this.#options.processes)) {
      if (this.#asked.has(name)) continue;
      const answer = ask();
      if (typeof answer === 'number') {
        this.#note(name, answer);
        continue;
      }
      this.#asked.add(name);
      void answer.then(
        (bytes) => {
          this.#asked.delete(name);
          this.#note(name, bytes);
        },
        () => this.#asked.delete(name),
      );
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
    budget.squeeze(squeezed ? Math.floor(maxBodyBytes * SQUEEZED_PART) : undefined);
    const fields = { residentBytes, limitBytes, ...Object.fromEntries(this.#bytes) };
    if (squeezed) logger.warn(fields, 'memory is as good as at its limit (memory.limitBytes): few requests are taken');
    else logger.info(fields, 'memory is below its limit again');
  }
}
