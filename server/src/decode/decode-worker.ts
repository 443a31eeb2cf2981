import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { EntryVerdict, FromWorker, ToWorker, WorkerSetup, WorkRequest } from './worker-messages.ts';

export interface DecodeWorkerEvents {
  readonly onMessage: (message: FromWorker, from: DecodeWorker) => void;
  /** The thread is gone; `requests` were with it and will get no answer from it. */
  readonly onGone: (from: DecodeWorker, error: Error | undefined) => void;
}

/** One worker thread and what has been given to it. */
export class DecodeWorker {
  readonly #worker: Worker;
  readonly #unanswered = new Map<number, number>(); // request id to body bytes
  #unsent: WorkRequest[] = [];
  #queuedBytes = 0;
  #lastProgressMs = performance.now();
  #error: Error | undefined;
  /** Set when it was ended for making no progress. */
  stalled = false;
  ready = false;

  constructor(url: URL, setup: WorkerSetup, events: DecodeWorkerEvents) {
    this.#worker = new Worker(url, { workerData: setup, name: 'clew-ingest' });
    this.#worker.on('message', (message: FromWorker) => {
      this.#lastProgressMs = performance.now();
      if (message.kind === 'block') for (const { id } of message.answers) this.#forget(id);
      events.onMessage(message, this);
    });
    this.#worker.on('error', (error) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('messageerror', (error) => {
      this.#error = error;
      void this.#worker.terminate();
    });
    this.#worker.on('exit', () => events.onGone(this, this.#error));
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get queuedRequests(): number {
    return this.#unanswered.size;
  }

  get unansweredIds(): readonly number[] {
    return [...this.#unanswered.keys()];
  }

  /** The request, and the memory of its body, are the thread's after the next `send`. */
  give(request: WorkRequest): void {
    if (this.#unanswered.size === 0) this.#lastProgressMs = performance.now();
    const bytes = request.body.byteLength;
    this.#unsent.push(request);
    this.#unanswered.set(request.id, bytes);
    this.#queuedBytes += bytes;
  }

  /** One message for all that was given: each wakes the thread. */
  send(): void {
    if (this.#unsent.length === 0) return;
    const requests = this.#unsent;
    this.#unsent = [];
    this.#post(
      { kind: 'requests', requests },
      requests.map(({ body }) => body.buffer),
    );
  }

  tell(verdict: EntryVerdict): void {
    this.#post(verdict, verdict.spare === undefined ? [] : [verdict.spare]);
  }

  /** How long it has had work without reporting anything. */
  silentMs(nowMs: number): number {
    return this.#unanswered.size === 0 ? 0 : nowMs - this.#lastProgressMs;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(message: ToWorker, transfer: readonly ArrayBuffer[]): void {
    this.#worker.postMessage(message, transfer);
  }

  #forget(id: number): void {
    this.#queuedBytes -= this.#unanswered.get(id) ?? 0;
    this.#unanswered.delete(id);
  }
}
