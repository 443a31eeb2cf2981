import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem, TailTrace } from '@clew/contract';
import type { ClewClient } from '../api/clew-client.ts';
import type { ServerSentEvent } from '../api/event-stream.ts';
import { CommandError, EXIT_FAILED, EXIT_NOTHING_FOUND, EXIT_OK, EXIT_USAGE } from '../exit-code.ts';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text/display-width.ts';
import { counted, formatCount, formatDurationNano } from '../text/format-values.ts';
import { tailLine } from './tail-line.ts';

export interface TailFlags {
  /** Most traces a second. */
  readonly rate: number;
  /** One JSON document a line. */
  readonly json: boolean;
  /** Ends after this many traces; undefined for never. */
  readonly count: number | undefined;
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;
/** Traces remembered, so that none is told of twice when a connection breaks. */
const MAX_REMEMBERED = 10_000;

/** `clew tail`: prints matching traces as they come, until the signal. @returns the exit code. */
export async function followTraces(
  terminal: Terminal,
  client: ClewClient,
  query: string,
  flags: TailFlags,
  signal: AbortSignal,
): Promise<number> {
  const follower = new Follower(terminal, flags);
  const enough = new AbortController();
  const ends = AbortSignal.any([signal, enough.signal]);
  let waitMs = FIRST_WAIT_MS;
  while (!ends.aborted) {
    try {
      const parameters = { q: query, rate: String(flags.rate) };
      const options = { signal: ends, lastEventId: follower.lastEventId };
      for await (const event of client.events('/api/v1/tail', parameters, options, query)) {
        waitMs = FIRST_WAIT_MS;
        follower.take(event);
        if (flags.count !== undefined && follower.traceCount >= flags.count) enough.abort();
      }
      if (!ends.aborted) follower.say('the connection ended.');
    } catch (error) {
      // A query that is refused stays refused, and a first connection that fails has a reason worth reading.
      if (!(error instanceof CommandError) || error.exitCode === EXIT_USAGE || !follower.wasConnected) throw error;
      follower.say(error.message);
    }
    if (!ends.aborted) {
      await sleep(waitMs, undefined, { signal: ends }).catch(() => undefined);
      waitMs = Math.min(MAX_WAIT_MS, waitMs * 2);
    }
  }
  terminal.err(follower.summary());
  if (follower.traceCount > 0) return EXIT_OK;
  return follower.hasFailed ? EXIT_FAILED : EXIT_NOTHING_FOUND;
}

class Follower {
  lastEventId = '';
  wasConnected = false;
  hasFailed = false;
  traceCount = 0;
  #againCount = 0;
  #errorCount = 0;
  #skippedCount = 0;
  readonly #startedAt = performance.now();
  readonly #told = new Map<string, string>();
  readonly #terminal: Terminal;
  readonly #flags: TailFlags;

  constructor(terminal: Terminal, flags: TailFlags) {
    this.#terminal = terminal;
    this.#flags = flags;
  }

  take({ name, data, id }: ServerSentEvent): void {
    this.wasConnected = true;
    this.lastEventId = id;
    if (name === 'trace') this.#takeTrace(parsed<TailTrace>(data));
    if (name === 'skipped') this.#takeSkipped(parsed<{ readonly traceCount: number; readonly reason: string }>(data));
    if (name === 'problem') {
      this.hasFailed = true;
      this.say(parsed<Problem>(data).detail);
    }
  }

  say(text: string): void {
    this.#terminal.err(`${this.#terminal.colors.yellow(printable(text))}\n`);
  }

  #takeTrace(trace: TailTrace): void {
    const told = `${trace.matchedCount} ${trace.errorCount} ${trace.rootService} ${trace.rootName}`;
    const before = this.#told.get(trace.traceId);
    if (before === told) return;
    this.#told.delete(trace.traceId);
    this.#told.set(trace.traceId, told);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MAX_REMEMBERED) break;
      this.#told.delete(oldest);
    }
    if (before === undefined) {
      this.traceCount++;
      if (trace.errorCount > 0) this.#errorCount++;
    } else this.#againCount++;
    const line = this.#flags.json
      ? JSON.stringify(trace)
      : tailLine({ ...trace, again: before !== undefined }, this.#terminal);
    this.#terminal.out(`${line}\n`);
  }

  #takeSkipped({ traceCount, reason }: { readonly traceCount: number; readonly reason: string }): void {
    this.#skippedCount += traceCount;
    if (this.#flags.json) return;
    const more = `${formatCount(traceCount)} more ${traceCount === 1 ? 'trace' : 'traces'}`;
    const why =
      reason === 'rate'
        ? 'not shown: ask for less, or for more a second with --rate'
        : 'not looked at: too many at once';
    this.#terminal.err(`${this.#terminal.colors.dim(`${more} ${why}`)}\n`);
  }

  summary(): string {
    const parts = [
      counted(this.traceCount, 'trace'),
      `${formatCount(this.#errorCount)} with errors`,
      ...(this.#againCount > 0 ? [`${counted(this.#againCount, 'change')} told of (↻)`] : []),
      ...(this.#skippedCount > 0 ? [`${formatCount(this.#skippedCount)} not shown`] : []),
    ];
    const time = formatDurationNano((performance.now() - this.#startedAt) * 1e6);
    return this.#terminal.colors.dim(`${parts.join(', ')} in ${time}\n`);
  }
}

function parsed<T>(data: string): T {
  try {
    return JSON.parse(data) as T;
  } catch {
    throw new CommandError('the server sent an event that is not JSON. Is it Clew? Check --url.');
  }
}
