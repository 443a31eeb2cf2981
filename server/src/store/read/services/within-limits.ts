import { tryLimitReason } from '../statement-runner.ts';

/** Keeps why limits stopped parts of an answer: the others are still worth showing. */
export class WithinLimits {
  readonly #reasons = new Set<string>();

  /** What was read, or `otherwise` where a limit stopped it. */
  async try<T>(what: string, read: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read;
    } catch (error) {
      const reason = tryLimitReason(error);
      if (reason === undefined) throw error;
      this.#reasons.add(`${what}: ${reason}`);
      return otherwise;
    }
  }

  /** For the statistics; undefined where nothing was stopped. */
  get reason(): string | undefined {
    return this.#reasons.size === 0 ? undefined : [...this.#reasons].join('; ');
  }
}
