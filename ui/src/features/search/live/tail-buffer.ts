import type { TailTrace } from '@clew/contract';

/** Traces a live view keeps, waiting ones included. */
export const MAX_TAIL_TRACES = 2_000;

/**
 * What a live view shows and what waits to be shown. Each trace is there once: news of one that is shown take its
 * place, without moving it.
 */
export class TailBuffer {
  /** Newest first. A new array after every change. */
  shown: readonly TailTrace[] = [];
  /** Oldest first. */
  readonly #waiting: TailTrace[] = [];
  /** Traces that were let go because there is no more room. */
  droppedCount = 0;

  get waitingCount(): number {
    return this.#waiting.length;
  }

  add(trace: TailTrace): void {
    const shownAt = this.shown.findIndex(({ traceId }) => traceId === trace.traceId);
    if (shownAt !== -1) {
      this.shown = this.shown.with(shownAt, trace);
      return;
    }
    const waitingAt = this.#waiting.findIndex(({ traceId }) => traceId === trace.traceId);
    if (waitingAt !== -1) {
      this.#waiting[waitingAt] = trace;
      return;
    }
    this.#waiting.push(trace);
    if (this.shown.length + this.#waiting.length <= MAX_TAIL_TRACES) return;
    // The oldest goes: what has been on the screen the longest, else what has waited the longest.
    this.droppedCount++;
    if (this.shown.length > 0) this.shown = this.shown.slice(0, -1);
    else this.#waiting.shift();
  }

  /** Lets some of the waiting ones be seen, the oldest of them first. @returns whether there were any. */
  show(most: number): boolean {
    const fresh = this.#waiting.splice(0, most);
    if (fresh.length === 0) return false;
    this.shown = [...fresh.reverse(), ...this.shown];
    return true;
  }
}
