import type { StoreQueryOptions } from './store-client.ts';
import { StoreAbortedError, StoreTimeoutError } from './store-error.ts';

/** The engine's own limit should speak first: its error says more. */
const CLIENT_TIMEOUT_GRACE_MS = 2_000;

/** The caller's signal and time limit in one signal, and which of them it was. */
export class QueryDeadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #options: StoreQueryOptions;
  readonly #onAbort = () => this.#controller.abort();
  #timedOut = false;

  constructor(options: StoreQueryOptions) {
    this.#options = options;
    if (options.signal?.aborted) this.#controller.abort();
    options.signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (options.timeoutMs !== undefined) {
      this.#timer = setTimeout(() => {
        this.#timedOut = true;
        this.#controller.abort();
      }, options.timeoutMs + CLIENT_TIMEOUT_GRACE_MS);
      this.#timer.unref();
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  explain(error: unknown): unknown {
    if (this.#timedOut) return new StoreTimeoutError(this.#options.timeoutMs ?? 0);
    if (this.#controller.signal.aborted) return new StoreAbortedError();
    return error;
  }
}
