/** Segments that are written again: nothing of what they held before comes back, whatever happens to them. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry } from './entry.ts';
import { encodeEntry } from './entry-codec.ts';
import { Journal } from './journal.ts';
import { newSegmentHeader } from './segment-header.ts';

const SEGMENT_BYTES = 4_000;
const ENTRY_BYTES = 300;

let base: string;
let dir: string;
const logged: string[] = [];
const quietly = (): void => undefined;
const complain = (_fields: object, message: string): void => {
  logged.push(message);
};

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'clew-journal-reuse-'));
  dir = join(base, 'journal');
  logged.length = 0;
});
afterEach(() => rm(base, { recursive: true, force: true }));

function openJournal(dir: string): Promise<Journal> {
  const logger = { info: quietly, warn: quietly, error: complain };
  return Journal.open({ dir, maxBytes: 1 << 24, segmentBytes: SEGMENT_BYTES, memoryBytes: 1 << 20, logger });
}

/** Its number is its span count and fills its bytes. */
function entryOf(number: number): JournalEntry {
  return { spanCount: number, blocks: [{ table: 'spans', rowCount: 1, bytes: Buffer.alloc(ENTRY_BYTES, number) }] };
}

async function drain(journal: Journal): Promise<number[]> {
  const seen: number[] = [];
  for (
    let group = await journal.takeGroup(1, 1 << 30);
    group !== undefined;
    group = await journal.takeGroup(1, 1 << 30)
  ) {
    for (const { spanCount, blocks } of group.entries) {
      if (spanCount === 0) continue;
      expect([...new Set(blocks[0].bytes)]).toEqual([spanCount]);
      seen.push(spanCount);
    }
    await journal.commit(group);
  }
  return seen;
}

async function segments(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.segment')).sort();
}

/**
 * A journal that has written its first segments several times, with the entries 101, 102 and 103 waiting in one of
 * them, and what stood in its file before the last of them came, and after.
 */
async function waitingInReused(dir: string): Promise<{ path: string; before: Buffer; after: Buffer }> {
  const journal = await openJournal(dir);
  for (let round = 0; round < 7; round++) {
    for (let n = 1; n <= 11; n++) await journal.append(entryOf(n));
    await drain(journal);
  }
  for (const n of [101, 102]) await journal.append(entryOf(n));
  const path = join(dir, (await holding(dir, 102)) ?? 'none');
  const before = await readFile(path);
  await journal.append(entryOf(103));
  await journal.close();
  return { path, before, after: await readFile(path) };
}

async function holding(dir: string, number: number): Promise<string | undefined> {
  for (const name of await segments(dir)) {
    if ((await readFile(join(dir, name))).includes(Buffer.alloc(ENTRY_BYTES, number))) return name;
  }
  return undefined;
}

/** What a journal gives back that finds these bytes in its segment. */
async function givenBack(dir: string, path: string, bytes: Uint8Array): Promise<{ seen: number[]; damaged: number }> {
  const copy = await mkdtemp(join(base, 'copy-'));
  await cp(dir, copy, { recursive: true });
  await writeFile(path.replace(dir, copy), bytes);
  const journal = await openJournal(copy);
  const seen = await drain(journal);
  const damaged = journal.damagedEntryCount;
  await journal.close();
  await rm(copy, { recursive: true });
  return { seen, damaged };
}

