/** A fixed number of query connections and a bounded queue for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { EngineError, EngineErrorCode } from './engine-error.ts';
import { MAX_QUERY_WAIT_MS, MAX_WAITING_QUERIES } from './engine-limits.ts';
import type { FromQueryThread, QueryJob, ToQueryThread } from './query-messages.ts';

const KILL_INTERVAL_MS = 50;

/** Receives a job's chunks. `more` must be called once for every chunk that has been passed on. */
export interface QueryReceiver {
  chunk(bytes: Uint8Array, rows: number, more: () => void): void;
}

interface Slot {
  readonly worker: Worker;
  /** Name of this connection in system.processes. */
  readonly tag: string;
  receiver: QueryReceiver | undefined;
  settle: ((outcome: FromQueryThread & { type: 'end' | 'failed' }) => void) | undefined;
  /** A KILL that has been sent and not answered: the connection's next query must not meet it. */
  killing: Promise<void> | undefined;
}

export class QueryPool {
  readonly #slots: Slot[] = [];
  readonly #free: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  readonly #kill: (tag: string) => Promise<void>;

  /** `kill` ends what runs on the connection with this tag. */
  constructor(kill: (tag: string) => Promise<void>) {
    this.#kill = kill;
  }

  /** Takes over a thread that runs query-thread.ts, once that is ready. */
  add(worker: Worker, tag: string): Promise<void> {
    const slot: Slot = { worker, tag, receiver: undefined, settle: undefined, killing: undefined };
    this.#slots.push(slot);
    return new Promise((resolve, reject) => {
      worker.on('error', (error) => {
        reject(error);
        // A thread of the engine that broke leaves a connection in an unknown state: start the process anew.
        setImmediate(() => {
          throw error;
        });
      });
      worker.on('message', (message: FromQueryThread) => {
        if (message.type === 'ready') {
          this.#release(slot);
          resolve();
        } else this.#receive(slot, message);
      });
    });
  }

  get running(): number {
    return this.#slots.length - this.#free.length;
  }

  /** Runs a job. Rejects with EngineError; aborting stops the engine's work and rejects with code 394. */
  async run(job: QueryJob, receiver: QueryReceiver, signal: AbortSignal): Promise<{ readonly elapsedNano: number }> {
    const slot = await this.#acquire(signal);
    const onAbort = () => {
      send(slot.worker, { type: 'cancel' });
      slot.killing ??= this.#killUntilSettled(slot);
    };
    try {
      const outcome = await new Promise<FromQueryThread & { type: 'end' | 'failed' }>((resolve) => {
        slot.receiver = receiver;
        slot.settle = resolve;
        send(slot.worker, { type: 'run', job });
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      });
      if (signal.aborted) throw new EngineError('Query was cancelled', EngineErrorCode.queryCancelled);
      if (outcome.type === 'failed') throw new EngineError(outcome.message);
      return { elapsedNano: outcome.elapsedNano };
    } finally {
      signal.removeEventListener('abort', onAbort);
      slot.receiver = undefined;
      slot.settle = undefined;
      await slot.killing;
      slot.killing = undefined;
      this.#release(slot);
    }
  }

  /** Again and again: a KILL that comes before the engine has registered the query finds nothing. */
  async #killUntilSettled(slot: Slot): Promise<void> {
    while (slot.settle !== undefined) {
      await this.#kill(slot.tag).catch(() => undefined);
      await sleep(KILL_INTERVAL_MS);
    }
  }

  /** Closes every connection; nothing may be running. */
  async close(): Promise<void> {
    await Promise.all(
      this.#slots.map(
        (slot) =>
          new Promise<void>((resolve) => {
            slot.worker.on('message', (message: FromQueryThread) => {
              if (message.type === 'closed') resolve();
            });
            send(slot.worker, { type: 'close' });
          }),
      ),
    );
  }

  #receive(slot: Slot, message: FromQueryThread): void {
    if (message.type === 'chunk') {
      slot.receiver?.chunk(message.bytes, message.rows, () => send(slot.worker, { type: 'more', chunks: 1 }));
    } else if (message.type === 'end' || message.type === 'failed') slot.settle?.(message);
  }

  async #acquire(signal: AbortSignal): Promise<Slot> {
    const slot = this.#free.pop();
    if (slot !== undefined) return slot;
    if (this.#waiting.length >= MAX_WAITING_QUERIES) {
      throw new EngineError(
        `Too many queries are waiting: ${this.#waiting.length} (limit ${MAX_WAITING_QUERIES}). Retry later.`,
        EngineErrorCode.tooManyQueries,
      );
    }
    return new Promise((resolve, reject) => {
      const leave = (error: EngineError) => {
        const index = this.#waiting.indexOf(take);
        if (index !== -1) this.#waiting.splice(index, 1);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        reject(error);
      };
      const take = (free: Slot) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        resolve(free);
      };
      const onAbort = () => leave(new EngineError('Query was cancelled', EngineErrorCode.queryCancelled));
      const timer = setTimeout(
        () =>
          leave(
            new EngineError(
              `The query waited ${MAX_QUERY_WAIT_MS} ms for a connection. Retry later.`,
              EngineErrorCode.tooManyQueries,
            ),
          ),
        MAX_QUERY_WAIT_MS,
      );
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(take);
    });
  }

  #release(slot: Slot): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slot);
    else next(slot);
  }
}

function send(worker: Worker, message: ToQueryThread): void {
  worker.postMessage(message);
}
