import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from './entry.ts';
import { Journal, type JournalOptions, MAX_SPARE_SEGMENTS } from './journal.ts';

let dir: string;
const opened: Journal[] = [];
const logged: string[] = [];
const log = (_fields: object, message: string): void => {
  logged.push(message);
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clew-journal-'));
  logged.length = 0;
});
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
  await rm(dir, { recursive: true, force: true });
});

async function openJournal(options: Partial<JournalOptions> = {}): Promise<Journal> {
  const journal = await Journal.open({
    dir,
    maxBytes: 1 << 24,
    segmentBytes: 1 << 20,
    memoryBytes: 1 << 20,
    logger: { info: log, warn: log, error: log },
    ...options,
  });
  opened.push(journal);
  return journal;
}

async function closeJournal(journal: Journal): Promise<void> {
  opened.splice(opened.indexOf(journal), 1);
  await journal.close();
}

/** An entry that can be told from every other: its number is its span count and fills its bytes. */
function entryOf(number: number, bytes = 50): JournalEntry {
  return {
    spanCount: number,
    blocks: [
      { table: 'resources', rowCount: 1, bytes: Buffer.from(`resource of ${number}`) },
      { table: 'spans', rowCount: number, bytes: Buffer.alloc(bytes, number) },
    ],
  };
}

/** Takes and commits everything; the span counts in order. */
async function drain(journal: Journal, maxSpans = 1_000_000): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    const group = await journal.takeGroup(maxSpans, 1 << 30);
    if (group === undefined) return seen;
    for (const entry of group.entries) {
      expect(entry.blocks[0].bytes.toString()).toEqual(Buffer.from(`resource of ${entry.spanCount}`).toString());
      expect(Buffer.from(entry.blocks[1].bytes).every((byte) => byte === entry.spanCount % 256)).toBe(true);
      seen.push(entry.spanCount);
    }
    await journal.commit(group);
  }
}

async function segments(): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.segment')).sort();
}

