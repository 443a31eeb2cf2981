import type { QueryStep, ReadStatistics } from '@clew/contract';
import type { ReadGate, StatementPass, StatementRequest } from '../admission/read-gate.ts';
import type { StatementKind } from '../admission/read-gate-limits.ts';
import { readNativeBlocks } from '../native/block-reader.ts';
import type { NativeBlock } from '../native/native-block.ts';
import type { SearchOptions } from '../span-store.ts';
import type { SqlValue } from '../sql/sql-parameters.ts';
import type { TenantStatement } from '../sql/tenant-scope.ts';
import { StoreAnswerBrokenError, StoreTimeoutError } from '../store-error.ts';
import { CatalogueMemory } from './catalogue-memory.ts';
import type { EngineReadOptions, EngineSettings, EngineSummary, ReadEngine } from './read-engine.ts';
import type { ReadLimits } from './read-limits.ts';

/** What the reads of one store have in common. */
export interface SharedReading {
  /** Absent: nothing waits for anything. */
  readonly gate?: ReadGate;
  readonly catalogue: CatalogueMemory;
}

/**
 * Runs the statements of one read: each through the gate, one deadline over all of them, limits on each, what they
 * read summed up.
 */
export class StatementRunner {
  readonly limits: ReadLimits;
  readonly signal: AbortSignal | undefined;
  /** Resources and scopes that reads before have met. */
  readonly catalogue: CatalogueMemory;
  readonly #engine: ReadEngine;
  readonly #gate: ReadGate | undefined;
  readonly #kind: StatementKind;
  readonly #giveWay: StatementRequest['giveWay'];
  #hasBegun = false;
  readonly #startedAt = performance.now();
  readonly #timeoutMs: number;
  readonly #steps: QueryStep[] | undefined;
  /** End of the time, as performance.now() has it. */
  #deadline: number;
  #rowsRead = 0;
  #bytesRead = 0;
  #unknownReads = 0;
  #incompleteReason: string | undefined;

  constructor(
    engine: ReadEngine,
    limits: ReadLimits,
    options: SearchOptions = {},
    kind: StatementKind = 'lookup',
    { gate, catalogue }: SharedReading = { catalogue: new CatalogueMemory() },
  ) {
    this.#engine = engine;
    this.#gate = gate;
    this.#kind = kind;
    this.catalogue = catalogue;
    this.limits = limits;
    const giveWay = new AbortController();
    if (kind === 'spare') this.#giveWay = (reason) => giveWay.abort(reason);
    this.signal = kind === 'spare' ? giveWay.signal : options.signal;
    this.#timeoutMs = Math.min(options.timeoutMs ?? limits.timeoutMs, limits.maxTimeoutMs);
    this.#deadline = this.#startedAt + this.#timeoutMs;
    this.#steps = options.explain === true ? [] : undefined;
  }

  /** The statements so far, where `explain` was asked for. */
  get steps(): readonly QueryStep[] {
    return this.#steps ?? [];
  }

  /** Rows the engine has read for this so far. */
  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** Wall time left of the whole read; at most 0 when it is over. */
  get remainingMs(): number {
    return this.#deadline - performance.now();
  }

  /** Moves the deadline so that at least this much is left. */
  allowAtLeast(milliseconds: number): void {
    this.#deadline = Math.max(this.#deadline, performance.now() + milliseconds);
  }

