/** Says what is wrong when it begins and every few hours while it lasts, and when it is over. */
import type { StageLogger } from '../../telemetry/stage-logger.ts';

export interface Warning {
  /** What it is about: a warning with the same key is the same trouble. */
  readonly key: string;
  /** What it is about just now: a change is said at once. */
  readonly subject?: string;
  readonly level: 'warn' | 'error';
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

const REPEAT_MS = 6 * 3_600_000;

export class RecurringWarnings {
  readonly #logger: StageLogger;
  readonly #said = new Map<string, { readonly atMs: number; readonly subject: string | undefined }>();

  constructor(logger: StageLogger) {
    this.#logger = logger;
  }

  /** Whether exactly this has been logged before this round. */
  hasSaid(key: string, subject: string): boolean {
    return this.#said.get(key)?.subject === subject;
  }

  /** @param warnings all there are now. @param nowMs of a clock that cannot be set. */
  report(warnings: readonly Warning[], nowMs: number): void {
    const keys = new Set(warnings.map(({ key }) => key));
    for (const key of this.#said.keys()) {
      if (keys.has(key)) continue;
      this.#said.delete(key);
      this.#logger.info({ warning: key }, 'store: this trouble is over');
    }
    for (const { key, subject, level, message, fields } of warnings) {
      const last = this.#said.get(key);
      if (last !== undefined && last.subject === subject && nowMs - last.atMs < REPEAT_MS) continue;
      this.#said.set(key, { atMs: nowMs, subject });
      this.#logger[level]({ warning: key, ...fields }, `store: ${message}`);
    }
  }
}
