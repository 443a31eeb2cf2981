import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from '../journal/entry.ts';
import { Journal } from '../journal/journal.ts';
import { Writer } from './writer.ts';

let dir: string;
let journal: Journal;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clew-writer-'));
  journal = await openJournal();
});
afterEach(async () => {
  await journal.close();
  await rm(dir, { recursive: true, force: true });
});

function openJournal(): Promise<Journal> {
  return Journal.open({ dir, maxBytes: 1 << 24, segmentBytes: 1 << 20, memoryBytes: 1 << 20, logger: silent });
}

/** A table store that drops what it has seen under the same token, as ClickHouse does, and fails when told to. */
class DeduplicatingTables {
  readonly rows: string[] = [];
  readonly inserted: string[] = [];
  readonly #tokens = new Set<string>();
  /** Consulted before each insert; may throw. */
  before: (table: string, text: string) => void = () => undefined;
  /** Consulted after each insert took effect; may throw, like a connection lost before the answer. */
  after: (table: string) => void = () => undefined;

  async insertNative(
    table: string,
    blocks: readonly Uint8Array[],
    { deduplicationToken }: { readonly deduplicationToken: string },
  ): Promise<void> {
    const texts = blocks.map((block) => Buffer.from(block).toString());
    this.before(table, texts.join(','));
    this.inserted.push(table);
    if (!this.#tokens.has(deduplicationToken)) {
      this.#tokens.add(deduplicationToken);
      for (const text of texts) this.rows.push(`${table}:${text}`);
    }
    this.after(table);
  }

  async containsAny(spanBlocks: readonly Uint8Array[]): Promise<boolean> {
    return spanBlocks.some((block) => this.rows.includes(`spans:${Buffer.from(block).toString()}`));
  }
}

function entry(name: string): JournalEntry {
  return {
    spanCount: 1,
    blocks: [
      { table: 'resources', rowCount: 1, bytes: Buffer.from(`of-${name}`) },
      { table: 'spans', rowCount: 1, bytes: Buffer.from(name) },
    ],
  };
}

class ContentError extends Error {}
class MemoryError extends Error {}

function writerFor(
  target: DeduplicatingTables,
  counts = { stored: 0, retryable: 0, content: 0, setAside: 0 },
  waitForRoom?: (signal: AbortSignal) => Promise<void>,
): Writer {
  return new Writer({
    ...(waitForRoom && { waitForRoom }),
    source: journal,
    target,
    isContentError: (error) => error instanceof ContentError,
    isSizeError: (error) => error instanceof MemoryError,
    flushSpans: 20,
    flushIntervalMs: 10,
    maxGroupBytes: 1 << 20,
    metrics: {
      stored: (spans) => (counts.stored += spans),
      insertFailed: (kind) => (counts[kind] += 1),
      setAside: (spans) => (counts.setAside += spans),
    },
    logger: silent,
  });
}

const spansOf = (target: DeduplicatingTables): string[] => target.rows.filter((row) => row.startsWith('spans:')).sort();

