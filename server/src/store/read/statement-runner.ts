import type { ReadStatistics } from '@clew/contract';
import { readNativeBlocks } from '../native/block-reader.ts';
import type { NativeBlock } from '../native/native-block.ts';
import type { ReadOptions } from '../span-store.ts';
import type { TenantStatement } from '../sql/tenant-scope.ts';
import { StoreTimeoutError } from '../store-error.ts';
import type { EngineReadOptions, EngineSettings, EngineSummary, ReadEngine } from './read-engine.ts';
import type { ReadLimits } from './read-limits.ts';

/**
 * Runs the statements of one read: one deadline over all of them, limits on each, what they read summed up.
 */
export class StatementRunner {
  readonly limits: ReadLimits;
  readonly signal: AbortSignal | undefined;
  readonly #engine: ReadEngine;
  readonly #startedAt = performance.now();
  readonly #timeoutMs: number;
  #rowsRead = 0;
  #bytesRead = 0;
  #incompleteReason: string | undefined;

  constructor(engine: ReadEngine, limits: ReadLimits, options: ReadOptions = {}) {
    this.#engine = engine;
    this.limits = limits;
    this.signal = options.signal;
    this.#timeoutMs = Math.min(options.timeoutMs ?? limits.timeoutMs, limits.maxTimeoutMs);
  }

  /** Rows the engine has read for this so far. */
  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** Wall time left of the whole read; at most 0 when it is over. */
  get remainingMs(): number {
    return this.#timeoutMs - (performance.now() - this.#startedAt);
  }

  /** All rows of a statement as objects: for small answers. 64-bit numbers must be made text by the statement. */
  async rows<T>(statement: TenantStatement, settings: EngineSettings = {}): Promise<readonly T[]> {
    const answer = await this.#engine.selectJson<T>(statement.text, statement.parameters, this.#options(settings));
    this.#addUp(answer.summary);
    return answer.rows;
  }

  /** The blocks of a statement as they come. */
  async *blocks(statement: TenantStatement, settings: EngineSettings = {}): AsyncGenerator<NativeBlock> {
    const answer = await this.#engine.selectNative(statement.text, statement.parameters, this.#options(settings));
    yield* readNativeBlocks(answer.chunks);
    this.#addUp(answer.summary());
  }

  /** @param cut why something may be missing beside what the engine says; absent: nothing is. */
  statistics(cut?: string): ReadStatistics {
    const incompleteReason = [cut, this.#incompleteReason].filter((reason) => reason !== undefined).join('; ');
    const figures = {
      rowsRead: this.#rowsRead,
      bytesRead: this.#bytesRead,
      elapsedMs: Math.round(performance.now() - this.#startedAt),
    };
    return incompleteReason === '' ? { ...figures, complete: true } : { ...figures, complete: false, incompleteReason };
  }

  #addUp({ rowsRead, bytesRead, incompleteReason }: EngineSummary): void {
    this.#rowsRead += rowsRead;
    this.#bytesRead += bytesRead;
    this.#incompleteReason ??= incompleteReason;
  }

  #options(settings: EngineSettings): EngineReadOptions {
    this.signal?.throwIfAborted();
    const remainingMs = this.remainingMs;
    if (remainingMs <= 0) throw new ReadTimeoutError(this.#timeoutMs);
    const options = {
      timeoutMs: Math.ceil(remainingMs),
      settings: {
        max_execution_time: (remainingMs / 1000).toFixed(3),
        timeout_overflow_mode: 'throw',
        max_memory_usage: this.limits.maxMemoryBytes,
        ...settings,
      },
    };
    return this.signal === undefined ? options : { ...options, signal: this.signal };
  }
}

/** The time of a read was over before its next statement. */
export class ReadTimeoutError extends Error {
  readonly code = 'STORE_READ_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`read: not done after ${timeoutMs} ms. Narrow the time range or name a service.`);
    this.name = 'ReadTimeoutError';
  }
}

/** ClickHouse's numbers of the errors that mean "a limit of ours stopped it", with words for people. */
const LIMIT_ERRORS: ReadonlyMap<string, string> = new Map([
  ['159', 'the time limit was reached'],
  ['160', 'the query would take longer than the time limit'],
  ['241', 'the memory limit was reached'],
  ['396', 'the limit of result bytes was reached'],
  ['158', 'the limit of rows read was reached'],
  ['307', 'the limit of bytes read was reached'],
  ['STORE_READ_TIMEOUT', 'the time limit was reached'],
]);

/** Why a limit stopped a statement, or undefined when the error is another one. */
export function tryLimitReason(error: unknown): string | undefined {
  if (error instanceof StoreTimeoutError) return LIMIT_ERRORS.get('159');
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return LIMIT_ERRORS.get(String(error.code));
}
