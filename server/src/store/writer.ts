/**
 * Journal → ClickHouse: takes groups of entries, inserts them table by table in bulk, commits.
 *
 * A group is inserted again with the same tokens until it is in, so the store drops what it already has. A group
 * that the store refuses for its content is split; an entry that it refuses alone is set aside, loudly, so that
 * one bad block can never stop the rest.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalEntry, JournalGroup } from '../journal/entry.ts';

export interface WriterSource {
  waitForEntries(timeoutMs: number, signal: AbortSignal): Promise<void>;
  takeGroup(maxSpans: number, maxBytes: number): Promise<JournalGroup | undefined>;
  commit(group: JournalGroup): Promise<void>;
  /** The group need not come again as it is: nothing of it is in the store. */
  release(group: JournalGroup): Promise<void>;
  setAside(entry: JournalEntry, name: string): Promise<string>;
  readonly depth: { readonly spans: number; readonly bytes: number; readonly oldestAgeMs: number };
}

export interface WriterTarget {
  /** Inserts Native blocks; the same token twice stores once. Rejects with the engine's error. */
  insertNative(
    table: string,
    blocks: readonly Uint8Array[],
    options: { readonly deduplicationToken: string; readonly timeoutMs: number },
  ): Promise<void>;
  /** Whether any span of these blocks is in the store. Absent: it cannot be told, and groups are never made smaller. */
  containsAny?(spanBlocks: readonly Uint8Array[]): Promise<boolean>;
}

export interface WriterMetrics {
  stored(spans: number, flushSeconds: number): void;
  insertFailed(kind: 'retryable' | 'content'): void;
  setAside(spans: number): void;
}

export interface WriterOptions {
  readonly source: WriterSource;
  readonly target: WriterTarget;
  /** Whether an insert failed for the bytes it carried; every other failure is tried again. */
  readonly isContentError: (error: unknown) => boolean;
  /** Whether an insert may have failed for its size: memory ran out, or the store broke off. */
  readonly isSizeError?: (error: unknown) => boolean;
  /** A group is inserted as soon as this many spans wait … */
  readonly flushSpans: number;
  /** … or the oldest waits this long. */
  readonly flushIntervalMs: number;
  /** Most payload bytes in one group. */
  readonly maxGroupBytes: number;
  /** How many times larger and later groups should be: more than 1 while the store has trouble merging small ones. */
  readonly groupFactor?: () => number;
  /** Resolves when there is memory for another insert, or when that has been waited for long enough. */
  readonly waitForRoom?: (signal: AbortSignal) => Promise<void>;
  readonly metrics: WriterMetrics;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/**
 * An insert that takes longer is given up and repeated, with twice the time: a server that is gone without a word
 * would else keep everything waiting. What it stored after all is dropped at the repetition.
 */
const FIRST_INSERT_TIMEOUT_MS = 60_000;
const LAST_INSERT_TIMEOUT_MS = 600_000;

/** Failures of one group in a row, each possibly for its size, after which it is made smaller. */
const SIZE_FAILURES = 3;
/** Groups shrink down to this share of the limits and double again after so many that went well. */
const SMALLEST_SHARE = 1 / 256;
const GROUPS_UNTIL_GROWTH = 20;

export class Writer {
  readonly #options: WriterOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #storedSpans = 0;
  /** Of the limits of a group. */
  #share = 1;
  #groupsAtShare = 0;
  #trouble: string | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Spans put into the store by this process. */
  get storedSpans(): number {
    return this.#storedSpans;
  }