  /** All rows of a statement as objects: for small answers. 64-bit numbers must be made text by the statement. */
  async rows<T>(statement: TenantStatement, settings: EngineSettings = {}, name = 'read'): Promise<readonly T[]> {
    const done = this.#begin(statement, name);
    const pass = await this.#enter(statement);
    let bytesRead = 0;
    try {
      const options = this.#options(settings, pass);
      const answer = await this.#engine.selectJson<T>(statement.text, statement.parameters, options);
      bytesRead = answer.summary.bytesRead ?? 0;
      this.#addUp(answer.summary);
      done(answer.summary, answer.rows.length);
      return answer.rows;
    } finally {
      pass?.end({ bytesRead, cancelled: this.#isCancelled });
    }
  }

  /** The blocks of a statement as they come. */
  async *blocks(statement: TenantStatement, settings: EngineSettings = {}, name = 'read'): AsyncGenerator<NativeBlock> {
    const done = this.#begin(statement, name);
    const pass = await this.#enter(statement);
    let bytesRead = 0;
    let until = Number.POSITIVE_INFINITY;
    try {
      const options = this.#options(settings, pass);
      until = this.#deadline;
      const answer = await this.#engine.selectNative(statement.text, statement.parameters, options);
      let rows = 0;
      for await (const block of readNativeBlocks(answer.chunks)) {
        rows += block.rowCount;
        yield block;
      }
      const summary = answer.summary();
      bytesRead = summary.bytesRead ?? 0;
      this.#addUp(summary);
      done(summary, rows);
    } catch (error) {
      // Within an answer there is no place for the engine's reason.
      const isLate = error instanceof StoreAnswerBrokenError && performance.now() >= until;
      throw isLate ? new ReadTimeoutError(this.#timeoutMs) : error;
    } finally {
      pass?.end({ bytesRead, cancelled: this.#isCancelled });
    }
  }

  /** @param cut why something may be missing beside what the engine says; absent: nothing is. */
  statistics(cut?: string): ReadStatistics {
    const incompleteReason = [cut, this.#incompleteReason].filter((reason) => reason !== undefined).join('; ');
    const figures = {
      rowsRead: this.#rowsRead,
      bytesRead: this.#bytesRead,
      ...(this.#unknownReads > 0 && { unknownReads: this.#unknownReads }),
      elapsedMs: Math.round(performance.now() - this.#startedAt),
    };
    return incompleteReason === '' ? { ...figures, complete: true } : { ...figures, complete: false, incompleteReason };
  }

  /** Keeps the statement in its place among the steps; to be called with what it read. */
  #begin({ text, parameters }: TenantStatement, name: string): (summary: EngineSummary, rows: number) => void {
    const steps = this.#steps;
    if (steps === undefined) return () => undefined;
    const startedAt = performance.now();
    const begun = { name, sql: text, parameters: shownParameters(parameters) };
    const at = steps.push({ ...begun, rowsAnswered: 0, elapsedMs: 0 }) - 1;
    return ({ rowsRead, bytesRead }, rowsAnswered) => {
      const elapsedMs = Math.round(performance.now() - startedAt);
      const known = { ...(rowsRead !== undefined && { rowsRead }), ...(bytesRead !== undefined && { bytesRead }) };
      steps[at] = { ...begun, ...known, rowsAnswered, elapsedMs };
    };
  }

  #addUp({ rowsRead, bytesRead, incompleteReason }: EngineSummary): void {
    if (rowsRead === undefined) this.#unknownReads++;
    this.#rowsRead += rowsRead ?? 0;
    this.#bytesRead += bytesRead ?? 0;
    this.#incompleteReason ??= incompleteReason;
  }

  /** Somebody went away. What gives way does not count. */
  get #isCancelled(): boolean {
    return this.#kind !== 'spare' && this.signal?.aborted === true;
  }

  /** Waits for its turn. What has begun waits as long as its read has time. */
  async #enter({ parameters }: TenantStatement): Promise<StatementPass | undefined> {
    const gate = this.#gate;
    if (gate === undefined) return undefined;
    const continues = this.#hasBegun;
    this.#hasBegun = true;
    const remainingMs = this.remainingMs;
    if (remainingMs <= 0) throw new ReadTimeoutError(this.#timeoutMs);
    this.signal?.throwIfAborted();
    const wish = {
      tenant: String(parameters.tenant),
      kind: this.#kind,
      continues,
      ...(this.#giveWay && { giveWay: this.#giveWay }),
    };
    const atOnce = gate.enterAtOnce(wish);
    if (atOnce !== undefined) return atOnce;
    const timeOver = new AbortController();
    const timer = setTimeout(() => timeOver.abort(new ReadTimeoutError(this.#timeoutMs)), remainingMs);
    const signal = this.signal === undefined ? timeOver.signal : AbortSignal.any([this.signal, timeOver.signal]);
    try {
      return await gate.enter({ ...wish, signal });
    } finally {
      clearTimeout(timer);
    }
  }

  #options(settings: EngineSettings, pass: StatementPass | undefined): EngineReadOptions {
    this.signal?.throwIfAborted();
    const remainingMs = this.remainingMs;
    if (remainingMs <= 0) throw new ReadTimeoutError(this.#timeoutMs);
    const { maxMemoryBytes } = this.limits;
    const memoryBytes = pass === undefined ? maxMemoryBytes : Math.min(maxMemoryBytes, pass.memoryBytes);
    const inMemoryBytes = Math.floor(memoryBytes * SHARE_BEFORE_DISK);
    const options = {
      timeoutMs: Math.ceil(remainingMs),
      settings: {
        max_execution_time: (remainingMs / 1000).toFixed(3),
        timeout_overflow_mode: 'throw',
        max_memory_usage: memoryBytes,
        max_bytes_before_external_group_by: inMemoryBytes,
        max_bytes_before_external_sort: inMemoryBytes,
        ...(pass !== undefined && { max_threads: pass.threads }),
        ...settings,
      },
    };
    return this.signal === undefined ? options : { ...options, signal: this.signal };
  }
}

/** Of a statement's memory. Groups and sorted rows beyond it go to the disk, which takes twice as long. */
const SHARE_BEFORE_DISK = 0.5;

/** Values of a list, and characters of a text, that are shown to people. */
const SHOWN_VALUES = 20;
const SHOWN_CHARACTERS = 400;

function shownParameters(parameters: Readonly<Record<string, SqlValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, shownValue(value)]));
}

function shownValue(value: SqlValue): string {
  if (typeof value === 'string')
    return value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  const shown = value.slice(0, SHOWN_VALUES).map((one) => shownValue(String(one)));
  return `[${shown.join(', ')}${value.length > SHOWN_VALUES ? `, … ${value.length} in all` : ''}]`;
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
  ['191', 'more traces match than can be put in order'],
  ['158', 'the limit of rows read was reached'],
  ['307', 'the limit of bytes read was reached'],
  ['STORE_READ_TIMEOUT', 'the time limit was reached'],
]);

/** What is left of a limit that stops a statement whose answer has begun. */
const BROKEN_OFF = 'the store broke off in the middle of an answer, as it does where its memory is used up';

/** Why a limit stopped a statement, or undefined when the error is another one. */
export function tryLimitReason(error: unknown): string | undefined {
  if (error instanceof StoreTimeoutError) return LIMIT_ERRORS.get('159');
  if (error instanceof StoreAnswerBrokenError) return BROKEN_OFF;
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return LIMIT_ERRORS.get(String(error.code));
}
