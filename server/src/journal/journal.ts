/**
 * The append-only log between "received" and "in the store". Acknowledged means: written here and fsynced.
 *
 * One file a segment, entries in sequence. Appends that arrive while an fsync runs share the next one (group
 * commit). The writer takes consecutive entries as a group, inserts them, and commits; segments that are
 * committed whole are deleted. After a crash the same group comes again with the same token.
 */
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cursor } from './cursor.ts';
import type { JournalEntry, JournalGroup } from './entry.ts';
import { decodePayload, encodeEntry, payloadMatches } from './entry-codec.ts';
import { LaneCursors } from './lane-cursors.ts';
import { type JournalLogger, recoverSegments } from './recover-segments.ts';
import { readOrCreateId, type Segment, segmentPath, syncDirectory, writeAll } from './segment-files.ts';
import { SEGMENT_HEADER_BYTES, segmentHeader } from './segment-scan.ts';

const WRITE_FAILURE_MEMORY_MS = 10_000;

export interface JournalOptions {
  readonly dir: string;
  /** Most bytes of entries not yet in the store; more are refused with JOURNAL_FULL. */
  readonly maxBytes: number;
  /** A new segment file begins beyond this size. */
  readonly segmentBytes: number;
  /** Most bytes of waiting entries also kept in memory, to spare the writer reading them back. */
  readonly memoryBytes: number;
  /** Readers that take and commit groups by themselves: one a shard of the store. Default 1. */
  readonly lanes?: number;
  readonly logger: JournalLogger;
}

/** What waits for one shard of the store, in order. Source of one writer. */
export interface JournalLane {
  readonly depth: { readonly spans: number; readonly bytes: number; readonly oldestAgeMs: number };
  waitForEntries(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  takeGroup(maxSpans: number, maxBytes: number): Promise<JournalGroup | undefined>;
  commit(group: JournalGroup): Promise<void>;
  setAside(entry: JournalEntry, name: string): Promise<string>;
}

/** Refusals of `append`. `JOURNAL_FULL` is to be retried by the sender. */
export class JournalError extends Error {
  readonly code: 'JOURNAL_FULL' | 'JOURNAL_CLOSED' | 'JOURNAL_WRITE_FAILED';

