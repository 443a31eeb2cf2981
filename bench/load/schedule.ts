/**
 * Open-loop pacing: request i is due at i / rate, whatever became of the requests before. Its latency counts from
 * then, so that a receiver which stalls is charged for every request that should have been sent meanwhile
 * ("coordinated omission").
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter waits are not worth a timer. */
const SHORTEST_WAIT_MS = 1;

export class Schedule {
  readonly #startMs: number;
  readonly #intervalMs: number;
  #next = 0;

  /** `startMs` on the clock of performance.now(). */
  constructor(startMs: number, requestsPerSecond: number) {
    this.#startMs = startMs;
    this.#intervalMs = 1000 / requestsPerSecond;
  }

  /** Takes the next request's time. */
  takeDueMs(): number {
    return this.#startMs + this.#next++ * this.#intervalMs;
  }

  /** Requests taken. */
  get taken(): number {
    return this.#next;
  }
}

/** Returns at once when it is too late. Timers come up to a millisecond late: that is part of the latency, too. */
export async function sleepUntil(dueMs: number): Promise<void> {
  const waitMs = dueMs - performance.now();
  if (waitMs > SHORTEST_WAIT_MS) await sleep(waitMs);
}
