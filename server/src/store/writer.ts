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
  setAside(entry: JournalEntry, name: string): Promise<string>;
  readonly depth: { readonly spans: number; readonly bytes: number; readonly oldestAgeMs: number };
}

export interface WriterTarget {
  /** Inserts Native blocks; the same token twice stores once. Rejects with the engine's error. */
  insertNative(
    table: string,
    blocks: readonly Uint8Array[],
    options: { readonly deduplicationToken: string },
  ): Promise<void>;
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
  /** A group is inserted as soon as this many spans wait … */
  readonly flushSpans: number;
  /** … or the oldest waits this long. */
  readonly flushIntervalMs: number;
  /** Most payload bytes in one group. */
  readonly maxGroupBytes: number;
  /** How many times larger and later groups should be: more than 1 while the store has trouble merging small ones. */
  readonly groupFactor?: () => number;
  readonly metrics: WriterMetrics;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

export class Writer {
  readonly #options: WriterOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #storedSpans = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Spans put into the store by this process. */
  get storedSpans(): number {
    return this.#storedSpans;
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
    while (!this.#abandon.signal.aborted) {
      try {
        const group = await source.takeGroup(flushSpans, maxGroupBytes);
        if (group === undefined) return;
        const startMs = performance.now();
        const storedSpans = await this.#insertGroup(group);
        await source.commit(group);
        this.#storedSpans += storedSpans;
        metrics.stored(storedSpans, (performance.now() - startMs) / 1000);
        return;
      } catch (error) {
        metrics.insertFailed('retryable');
        logger.warn(
          { error: (error as Error).message, retryMs, waiting: source.depth },
          'store: insert failed, spans stay in the journal and are tried again',
        );
        await sleep(retryMs, undefined, { signal: this.#abandon.signal }).catch(() => undefined);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      }
    }
  }

  /** @returns spans that are in the store now; the rest of the group is set aside. */
  async #insertGroup(group: JournalGroup): Promise<number> {
    try {
      await this.#insertEntries(group.entries, group.token);
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
        if (await this.#insertAlone(entry, `${group.token}-${i}`)) stored += entry.spanCount;
      }
      return stored;
    }
  }

  async #insertAlone(entry: JournalEntry, token: string): Promise<boolean> {
    try {
      await this.#insertEntries([entry], token);
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

  async #insertEntries(entries: readonly JournalEntry[], token: string): Promise<void> {
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
    for (const [table, chunks] of tables) {
      await this.#options.target.insertNative(table, chunks, { deduplicationToken: `${token}-${table}` });
    }
    if (spans !== undefined) {
      await this.#options.target.insertNative('spans', spans, { deduplicationToken: `${token}-spans` });
    }
  }
}