  constructor(code: JournalError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JournalError';
    this.code = code;
  }
}

interface IndexedEntry {
  readonly sequence: number;
  readonly segment: Segment;
  readonly payloadOffset: number;
  readonly payloadBytes: number;
  readonly payloadChecksum: number;
  readonly spanCount: number;
  readonly appendedUnixMs: number;
  /** Present while it fits into `memoryBytes`. */
  entry: JournalEntry | undefined;
}

interface WaitingAppend {
  readonly entry: JournalEntry;
  readonly byteCount: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Journal {
  readonly #options: JournalOptions;
  readonly #id: string;
  /** One a lane. An entry is done with when it lies behind all of them. */
  readonly #cursors: readonly Cursor[];
  readonly #segments: Segment[];
  #file: FileHandle | undefined;
  #fileBytes = 0;
  #nextSequence: number;
  /** Entries not committed, in sequence. */
  readonly #index: IndexedEntry[];
  #indexedBytes = 0;
  #indexedSpans = 0;
  #heldBytes = 0;
  #waiting: WaitingAppend[] = [];
  #waitingBytes = 0;
  #flushing: Promise<void> | undefined;
  #closed = false;
  readonly #wakeUps = new Set<() => void>();
  #damagedEntries: number;
  #writeFailure: { readonly message: string; readonly unixMs: number } | undefined;

  private constructor(
    options: JournalOptions,
    id: string,
    cursors: readonly Cursor[],
    segments: Segment[],
    index: IndexedEntry[],
    nextSequence: number,
    damaged: number,
  ) {
    this.#options = options;
    this.#id = id;
    this.#cursors = cursors;
    this.#segments = segments;
    this.#index = index;
    this.#nextSequence = nextSequence;
    this.#damagedEntries = damaged;
    for (const entry of index) {
      this.#indexedBytes += entry.payloadBytes;
      this.#indexedSpans += entry.spanCount;
    }
  }

  /** Opens or creates the journal and reads back what is not in the store yet. */
  static async open(options: JournalOptions): Promise<Journal> {
    await mkdir(options.dir, { recursive: true });
    const id = await readOrCreateId(options.dir);
    const cursors = await LaneCursors.open(options.dir, options.lanes ?? 1);
    const committed = cursors.committedByAll;
    const segments: Segment[] = [];
    const index: IndexedEntry[] = [];
    let lastSequence = committed;
    let damaged = 0;
    for await (const recovered of recoverSegments(options.dir, options.logger)) {
      const { segment } = recovered;
      damaged += recovered.damagedCount;
      lastSequence = Math.max(lastSequence, segment.lastSequence);
      segments.push(segment);
      for (const { header, payloadOffset } of recovered.entries) {
        if (header.sequence <= committed) continue;
        index.push({
          sequence: header.sequence,
          segment,
          payloadOffset,
          payloadBytes: header.payloadBytes,
          payloadChecksum: header.payloadChecksum,
          spanCount: header.spanCount,
          appendedUnixMs: Date.now(),
          entry: undefined,
        });
      }
    }
    const lanes = await cursors.settle(lastSequence);
    const journal = new Journal(options, id, lanes, segments, index, lastSequence + 1, damaged);
    await journal.#deleteCommittedSegments();
    if (index.length > 0) {
      options.logger.info(
        { entries: index.length, spans: journal.#indexedSpans },
        'journal: replaying entries that were acknowledged but not in the store yet',
      );
    }
    return journal;
  }

  /** Entries that are acknowledged but not in the store yet. */
  get depth(): {
    readonly entries: number;
    readonly spans: number;
    readonly bytes: number;
    readonly oldestAgeMs: number;
  } {
    return {
      entries: this.#index.length,
      spans: this.#indexedSpans,
      bytes: this.#indexedBytes,
      oldestAgeMs: this.#index.length === 0 ? 0 : Math.max(0, Date.now() - this.#index[0].appendedUnixMs),
    };
  }

  /** At least as many as asked for: one that was used before may still have entries to deliver. */
  get laneCount(): number {
    return this.#cursors.length;
  }

  /** What waits for one shard. The journal's own methods are those of the first. */
  lane(lane: number): JournalLane {
    const depth = () => this.#depthOf(lane);
    return {
      get depth() {
        return depth();
      },
      waitForEntries: (timeoutMs, signal) => this.waitForEntries(timeoutMs, signal),
      takeGroup: (maxSpans, maxBytes) => this.takeGroup(maxSpans, maxBytes, lane),
      commit: (group) => this.commit(group, lane),
      setAside: (entry, name) => this.setAside(entry, name),
    };
  }

  /**
   * Why the disk took no entry when it was last asked. Forgotten after WRITE_FAILURE_MEMORY_MS: who sends only to
   * what says it is ready would else never find out that the disk works again.
   */
  get writeFailure(): string | undefined {
    const failure = this.#writeFailure;
    return failure !== undefined && Date.now() - failure.unixMs < WRITE_FAILURE_MEMORY_MS ? failure.message : undefined;
  }

  /** Damaged stretches found at the start; their bytes are kept in `quarantine/`. */
  get damagedEntryCount(): number {
    return this.#damagedEntries;
  }

  /**
   * Writes an entry; resolves when it is fsynced.
   * @throws JournalError JOURNAL_FULL when the waiting entries would exceed `maxBytes` or the disk is full,
   * JOURNAL_CLOSED after close(), JOURNAL_WRITE_FAILED when the disk failed: the entry is then not in the journal.
   */
  append(entry: JournalEntry): Promise<void> {
    if (this.#closed) return Promise.reject(new JournalError('JOURNAL_CLOSED', 'journal: closed, Clew is stopping.'));
    let byteCount = 0;
    for (const block of entry.blocks) byteCount += block.bytes.length;
    const total = this.#indexedBytes + this.#waitingBytes + byteCount;
    if (total > this.#options.maxBytes) {
      return Promise.reject(
        new JournalError(
          'JOURNAL_FULL',
          `journal: ${total} bytes would wait for the store (limit ${this.#options.maxBytes}, journal.maxBytes). Retry later.`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, byteCount, resolve, reject });
      this.#waitingBytes += byteCount;
      this.#flushing ??= this.#flush();
    });
  }

  /** Resolves when something is appended, the time is over, the signal fires or the journal closes. */
  waitForEntries(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        this.#wakeUps.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      signal?.addEventListener('abort', wake, { once: true });
      this.#wakeUps.add(wake);
    });
  }