describe('Journal', () => {
  it('gives back entries in the order they were appended, after a restart too', async () => {
    const first = await openJournal();
    await Promise.all([1, 2, 3, 4, 5].map((n) => first.append(entryOf(n))));
    await closeJournal(first);
    const second = await openJournal();
    await second.append(entryOf(6));
    expect(await drain(second)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(second.depth).toMatchObject({ entries: 0, spans: 0, bytes: 0 });
  });

  it('does not give back committed entries after a restart', async () => {
    const first = await openJournal();
    for (const n of [1, 2, 3]) await first.append(entryOf(n));
    const group = await first.takeGroup(3, 1 << 30);
    expect(group?.entries.map((entry) => entry.spanCount)).toEqual([1, 2]);
    if (group !== undefined) await first.commit(group);
    await closeJournal(first);
    expect(await drain(await openJournal())).toEqual([3]);
  });

  it('forms the same group with the same token again when it stopped before the commit', async () => {
    const first = await openJournal();
    for (const n of [1, 2, 3]) await first.append(entryOf(n));
    const before = await first.takeGroup(3, 1 << 30);
    await closeJournal(first);
    const second = await openJournal();
    await second.append(entryOf(4));
    const after = await second.takeGroup(1_000, 1 << 30);
    expect(after?.token).toBe(before?.token);
    expect(after?.entries.map((entry) => entry.spanCount)).toEqual([1, 2]);
    if (after !== undefined) await second.commit(after);
    expect(await drain(second)).toEqual([3, 4]);
  });

  it('never uses a token twice for different entries, even when everything was committed and deleted', async () => {
    const tokens = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const journal = await openJournal({ segmentBytes: 64 });
      await journal.append(entryOf(round + 1));
      const group = await journal.takeGroup(10, 1 << 30);
      if (group === undefined) throw new Error('nothing to take');
      tokens.add(group.token);
      await journal.commit(group);
      await closeJournal(journal);
    }
    expect(tokens.size).toBe(5);
  });

  it('keeps a few segments to write them again when all their entries are committed, and none when it closes', async () => {
    const journal = await openJournal({ segmentBytes: 4_000 });
    for (let n = 1; n <= 40; n++) await journal.append(entryOf(n, 500));
    expect((await segments()).length).toBeGreaterThan(3);
    await drain(journal);
    expect((await segments()).length).toBeLessThanOrEqual(1 + MAX_SPARE_SEGMENTS);
    await closeJournal(journal);
    expect((await segments()).length).toBeLessThanOrEqual(1);
  });

  it('refuses with JOURNAL_FULL beyond maxBytes and takes entries again after a commit', async () => {
    const journal = await openJournal({ maxBytes: 2_000 });
    await journal.append(entryOf(1, 900));
    await journal.append(entryOf(2, 900));
    expect(journal.isFull).toBe(false);
    await expect(journal.append(entryOf(3, 900))).rejects.toMatchObject({ code: 'JOURNAL_FULL' });
    expect(journal.isFull).toBe(true);
    expect(await drain(journal)).toEqual([1, 2]);
    expect(journal.isFull).toBe(false);
    await journal.append(entryOf(4, 900));
    expect(await drain(journal)).toEqual([4]);
  });

  it('says why the disk takes nothing, logs it once, and forgets it with the next write', async () => {
    const journal = await openJournal();
    await rm(dir, { recursive: true });
    for (let number = 1; number <= 3; number++) {
      await expect(journal.append(entryOf(number))).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
    }
    expect(journal.writeFailure).toMatch(/^journal: cannot create a segment: ENOENT/);
    expect(journal.failedWriteCount).toBe(3);
    expect(await journal.recheckDisk()).toBe(journal.writeFailure);
    expect(logged.filter((message) => message === 'journal: write failed')).toHaveLength(1);
    await mkdir(dir);
    expect(await journal.recheckDisk()).toBeUndefined();
    await journal.append(entryOf(4));
    expect(await drain(journal)).toEqual([4]);
  });

  it('refuses after close', async () => {
    const journal = await openJournal();
    await closeJournal(journal);
    await expect(journal.append(entryOf(1))).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' });
  });

  it('reads entries back from disk when they do not fit into its memory', async () => {
    const journal = await openJournal({ memoryBytes: 0 });
    for (let n = 1; n <= 20; n++) await journal.append(entryOf(n, 3_000));
    expect(await drain(journal, 30)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('keeps every whole entry when the file is cut at any byte', async () => {
    const journal = await openJournal();
    const ends: number[] = [];
    for (const n of [1, 2, 3]) {
      await journal.append(entryOf(n));
      ends.push((await stat(join(dir, (await segments())[0]))).size);
    }
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const whole = await readFile(path);
    for (let cut = 0; cut <= whole.length; cut++) {
      await writeFile(path, whole.subarray(0, cut));
      const reopened = await openJournal();
      const expected = ends.filter((end) => end <= cut).map((_, i) => i + 1);
      expect(reopened.depth.entries, `cut at ${cut}`).toBe(expected.length);
      await closeJournal(reopened);
    }
  });

  it('accepts entries after a torn tail and keeps both', async () => {
    const journal = await openJournal();
    await journal.append(entryOf(1));
    await journal.append(entryOf(2));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    await truncate(path, (await stat(path)).size - 3);
    const second = await openJournal();
    await second.append(entryOf(3));
    await closeJournal(second);
    expect(await drain(await openJournal())).toEqual([1, 3]);
  });

  it('sets a damaged stretch aside and gives back the entries behind it', async () => {
    const journal = await openJournal();
    for (const n of [1, 2, 3]) await journal.append(entryOf(n, 200));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const bytes = await readFile(path);
    const second = bytes.indexOf(Buffer.alloc(200, 2));
    const file = await open(path, 'r+');
    await file.write(Buffer.from('damage'), 0, 6, second + 50);
    await file.close();
    const reopened = await openJournal();
    expect(reopened.damagedEntryCount).toBe(1);
    expect(await drain(reopened)).toEqual([1, 3]);
    expect(logged.join('\n')).toContain('damaged');
    expect((await readdir(join(dir, 'quarantine'))).length).toBe(1);
  });

  it('survives flipped bytes anywhere: only entries that were hit are missing', async () => {
    const journal = await openJournal();
    for (const n of [1, 2, 3, 4]) await journal.append(entryOf(n, 60));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const whole = await readFile(path);
    for (let at = 16; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged[at] ^= 0x55;
      await writeFile(path, damaged);
      const reopened = await openJournal();
      expect(reopened.depth.entries, `byte ${at}`).toBeGreaterThanOrEqual(3);
      await closeJournal(reopened);
      await rm(join(dir, 'quarantine'), { recursive: true, force: true });
    }
  });

  it('explains a segment of a newer format', async () => {
    const journal = await openJournal();
    await journal.append(entryOf(1));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const header = (await readFile(path)).subarray(0, 16);
    header.writeUInt32LE(9, 8);
    const file = await open(path, 'r+');
    await file.write(header, 0, 16, 0);
    const flipped = await openJournal();
    expect(flipped.depth.entries).toBe(1);
    await closeJournal(flipped);
    header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
    await file.write(header, 0, 16, 0);
    await file.close();
    await expect(openJournal()).rejects.toThrow(/format 9 \(this Clew reads up to 2\)/);
  });

  it('counts a damaged end and keeps its bytes; an end that was never whole is dropped', async () => {
    const journal = await openJournal();
    for (const n of [1, 2]) await journal.append(entryOf(n, 200));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const whole = await readFile(path);
    for (const [name, damage, damagedCount] of [
      ['zero-filled', (bytes: Buffer) => bytes.fill(0, bytes.length - 100), 1],
      ['flipped', (bytes: Buffer) => bytes.writeUInt8(7, bytes.length - 1), 1],
      ['cut', (bytes: Buffer) => bytes.subarray(0, -1), 0],
    ] as const) {
      const copy = Buffer.from(whole);
      const damaged = damage(copy);
      await writeFile(path, name === 'cut' ? (damaged as Buffer) : copy);
      const reopened = await openJournal();
      expect([name, reopened.damagedEntryCount, reopened.depth.entries]).toEqual([name, damagedCount, 1]);
      await closeJournal(reopened);
      const kept = await readdir(join(dir, 'quarantine')).catch(() => []);
      expect(kept, name).toHaveLength(damagedCount);
      await rm(join(dir, 'quarantine'), { recursive: true, force: true });
    }
  });

  it('takes a cut for damage when the entry is known to have been whole', async () => {
    const journal = await openJournal();
    for (const n of [1, 2]) await journal.append(entryOf(n, 200));
    await journal.takeGroup(100, 1 << 30);
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    await truncate(path, (await stat(path)).size - 3);
    expect((await openJournal()).damagedEntryCount).toBe(1);
  });

  it('never gives a new entry a place in a group that may be in the store already', async () => {
    for (const damaged of [1, 2, 3]) {
      const journal = await openJournal();
      for (const n of [1, 2, 3]) await journal.append(entryOf(n, 200));
      const before = await journal.takeGroup(100, 1 << 30);
      await closeJournal(journal);
      const path = join(dir, (await segments())[0]);
      const bytes = await readFile(path);
      bytes.writeUInt8(77, bytes.indexOf(Buffer.alloc(200, damaged)) + 50);
      await writeFile(path, bytes);
      const second = await openJournal();
      await second.append(entryOf(4));
      const after = await second.takeGroup(100, 1 << 30);
      expect(after?.token, `entry ${damaged}`).toBe(before?.token);
      expect(after?.entries.map((entry) => entry.spanCount)).toEqual([1, 2, 3].filter((n) => n !== damaged));
      if (after !== undefined) await second.commit(after);
      expect(await drain(second)).toEqual([4]);
      await closeJournal(second);
      await rm(dir, { recursive: true });
    }
  });

  it('goes on when all of the group on its way is damaged', async () => {
    const journal = await openJournal();
    await journal.append(entryOf(1, 200));
    await journal.takeGroup(100, 1 << 30);
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    await truncate(path, 20);
    const second = await openJournal();
    await second.append(entryOf(2));
    expect(await drain(second)).toEqual([2]);
  });

  it('replays a damaged stretch by its header: what only looks like an entry inside of it stays a payload', async () => {
    const forged = await openJournal();
    await forged.append(entryOf(9, 20));
    await closeJournal(forged);
    const inner = (await readFile(join(dir, (await segments())[0]))).subarray(16);
    await rm(dir, { recursive: true });
    const journal = await openJournal();
    await journal.append({
      spanCount: 1,
      blocks: [{ table: 'spans', rowCount: 1, bytes: Buffer.concat([Buffer.alloc(9), inner]) }],
    });
    await journal.append(entryOf(2));
    await closeJournal(journal);
    const path = join(dir, (await segments())[0]);
    const bytes = await readFile(path);
    bytes.writeUInt8(1, bytes.indexOf(inner) - 1);
    await writeFile(path, bytes);
    expect(await drain(await openJournal())).toEqual([2]);
  });

  it('goes on without an entry whose bytes changed on the disk while they waited', async () => {
    const journal = await openJournal({ memoryBytes: 0 });
    for (const n of [1, 2, 3]) await journal.append(entryOf(n, 200));
    const path = join(dir, (await segments())[0]);
    const at = (await readFile(path)).indexOf(Buffer.alloc(200, 2));
    const file = await open(path, 'r+');
    await file.write(Buffer.from('damage'), 0, 6, at);
    await file.close();
    const group = await journal.takeGroup(1_000, 1 << 30);
    expect(group?.entries.map((entry) => entry.spanCount)).toEqual([1, 0, 3]);
    if (group !== undefined) await journal.commit(group);
    expect(journal.damagedEntryCount).toBe(1);
    expect(journal.depth).toMatchObject({ entries: 0, spans: 0, bytes: 0 });
    expect(await readdir(join(dir, 'quarantine'))).toEqual(['entry-2.damaged']);
  });

  it('says when its cursor cannot be read', async () => {
    const journal = await openJournal();
    await journal.append(entryOf(1));
    await journal.takeGroup(100, 1 << 30);
    await closeJournal(journal);
    await writeFile(join(dir, 'cursor'), Buffer.alloc(128, 3));
    await openJournal();
    expect(logged.join('\n')).toContain('a cursor is damaged');
  });

  it('wakes a waiting reader when something is appended', async () => {
    const journal = await openJournal();
    const waiting = journal.waitForEntries(60_000);
    await journal.append(entryOf(1));
    await waiting;
    expect(journal.depth.entries).toBe(1);
  });
});
