/** Finds out when an engine process is there and does nothing: stopped, or locked up. */
import type { ChildProcess } from 'node:child_process';
import { MAX_SILENT_PROBES, MAX_UNANSWERED_PROBES, PROBE_INTERVAL_MS, SUSPICIOUS_PROBES } from './engine-limits.ts';
import type { FromEngine, ToEngine } from './engine-messages.ts';

export interface EngineWatchOptions {
  readonly child: ChildProcess;
  /** Called once, with what the engine failed to do. */
  readonly onHang: (problem: string) => void;
  readonly intervalMs?: number;
}

/**
 * Counts questions and not time: while this process itself is stopped or busy neither a question is asked nor an
 * answer missed.
 */
export class EngineWatch {
  readonly #options: EngineWatchOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #onMessage = (message: FromEngine) => this.#heard(message);
  /** Asked since the main thread last answered, and since the library did. */
  #silent = 0;
  #unanswered = 0;

  constructor(options: EngineWatchOptions) {
    this.#options = options;
    options.child.on('message', this.#onMessage);
    options.child.once('exit', () => this.stop());
    this.#timer = setInterval(() => this.#ask(), options.intervalMs ?? PROBE_INTERVAL_MS);
    this.#timer.unref();
  }

  /** False while it has not answered for a few seconds. */
  get isResponsive(): boolean {
    return this.#silent < SUSPICIOUS_PROBES;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#options.child.off('message', this.#onMessage);
  }

  #ask(): void {
    const { child, onHang } = this.#options;
    if (!child.connected) return;
    const problem =
      this.#silent >= MAX_SILENT_PROBES
        ? `its process has not answered ${this.#silent} times in a row (limit ${MAX_SILENT_PROBES})`
        : this.#unanswered >= MAX_UNANSWERED_PROBES
          ? `it has not finished a statement while it was asked ${this.#unanswered} times (limit ${MAX_UNANSWERED_PROBES})`
          : undefined;
    if (problem !== undefined) {
      this.stop();
      onHang(problem);
      return;
    }
    this.#silent++;
    this.#unanswered++;
    const question: ToEngine = { type: 'probe' };
    child.send(question, () => undefined);
  }

  #heard(message: FromEngine): void {
    if (message.type === 'alive') this.#silent = 0;
    if (message.type === 'answered') this.#unanswered = 0;
  }
}
