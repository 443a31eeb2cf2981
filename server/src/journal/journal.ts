/**
 * The append-only log between "received" and "in the store". Acknowledged means: written here and fsynced.
 *
 * One file a segment, entries in sequence. Appends that arrive while an fsync runs share the next one (group
 * commit). The writer takes consecutive entries as a group, inserts them, and commits; segments that are
 * committed whole are written again from their beginning, or deleted. After a crash the same group comes again with the
 * same token.
 */
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Cursor } from './cursor.ts';
import type { JournalEntry, JournalGroup } from './entry.ts';
import { decodePayload, encodeEntry, NO_SECRET, payloadMatches } from './entry-codec.ts';
import { LaneCursors } from './lane-cursors.ts';
import { type JournalLogger, recoverSegments } from './recover-segments.ts';
import { emptySegment, readOrCreateId, type Segment, segmentPath, syncDirectory, writeAll } from './segment-files.ts';
import {
  END_MARK,
  NEW_SEGMENT_HEADER_BYTES,
  newSegmentHeader,
  REUSED_SEGMENT_HEADER_BYTES,
  reusedSegmentHeader,
} from './segment-header.ts';

/** Written and synced by `recheckDisk`: a disk with less room than this takes no request worth the name. */
const PROBE_BYTES = 64 * 1024;

/**
 * Segments kept to be written again, beyond those with entries that wait. Making a file and freeing one are changes to
 * the file system's own journal, which every fdatasync meanwhile waits for: docs/internals/write-path.md.
 */
export const MAX_SPARE_SEGMENTS = 4;

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
  /** The entry is in the store and its memory is nobody's any more. */
  readonly onFreed?: (entry: JournalEntry) => void;
  readonly logger: JournalLogger;
}