  /**
   * The next group to insert: after a crash the one that was on its way, else consecutive entries up to the limits
   * (at least one). Undefined when nothing waits. Call commit() with it before taking the next. Of several lanes each
   * gets its own blocks of an entry, and about its share of the limits.
   */
  async takeGroup(maxSpans: number, maxBytes: number, lane = 0): Promise<JournalGroup | undefined> {
    const cursor = this.#cursors[lane];
    const { committed, inFlightLast } = cursor.state;
    const first = this.#indexBehind(committed);
    const resumed = inFlightLast > committed;
    let last = first;
    let spanCount = 0;
    let byteCount = 0;
    for (; last < this.#index.length; last++) {
      const entry = this.#index[last];
      if (resumed && entry.sequence > inFlightLast) break;
      spanCount += entry.spanCount / this.laneCount;
      byteCount += entry.payloadBytes / this.laneCount;
      if (!resumed && last > first && (spanCount > maxSpans || byteCount > maxBytes)) break;
    }
    if (last === first) return undefined;
    const taken = this.#index.slice(first, last);
    const firstSequence = taken[0].sequence;
    const lastSequence = taken[taken.length - 1].sequence;
    if (inFlightLast !== lastSequence) await cursor.write({ committed, inFlightLast: lastSequence });
    const entries: JournalEntry[] = [];
    for (const indexed of taken) entries.push(await this.#entryOf(indexed, lane));
    return {
      token: `${this.#id}-${firstSequence}-${lastSequence}${lane === 0 ? '' : `@${lane}`}`,
      firstSequence,
      lastSequence,
      spanCount: entries.reduce((sum, entry) => sum + entry.spanCount, 0),
      entries,
    };
  }

  /** Marks a group as being in the store (or set aside); behind all lanes, its disk space is freed. */
  async commit(group: JournalGroup, lane = 0): Promise<void> {
    await this.#cursors[lane].write({ committed: group.lastSequence, inFlightLast: 0 });
    const count = this.#indexBehind(this.#committedByAll);
    for (const indexed of this.#index.splice(0, count)) {
      this.#indexedBytes -= indexed.payloadBytes;
      this.#indexedSpans -= indexed.spanCount;
      if (indexed.entry !== undefined) this.#heldBytes -= indexed.payloadBytes;
    }
    await this.#deleteCommittedSegments();
  }

  /** Keeps an entry that the store cannot take in `quarantine/`, for people to look at. */
  async setAside(entry: JournalEntry, name: string): Promise<string> {
    const dir = join(this.#options.dir, 'quarantine');
    await mkdir(dir, { recursive: true });
    const path = join(dir, `${name}.entry`);
    await writeFile(path, Buffer.concat(encodeEntry(entry, 0).buffers), { flush: true });
    return path;
  }

  /** Finishes running appends, refuses further ones and closes the files. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#flushing !== undefined) await this.#flushing;
    this.#wake();
    await this.#file?.close();
    this.#file = undefined;
    for (const cursor of this.#cursors) await cursor.close();
  }

  async #flush(): Promise<void> {
    // One turn of the event loop: requests that arrive together share an fsync.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        await this.#write(batch);
        this.#noteWritten();
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.#noteWriteFailure(error as Error);
        for (const { reject } of batch) reject(error as Error);
      }
      this.#wake();
    }
    this.#flushing = undefined;
  }

  async #write(batch: readonly WaitingAppend[]): Promise<void> {
    const file = await this.#openSegment();
    const segment = this.#segments[this.#segments.length - 1];
    const startBytes = this.#fileBytes;
    const added: IndexedEntry[] = [];
    const buffers: Uint8Array[] = [];
    let sequence = this.#nextSequence;
    let offset = startBytes;
    for (const { entry } of batch) {
      const encoded = encodeEntry(entry, sequence);
      const header = encoded.buffers[0] as Buffer;
      added.push({
        sequence,
        segment,
        payloadOffset: offset + header.length,
        payloadBytes: encoded.byteCount - header.length,
        payloadChecksum: header.readUInt32LE(8),
        spanCount: entry.spanCount,
        appendedUnixMs: Date.now(),
        entry,
      });
      for (const buffer of encoded.buffers) if (buffer.length > 0) buffers.push(buffer);
      offset += encoded.byteCount;
      sequence++;
    }
    try {
      await writeAll(file, buffers, startBytes);
      await file.datasync();
    } catch (error) {
      // Should the refused bytes stay on disk after all, their numbers must not be given to other entries.
      this.#nextSequence = sequence;
      await this.#abandonWrite(file, startBytes, error as NodeJS.ErrnoException);
    }
    this.#fileBytes = offset;
    this.#nextSequence = sequence;
    segment.lastSequence = sequence - 1;
    for (const indexed of added) {
      this.#index.push(indexed);
      this.#indexedBytes += indexed.payloadBytes;
      this.#indexedSpans += indexed.spanCount;
      this.#heldBytes += indexed.payloadBytes;
      if (this.#heldBytes > this.#options.memoryBytes) this.#letGo(indexed);
    }
    if (this.#fileBytes >= this.#options.segmentBytes) {
      await file.close();
      this.#file = undefined;
    }
  }

  /** Once for a trouble, however many requests it refuses. */
  #noteWriteFailure({ message }: Error): void {
    if (this.writeFailure !== message) this.#options.logger.error({ error: message }, 'journal: write failed');
    this.#writeFailure = { message, unixMs: Date.now() };
  }

  #noteWritten(): void {
    if (this.#writeFailure !== undefined) this.#options.logger.info({}, 'journal: the disk takes writes again');
    this.#writeFailure = undefined;
  }

  /** A refused write must not come back after a restart: its sender was told to try again. */
  async #abandonWrite(file: FileHandle, startBytes: number, error: NodeJS.ErrnoException): Promise<never> {
    try {
      await file.truncate(startBytes);
      await file.datasync();
    } catch (second) {
      this.#options.logger.error({ error: (second as Error).message }, 'journal: could not take a failed write back');
    }
    // After a failed fsync the kernel may have dropped the pages: never trust this file for new entries.
    await file.close().catch(() => undefined);
    this.#file = undefined;
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
      throw new JournalError('JOURNAL_FULL', 'journal: no space left on its disk. Free space; senders retry.', {
        cause: error,
      });
    }
    throw new JournalError('JOURNAL_WRITE_FAILED', `journal: ${error.message}. Check the disk of the data directory.`, {
      cause: error,
    });
  }