  /** Why the group at hand is not in the store yet; undefined when the last insert went well. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Inserts what waits, for at most `drainMs`, then stops. What is left stays in the journal for the next start.
   */
  async stop(drainMs: number): Promise<void> {
    const deadline = setTimeout(() => this.#abandon.abort(), drainMs);
    this.#stopping.abort();
    await this.#running;
    clearTimeout(deadline);
  }

  readonly #abandon = new AbortController();

  async #run(): Promise<void> {
    const { source, maxGroupBytes, groupFactor = () => 1 } = this.#options;
    while (!this.#abandon.signal.aborted) {
      const factor = groupFactor();
      const flushSpans = Math.round(this.#options.flushSpans * factor);
      const flushIntervalMs = this.#options.flushIntervalMs * factor;
      const { spans, bytes, oldestAgeMs } = source.depth;
      const stopping = this.#stopping.signal.aborted;
      if (spans === 0) {
        if (stopping) return;
        await source.waitForEntries(flushIntervalMs, this.#stopping.signal);
        continue;
      }
      const due = spans >= flushSpans || bytes >= maxGroupBytes || oldestAgeMs >= flushIntervalMs;
      if (!due && !stopping) {
        await source.waitForEntries(flushIntervalMs - oldestAgeMs, this.#stopping.signal);
        continue;
      }
      await this.#insertNext(flushSpans, maxGroupBytes);
    }
  }

  async #insertNext(flushSpans: number, maxGroupBytes: number): Promise<void> {
    const { source, metrics, logger } = this.#options;
    let retryMs = FIRST_RETRY_MS;
    let timeoutMs = FIRST_INSERT_TIMEOUT_MS;
    let sizeFailures = 0;
    while (!this.#abandon.signal.aborted) {
      let group: JournalGroup | undefined;
      try {
        await this.#options.waitForRoom?.(this.#stopping.signal);
        group = await source.takeGroup(Math.ceil(flushSpans * this.#share), Math.ceil(maxGroupBytes * this.#share));
        if (group === undefined) return;
        const startMs = performance.now();
        const storedSpans = await this.#insertGroup(group, timeoutMs);
        await source.commit(group);
        this.#grow();
        this.#trouble = undefined;
        this.#storedSpans += storedSpans;
        metrics.stored(storedSpans, (performance.now() - startMs) / 1000);
        return;
      } catch (error) {
        metrics.insertFailed('retryable');
        this.#trouble = (error as Error).message;
        logger.warn(
          { error: (error as Error).message, retryMs, waiting: source.depth },
          'store: insert failed, spans stay in the journal and are tried again',
        );
        sizeFailures = this.#options.isSizeError?.(error) === true ? sizeFailures + 1 : 0;
        if (group !== undefined && sizeFailures >= SIZE_FAILURES && (await this.#tryShrink(group))) return;
        timeoutMs = Math.min(timeoutMs * 2, LAST_INSERT_TIMEOUT_MS);
        await sleep(retryMs, undefined, { signal: this.#abandon.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  /**
   * Gives a group up for a smaller one. Only where nothing of it is in the store: under other tokens it would be
   * stored a second time.
   */
  async #tryShrink(group: JournalGroup): Promise<boolean> {
    const { source, target, logger } = this.#options;
    if (group.entries.length < 2 || target.containsAny === undefined || this.#share <= SMALLEST_SHARE) return false;
    const spanBlocks = group.entries.flatMap(({ blocks }) =>
      blocks.filter(({ table }) => table === 'spans').map(({ bytes }) => bytes),
    );
    try {
      if (await target.containsAny(spanBlocks)) return false;
      await source.release(group);
    } catch (error) {
      logger.warn({ error: (error as Error).message }, 'store: does not say whether it has some of a group');
      return false;
    }
    this.#share = Math.max(this.#share / 2, SMALLEST_SHARE);
    this.#groupsAtShare = 0;
    logger.warn({ spans: group.spanCount, share: this.#share }, 'store: groups are made smaller');
    return true;
  }

  #grow(): void {
    if (this.#share === 1 || ++this.#groupsAtShare < GROUPS_UNTIL_GROWTH) return;
    this.#share = Math.min(1, this.#share * 2);
    this.#groupsAtShare = 0;
  }

  /** @returns spans that are in the store now; the rest of the group is set aside. */
  async #insertGroup(group: JournalGroup, timeoutMs: number): Promise<number> {
    try {
      await this.#insertEntries(group.entries, group.token, timeoutMs);
      return group.spanCount;
    } catch (error) {
      if (!this.#options.isContentError(error)) throw error;
      this.#options.metrics.insertFailed('content');
      this.#options.logger.error(
        { error: (error as Error).message, firstSequence: group.firstSequence, lastSequence: group.lastSequence },
        'store: refuses a group for its content, trying its entries one by one',
      );
      let stored = 0;
      for (const [i, entry] of group.entries.entries()) {
        if (await this.#insertAlone(entry, `${group.token}-${i}`, timeoutMs)) stored += entry.spanCount;
      }
      return stored;
    }
  }

  async #insertAlone(entry: JournalEntry, token: string, timeoutMs: number): Promise<boolean> {
    try {
      await this.#insertEntries([entry], token, timeoutMs);
      return true;
    } catch (error) {
      if (!this.#options.isContentError(error)) throw error;
      const path = await this.#options.source.setAside(entry, token);
      this.#options.metrics.setAside(entry.spanCount);
      this.#options.logger.error(
        { error: (error as Error).message, spans: entry.spanCount, path },
        'store: refuses an entry for its content. It is set aside in a file; please report this with the file.',
      );
      return false;
    }
  }

  async #insertEntries(entries: readonly JournalEntry[], token: string, timeoutMs: number): Promise<void> {
    // Catalogue rows first: a span must never be visible before its resource.
    const tables = new Map<string, Uint8Array[]>();
    for (const { blocks } of entries) {
      for (const { table, bytes } of blocks) {
        const chunks = tables.get(table);
        if (chunks === undefined) tables.set(table, [bytes]);
        else chunks.push(bytes);
      }
    }
    const spans = tables.get('spans');
    tables.delete('spans');
    const { target } = this.#options;
    for (const [table, chunks] of tables) {
      await target.insertNative(table, chunks, { deduplicationToken: `${token}-${table}`, timeoutMs });
    }
    if (spans !== undefined) {
      await target.insertNative('spans', spans, { deduplicationToken: `${token}-spans`, timeoutMs });
    }
  }
}