/** What waits for one shard of the store, in order. Source of one writer. */
export interface JournalLane {
  readonly depth: { readonly spans: number; readonly bytes: number; readonly oldestAgeMs: number };
  waitForEntries(timeoutMs: number, signal?: AbortSignal): Promise<void>;
  takeGroup(maxSpans: number, maxBytes: number): Promise<JournalGroup | undefined>;
  commit(group: JournalGroup): Promise<void>;
  release(group: JournalGroup): Promise<void>;
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
  /** By the clock that never jumps. After a restart it counts from the start. */
  readonly appendedMs: number;
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
  readonly #secret: number;
  /** One a lane. An entry is done with when it lies behind all of them. */
  readonly #cursors: readonly Cursor[];
  readonly #segments: Segment[];
  #file: FileHandle | undefined;
  #fileBytes = 0;
  /** The open segment has been used before: behind its entries stands an end mark. */
  #isReused = false;
  /** Beginning of the open segment, to be written with its first entries. */
  #unwrittenHeader: Buffer | undefined;
  /** Paths of segments with nothing in them that is not in the store. */
  readonly #spares: string[] = [];
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
  #writeFailure: string | undefined;
  #failedWrites = 0;
  #isFull = false;
  #lastSegmentNumber: number;

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
    this.#secret = secretOf(id);
    this.#cursors = cursors;
    this.#segments = segments;
    this.#index = index;
    this.#nextSequence = nextSequence;
    this.#damagedEntries = damaged;
    // The highest of all, and so above every file's name, which is the number of its segment's first use.
    this.#lastSegmentNumber = segments.reduce((highest, { number }) => Math.max(highest, number), 0);
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
    try {
      return await Journal.#recover(options, id, cursors);
    } catch (error) {
      await cursors.close();
      throw error;
    }
  }

  static async #recover(options: JournalOptions, id: string, cursors: LaneCursors): Promise<Journal> {
    const committed = cursors.committedByAll;
    if (cursors.isDamaged) {
      options.logger.error(
        { dir: options.dir },
        'journal: a cursor is damaged: what is still in the segments is sent to the store again, and may be there twice',
      );
    }
    const segments: Segment[] = [];
    const index: IndexedEntry[] = [];
    // A new entry must never fall into the range of a group that may be in the store already: it would be dropped.
    let lastSequence = cursors.highestUsed;
    let damaged = 0;
    for await (const recovered of recoverSegments(options.dir, options.logger, lastSequence, secretOf(id))) {
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
          appendedMs: performance.now(),
          entry: undefined,
        });
      }
    }
    // By their entries: a segment that was written again has the name of its first use.
    segments.sort((a, b) => a.lastSequence - b.lastSequence || a.number - b.number);
    index.sort((a, b) => a.sequence - b.sequence);
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
      oldestAgeMs: this.#index.length === 0 ? 0 : performance.now() - this.#index[0].appendedMs,
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
      release: (group) => this.release(group, lane),
      setAside: (entry, name) => this.setAside(entry, name),
    };
  }

  /** Why the disk took no entry when it was last asked; undefined once it has taken one again. */
  get writeFailure(): string | undefined {
    return this.#writeFailure;
  }

  /** Writes that the disk did not take, each with the entries of one or more requests. */
  get failedWriteCount(): number {
    return this.#failedWrites;
  }

  /**
   * Asks the disk again after a failed write: who sends only to what says it is ready would else never find out that
   * it works. @returns what `writeFailure` is now.
   */
  async recheckDisk(): Promise<string | undefined> {
    if (this.#writeFailure === undefined || this.#closed) return this.#writeFailure;
    const path = join(this.#options.dir, 'probe');
    try {
      await writeFile(path, Buffer.alloc(PROBE_BYTES), { flush: true });
      this.#noteWritten();
    } catch {
      // As before.
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
    }
    return this.#writeFailure;
  }

  /** Whether the last entry was refused for `maxBytes`, and nothing has been committed since. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Damaged entries and stretches found at the start or later; their bytes are kept in `quarantine/`. */
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
    this.#isFull = total > this.#options.maxBytes;
    if (this.#isFull) {
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
    if (last === first) {
      if (!resumed) return undefined;
      // All of the group on its way was damaged.
      await cursor.write({ committed: inFlightLast, inFlightLast: 0 });
      return this.takeGroup(maxSpans, maxBytes, lane);
    }
    const taken = this.#index.slice(first, last);
    // Not the numbers of the entries themselves: the first or last of a resumed group may have been damaged since.
    const firstSequence = committed + 1;
    const lastSequence = resumed ? inFlightLast : taken[taken.length - 1].sequence;
    if (!resumed) await cursor.write({ committed, inFlightLast: lastSequence });
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
    if (count > 0) this.#isFull = false;
    for (const indexed of this.#index.splice(0, count)) {
      this.#indexedBytes -= indexed.payloadBytes;
      this.#indexedSpans -= indexed.spanCount;
      if (indexed.entry === undefined) continue;
      this.#heldBytes -= indexed.payloadBytes;
      this.#options.onFreed?.(indexed.entry);
    }
    if (this.#writeFailure !== undefined && this.#flushing === undefined) await this.#freeWhatIsCommitted();
    else await this.#deleteCommittedSegments();
  }

  /** Forgets that a group was on its way: its entries may come in other groups, under other tokens. */
  async release(group: JournalGroup, lane = 0): Promise<void> {
    const cursor = this.#cursors[lane];
    const { committed, inFlightLast } = cursor.state;
    if (inFlightLast === group.lastSequence) await cursor.write({ committed, inFlightLast: 0 });
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
    await this.#closeSegment();
    await this.#deleteSpares();
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
        await this.#freeWhatIsCommitted();
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
    const header = this.#unwrittenHeader;
    const writeFrom = header === undefined ? startBytes : 0;
    const secret = this.#isReused ? this.#secret : NO_SECRET;
    const added: IndexedEntry[] = [];
    const buffers: Uint8Array[] = header === undefined ? [] : [header];
    let sequence = this.#nextSequence;
    let offset = startBytes;
    for (const { entry } of batch) {
      const encoded = encodeEntry(entry, sequence, secret);
      const entryHeader = encoded.buffers[0] as Buffer;
      added.push({
        sequence,
        segment,
        payloadOffset: offset + entryHeader.length,
        payloadBytes: encoded.byteCount - entryHeader.length,
        payloadChecksum: entryHeader.readUInt32LE(8),
        spanCount: entry.spanCount,
        appendedMs: performance.now(),
        entry,
      });
      for (const buffer of encoded.buffers) if (buffer.length > 0) buffers.push(buffer);
      offset += encoded.byteCount;
      sequence++;
    }
    if (this.#isReused) buffers.push(END_MARK);
    let isWritten = false;
    try {
      await writeAll(file, buffers, writeFrom);
      isWritten = true;
      await file.datasync();
    } catch (error) {
      // Should the refused bytes stay on disk after all, their numbers must not be given to other entries.
      this.#nextSequence = sequence;
      await this.#takeBack(file, segment, writeFrom, !isWritten);
      throw writeError('', error as NodeJS.ErrnoException);
    }
    this.#unwrittenHeader = undefined;
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
    // The entries are synced: trouble with closing is no reason to refuse them.
    if (this.#fileBytes >= this.#options.segmentBytes) await this.#closeSegment();
  }

  /** Once for a trouble, however many requests it refuses. */
  #noteWriteFailure({ message }: Error): void {
    this.#failedWrites++;
    if (this.#writeFailure !== message) this.#options.logger.error({ error: message }, 'journal: write failed');
    this.#writeFailure = message;
  }

  #noteWritten(): void {
    if (this.#writeFailure === undefined) return;
    this.#options.logger.info({}, 'journal: the disk takes writes again');
    this.#writeFailure = undefined;
  }

  /** A refused write must not come back after a restart: its sender was told to try again. */
  async #takeBack(file: FileHandle, segment: Segment, startBytes: number, isSynced: boolean): Promise<void> {
    try {
      await file.truncate(startBytes);
      await file.datasync();
      // After a failed fsync the kernel may have dropped the pages: never trust such a file for new entries. One that
      // only had no room is as good as before; a new one for every refused request would use up what room is left.
      if (isSynced && startBytes > NEW_SEGMENT_HEADER_BYTES) return;
    } catch (error) {
      this.#options.logger.error({ error: (error as Error).message }, 'journal: could not take a failed write back');
    }
    segment.isSuspect = true;
    await this.#closeSegment();
  }

  async #closeSegment(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch((error: Error) => {
      this.#options.logger.warn({ error: error.message }, 'journal: a segment was not closed cleanly');
    });
  }

  /**
   * On a full disk: gives the space of the segment being written back as well, when all of it is in the store. To be
   * called while no write runs.
   */
  async #freeWhatIsCommitted(): Promise<void> {
    const open = this.#segments[this.#segments.length - 1];
    if (open !== undefined && open.lastSequence <= this.#committedByAll) await this.#closeSegment();
    await this.#deleteSpares();
    await this.#deleteCommittedSegments();
  }

  async #openSegment(): Promise<FileHandle> {
    if (this.#file !== undefined) return this.#file;
    const number = this.#lastSegmentNumber + 1;
    const reused = await this.#tryOpenSpare();
    const { file, path } = reused ?? (await this.#makeSegment(number));
    const isReused = reused !== undefined;
    this.#file = file;
    this.#isReused = isReused;
    this.#unwrittenHeader = isReused ? reusedSegmentHeader({ number, firstSequence: this.#nextSequence }) : undefined;
    this.#fileBytes = isReused ? REUSED_SEGMENT_HEADER_BYTES : NEW_SEGMENT_HEADER_BYTES;
    this.#lastSegmentNumber = number;
    this.#segments.push({ number, path, lastSequence: 0, isSuspect: false });
    return file;
  }

  async #tryOpenSpare(): Promise<{ readonly file: FileHandle; readonly path: string } | undefined> {
    for (let path = this.#spares.pop(); path !== undefined; path = this.#spares.pop()) {
      const file = await open(path, 'r+').catch(() => undefined);
      if (file !== undefined) return { file, path };
      await this.#delete(path);
    }
    return undefined;
  }

  async #makeSegment(number: number): Promise<{ readonly file: FileHandle; readonly path: string }> {
    const path = segmentPath(this.#options.dir, number);
    let file: FileHandle | undefined;
    try {
      // Prepared under another name: a half-made segment is never seen as one.
      file = await open(`${path}.new`, 'w+');
      await file.write(newSegmentHeader(), 0, NEW_SEGMENT_HEADER_BYTES, 0);
      await file.datasync();
      await rename(`${path}.new`, path);
      await syncDirectory(this.#options.dir);
      return { file, path };
    } catch (error) {
      await file?.close().catch(() => undefined);
      for (const left of [`${path}.new`, path]) await rm(left, { force: true }).catch(() => undefined);
      throw writeError('cannot create a segment: ', error as NodeJS.ErrnoException);
    }
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
      oldestAgeMs: performance.now() - this.#index[first].appendedMs,
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
      if (payloadMatches(indexed, payload)) return decodePayload(indexed.spanCount, payload);
      return await this.#replaceDamaged(indexed, payload);
    } finally {
      await file.close();
    }
  }

  /** The bytes of an entry have changed on the disk since they were written: without it the others can go on. */
  async #replaceDamaged(indexed: IndexedEntry, payload: Buffer): Promise<JournalEntry> {
    const dir = join(this.#options.dir, 'quarantine');
    await mkdir(dir, { recursive: true });
    const kept = join(dir, `entry-${indexed.sequence}.damaged`);
    await writeFile(kept, payload, { flush: true });
    this.#damagedEntries++;
    this.#options.logger.error(
      { segment: indexed.segment.path, sequence: indexed.sequence, spans: indexed.spanCount, kept },
      'journal: an entry is damaged; its bytes are set aside, its spans are lost',
    );
    indexed.entry = { spanCount: 0, blocks: [] };
    this.#heldBytes += indexed.payloadBytes;
    return indexed.entry;
  }

  async #deleteCommittedSegments(): Promise<void> {
    const committed = this.#committedByAll;
    for (;;) {
      const segment = this.#segments[0];
      const isOpen = this.#file !== undefined && segment === this.#segments[this.#segments.length - 1];
      if (segment === undefined || isOpen || segment.lastSequence > committed) return;
      // First the list: lanes commit side by side.
      this.#segments.shift();
      await this.#keepOrDelete(segment);
    }
  }

  async #keepOrDelete(segment: Segment): Promise<void> {
    const isWanted = this.#writeFailure === undefined && this.#spares.length < MAX_SPARE_SEGMENTS;
    if (isWanted && !segment.isSuspect) {
      const isEmpty = await emptySegment(segment, this.#committedByAll + 1).then(
        () => true,
        () => false,
      );
      if (isEmpty) {
        this.#spares.push(segment.path);
        return;
      }
    }
    await this.#delete(segment.path);
  }

  async #deleteSpares(): Promise<void> {
    for (let path = this.#spares.pop(); path !== undefined; path = this.#spares.pop()) await this.#delete(path);
  }

  async #delete(segment: string): Promise<void> {
    await rm(segment, { force: true }).catch((error: Error) => {
      this.#options.logger.warn(
        { segment, error: error.message },
        'journal: a segment that is in the store could not be deleted, it is tried again at the next start',
      );
    });
  }

  #wake(): void {
    for (const wake of [...this.#wakeUps]) wake();
  }
}

/** The journal's name is random, and is told to the store alone. */
function secretOf(id: string): number {
  return crc32(id);
}

function writeError(what: string, error: NodeJS.ErrnoException): JournalError {
  const full = error.code === 'ENOSPC' || error.code === 'EDQUOT';
  const advice = full
    ? 'no space left on its disk. Free space; senders retry.'
    : `${error.message}. Check the disk of the data directory.`;
  return new JournalError(full ? 'JOURNAL_FULL' : 'JOURNAL_WRITE_FAILED', `journal: ${what}${advice}`, {
    cause: error,
  });
}