  async #openSegment(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    const last = this.#segments[this.#segments.length - 1];
    const number = (last?.number ?? 0) + 1;
    const path = segmentPath(this.#options.dir, number);
    try {
      // Prepared under another name: a half-made segment is never seen as one.
      const file = await open(`${path}.new`, 'w+');
      await file.write(segmentHeader(), 0, SEGMENT_HEADER_BYTES, 0);
      await file.datasync();
      await rename(`${path}.new`, path);
      await syncDirectory(this.#options.dir);
      this.#file = file;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const full = code === 'ENOSPC' || code === 'EDQUOT';
      throw new JournalError(
        full ? 'JOURNAL_FULL' : 'JOURNAL_WRITE_FAILED',
        `journal: cannot create a segment: ${message}. ${full ? 'Free space; senders retry.' : 'Check the data directory.'}`,
        { cause: error },
      );
    }
    this.#fileBytes = SEGMENT_HEADER_BYTES;
    this.#segments.push({ number, path, lastSequence: 0 });
    return this.#file;
  }

  get #committedByAll(): number {
    return Math.min(...this.#cursors.map(({ state }) => state.committed));
  }

  /** Place in the index of the first entry beyond a sequence number. */
  #indexBehind(sequence: number): number {
    let low = 0;
    let high = this.#index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#index[middle].sequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #depthOf(lane: number): JournalLane['depth'] {
    const first = this.#indexBehind(this.#cursors[lane].state.committed);
    const waiting = this.#index.length - first;
    if (waiting === 0) return { spans: 0, bytes: 0, oldestAgeMs: 0 };
    // How many of the spans are for this lane is known when the entries are read; a share is near enough until then.
    const share = waiting / this.#index.length / this.laneCount;
    return {
      spans: Math.ceil(this.#indexedSpans * share),
      bytes: Math.ceil(this.#indexedBytes * share),
      oldestAgeMs: Math.max(0, Date.now() - this.#index[first].appendedUnixMs),
    };
  }

  /**
   * Memory is full: one entry is read back from the disk when its turn comes. With one lane the newest, whose turn
   * comes last. With several the oldest, which then waits for a shard that is away while the others want the newest.
   */
  #letGo(newest: IndexedEntry): void {
    while (this.#heldBytes > this.#options.memoryBytes) {
      const indexed = this.laneCount === 1 ? newest : this.#index.find(({ entry }) => entry !== undefined);
      if (indexed?.entry === undefined) return;
      indexed.entry = undefined;
      this.#heldBytes -= indexed.payloadBytes;
    }
  }

  /** What of an entry is for a lane. */
  async #entryOf(indexed: IndexedEntry, lane: number): Promise<JournalEntry> {
    const entry = indexed.entry ?? (await this.#readEntry(indexed));
    if (this.laneCount === 1) return entry;
    const blocks = entry.blocks.filter(({ shard = 0 }) => shard === lane);
    // What was read back is held by nobody else: copies let the other lanes' bytes go.
    const own =
      indexed.entry === undefined ? blocks.map((block) => ({ ...block, bytes: block.bytes.slice() })) : blocks;
    const spanCount = blocks.reduce((sum, { table, rowCount }) => sum + (table === 'spans' ? rowCount : 0), 0);
    return { spanCount, blocks: own };
  }

  async #readEntry(indexed: IndexedEntry): Promise<JournalEntry> {
    const file = await open(indexed.segment.path, 'r');
    try {
      const payload = Buffer.allocUnsafe(indexed.payloadBytes);
      await file.read(payload, 0, payload.length, indexed.payloadOffset);
      if (!payloadMatches(indexed, payload)) {
        throw new Error(
          `journal: entry ${indexed.sequence} in ${indexed.segment.path} is damaged. Restart to set it aside.`,
        );
      }
      return decodePayload(indexed.spanCount, payload);
    } finally {
      await file.close();
    }
  }

  async #deleteCommittedSegments(): Promise<void> {
    const committed = this.#committedByAll;
    for (;;) {
      const segment = this.#segments[0];
      const isOpen = this.#file !== undefined && segment === this.#segments[this.#segments.length - 1];
      if (segment === undefined || isOpen || segment.lastSequence > committed) return;
      // First the list: lanes commit side by side.
      this.#segments.shift();
      await rm(segment.path, { force: true });
    }
  }

  #wake(): void {
    for (const wake of [...this.#wakeUps]) wake();
  }
}