describe('a segment that is written again', () => {
  it('keeps its file: however much is appended and committed, no other is made', async () => {
    const journal = await openJournal(dir);
    const names = new Set<string>();
    for (let round = 0; round < 30; round++) {
      for (let n = 1; n <= 11; n++) await journal.append(entryOf(n));
      expect(await drain(journal)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      for (const name of await segments(dir)) names.add(name);
    }
    expect(names.size).toBeLessThanOrEqual(2);
    await journal.close();
  });

  it('gives back what waits in it and nothing else, after a restart too', async () => {
    const { path, after } = await waitingInReused(dir);
    expect(after.length).toBeGreaterThanOrEqual(SEGMENT_BYTES);
    expect(await givenBack(dir, path, after)).toEqual({ seen: [101, 102, 103], damaged: 0 });
    const journal = await openJournal(dir);
    await journal.append(entryOf(104));
    expect(await drain(journal)).toEqual([101, 102, 103, 104]);
    await journal.close();
    expect(logged).toEqual([]);
  });

  it('drops a write that was interrupted at any byte, without taking it for damage', async () => {
    const { path, before, after } = await waitingInReused(dir);
    const from = after.findIndex((byte, i) => byte !== before[i]);
    const end = after.lastIndexOf(Buffer.alloc(ENTRY_BYTES, 103)) + ENTRY_BYTES;
    expect(from).toBeGreaterThan(0);
    for (let cut = from; cut <= end + 32; cut += cut < from + 64 || cut > end - 8 ? 1 : 37) {
      const interrupted = Buffer.concat([after.subarray(0, cut), before.subarray(cut)]);
      const seen = cut < end ? [101, 102] : [101, 102, 103];
      expect(await givenBack(dir, path, interrupted), `cut at ${cut}`).toEqual({ seen, damaged: 0 });
    }
    expect(logged).toEqual([]);
  });

  it('loses what a flipped byte has hit, and gives nothing back from before', async () => {
    const { path, after } = await waitingInReused(dir);
    const end = after.lastIndexOf(Buffer.alloc(ENTRY_BYTES, 103)) + ENTRY_BYTES;
    for (let at = 0; at < end; at += at < 48 ? 1 : 29) {
      const flipped = Buffer.from(after);
      flipped[at] ^= 0x10;
      const { seen } = await givenBack(dir, path, flipped);
      expect(seen.length, `byte ${at}`).toBeGreaterThanOrEqual(at < 40 ? 3 : 2);
      expect(
        seen.every((number) => number > 100),
        `byte ${at}: ${seen.join()}`,
      ).toBe(true);
    }
  });

  it('gives nothing back of what it held, even where nobody knows any more what is in the store', async () => {
    const journal = await openJournal(dir);
    for (let n = 1; n <= 60; n++) await journal.append(entryOf(n));
    await drain(journal);
    for (const n of [201, 202]) await journal.append(entryOf(n));
    expect((await segments(dir)).length).toBeGreaterThan(3);
    // As kill -9 leaves it: with segments that are to be written again, and a cursor that is lost.
    const killed = join(base, 'killed');
    await cp(dir, killed, { recursive: true });
    await journal.close();
    await rm(join(killed, 'cursor'));
    const again = await openJournal(killed);
    const seen = await drain(again);
    expect(seen.slice(-2)).toEqual([201, 202]);
    // At most what is in the segment that was open.
    expect(seen.length).toBeLessThan(SEGMENT_BYTES / ENTRY_BYTES);
    expect(again.damagedEntryCount).toBe(0);
    await again.close();
  });

  it('tells which numbers have been given, where neither the cursor nor an entry is left', async () => {
    const journal = await openJournal(dir);
    for (let round = 0; round < 5; round++) {
      for (let n = 1; n <= 11; n++) await journal.append(entryOf(n));
      await drain(journal);
    }
    await journal.append(entryOf(101));
    const killed = join(base, 'killed');
    await cp(dir, killed, { recursive: true });
    await rm(join(killed, (await holding(dir, 101)) ?? 'none'));
    await rm(join(killed, 'cursor'));
    await journal.close();
    const again = await openJournal(killed);
    await again.append(entryOf(1));
    // Tokens end with this number: one used before would make the store drop the group. Of 55 all but a segment's are known.
    expect((await again.takeGroup(10, 1 << 30))?.lastSequence).toBeGreaterThan(55 - SEGMENT_BYTES / ENTRY_BYTES);
    await again.close();
  });

  it('takes nothing for an entry that a sender has made to look like one', async () => {
    const journal = await openJournal(dir);
    const forged = Buffer.concat(encodeEntry(entryOf(99), 1_000_000).buffers);
    const made = { spanCount: 7, blocks: [{ table: 'spans', rowCount: 1, bytes: Buffer.concat([forged, forged]) }] };
    for (let n = 1; n <= 36; n++) await journal.append(made);
    for (let group = await journal.takeGroup(1_000, 1 << 30); group; group = await journal.takeGroup(1_000, 1 << 30)) {
      await journal.commit(group);
    }
    await journal.append(entryOf(101));
    const path = join(dir, (await holding(dir, 101)) ?? 'none');
    const torn = await readFile(path);
    await journal.close();
    const at = torn.indexOf(Buffer.alloc(ENTRY_BYTES, 101));
    const behind = torn.indexOf(forged, at);
    expect(behind).toBeGreaterThan(at);
    // Of the entry hardly more than its beginning was written; then come what looks like entries.
    torn.fill(1, at + 10, behind);
    expect(await givenBack(dir, path, torn)).toEqual({ seen: [], damaged: 0 });
  });

  it('never makes a file by the name of one that is there', async () => {
    const { path } = await waitingInReused(dir);
    // As a kill leaves it that came before the first entry of a new segment, whose number is the highest.
    const newest = join(dir, '000000000999.segment');
    await writeFile(newest, newSegmentHeader());
    const journal = await openJournal(dir);
    const names: string[] = [];
    for (let n = 1; n <= 60; n++) {
      await journal.append(entryOf(n));
      names.push(...(await segments(dir)));
    }
    expect(await drain(journal)).toEqual([101, 102, 103, ...Array.from({ length: 60 }, (_, i) => i + 1)]);
    await journal.close();
    const made = [...new Set(names)].filter((name) => name !== basename(path) && join(dir, name) !== newest);
    expect(made.length).toBeGreaterThan(2);
    expect(made.every((name) => name > '000000000999')).toBe(true);
  });

  it('counts a payload that has been damaged behind its end mark, and keeps its bytes', async () => {
    const { path, after } = await waitingInReused(dir);
    const damaged = Buffer.from(after);
    damaged[damaged.lastIndexOf(Buffer.alloc(ENTRY_BYTES, 103)) + 5] ^= 1;
    await writeFile(path, damaged);
    const journal = await openJournal(dir);
    expect(journal.damagedEntryCount).toBe(1);
    expect(await drain(journal)).toEqual([101, 102]);
    await journal.close();
    expect(await readdir(join(dir, 'quarantine'))).toHaveLength(1);
    expect(logged.join()).toContain('its bytes are set aside');
  });
});