describe('Writer', () => {
  it('puts every entry into the store once, resources before spans, and empties the journal', async () => {
    const target = new DeduplicatingTables();
    const writer = writerFor(target);
    writer.start();
    for (const name of ['a', 'b', 'c']) await journal.append(entry(name));
    await writer.stop(5_000);
    expect(spansOf(target)).toEqual(['spans:a', 'spans:b', 'spans:c']);
    expect(target.inserted.indexOf('resources')).toBeLessThan(target.inserted.indexOf('spans'));
    expect(journal.depth.entries).toBe(0);
    expect(writer.storedSpans).toBe(3);
  });

  it('tries again until the store is back, and stores nothing twice', async () => {
    const target = new DeduplicatingTables();
    let failures = 3;
    target.before = () => {
      if (failures-- > 0) throw new Error('connection refused');
    };
    const counts = { stored: 0, retryable: 0, content: 0, setAside: 0 };
    const writer = writerFor(target, counts);
    await journal.append(entry('a'));
    writer.start();
    await writer.stop(10_000);
    expect(spansOf(target)).toEqual(['spans:a']);
    expect(counts).toMatchObject({ retryable: 3, content: 0, stored: 1 });
  });

  it('does not store twice when the answer to an insert was lost, even across a restart', async () => {
    const target = new DeduplicatingTables();
    let lose = true;
    target.after = (table) => {
      if (table === 'spans' && lose) throw new Error('socket hang up');
    };
    for (const name of ['a', 'b']) await journal.append(entry(name));
    const first = writerFor(target);
    first.start();
    await first.stop(300);
    expect(journal.depth.entries).toBe(2);
    await journal.close();
    journal = await openJournal();
    await journal.append(entry('c'));
    lose = false;
    const second = writerFor(target);
    second.start();
    await second.stop(5_000);
    expect(spansOf(target)).toEqual(['spans:a', 'spans:b', 'spans:c']);
  });

  it('sets aside only the entry that the store refuses for its content', async () => {
    const target = new DeduplicatingTables();
    target.before = (table, text) => {
      if (table === 'spans' && text.includes('poison')) throw new ContentError('cannot parse');
    };
    for (const name of ['a', 'poison', 'b']) await journal.append(entry(name));
    const counts = { stored: 0, retryable: 0, content: 0, setAside: 0 };
    const writer = writerFor(target, counts);
    writer.start();
    await writer.stop(5_000);
    expect(spansOf(target)).toEqual(['spans:a', 'spans:b']);
    expect(counts).toMatchObject({ setAside: 1, stored: 2 });
    expect(await readdir(join(dir, 'quarantine'))).toHaveLength(1);
    expect(journal.depth.entries).toBe(0);
  });

  it('makes a group smaller that fails for its size again and again, and stores every entry once', async () => {
    const target = new DeduplicatingTables();
    let largest = 0;
    target.before = (table, text) => {
      const entries = text.split(',').length;
      if (table === 'spans' && entries > 3) throw new MemoryError('memory limit exceeded');
      if (table === 'spans') largest = Math.max(largest, entries);
    };
    const names = Array.from({ length: 20 }, (_, i) => `e${i}`);
    for (const name of names) await journal.append(entry(name));
    const writer = writerFor(target);
    writer.start();
    await writer.stop(20_000);
    expect(spansOf(target)).toEqual(names.map((name) => `spans:${name}`).sort());
    expect(largest).toBe(3);
    expect(journal.depth.entries).toBe(0);
  });

  it('keeps a group as it is when some of it is stored, whatever its size', async () => {
    const target = new DeduplicatingTables();
    let failures = 4;
    // As when the table has committed and its view ran out of memory.
    target.after = (table) => {
      if (table === 'spans' && failures-- > 0) throw new MemoryError('memory limit exceeded');
    };
    for (const name of ['a', 'b', 'c', 'd']) await journal.append(entry(name));
    const writer = writerFor(target);
    writer.start();
    await writer.stop(20_000);
    expect(spansOf(target)).toEqual(['spans:a', 'spans:b', 'spans:c', 'spans:d']);
  });

  it('inserts nothing while there is no room for it, takes no group for that long, and does not stop for want of room', async () => {
    const target = new DeduplicatingTables();
    let giveRoom: () => void = () => undefined;
    const asked: AbortSignal[] = [];
    const waitForRoom = (signal: AbortSignal) => {
      asked.push(signal);
      return new Promise<void>((resolve) => {
        giveRoom = resolve;
        signal.addEventListener('abort', () => resolve());
      });
    };
    const writer = writerFor(target, undefined, waitForRoom);
    await journal.append(entry('a'));
    writer.start();
    while (asked.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
    await journal.append(entry('b'));
    expect(target.inserted).toEqual([]);
    giveRoom();
    while (spansOf(target).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    // Both in one group: it is formed when there is room.
    expect(target.inserted).toEqual(['resources', 'spans']);
    await journal.append(entry('c'));
    while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await writer.stop(5_000);
    expect(spansOf(target)).toEqual(['spans:a', 'spans:b', 'spans:c']);
  });

  it('leaves in the journal what it cannot insert before it is told to stop waiting', async () => {
    const target = new DeduplicatingTables();
    target.before = () => {
      throw new Error('connection refused');
    };
    await journal.append(entry('a'));
    const writer = writerFor(target);
    writer.start();
    await writer.stop(100);
    expect(journal.depth.entries).toBe(1);
  });
});
