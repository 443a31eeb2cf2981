import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalGroup } from './entry.ts';
import { Journal, type JournalOptions, MAX_SPARE_SEGMENTS } from './journal.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clew-lanes-'));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

function open(lanes: number, options: Partial<JournalOptions> = {}): Promise<Journal> {
  return Journal.open({
    dir,
    maxBytes: 1 << 20,
    segmentBytes: 4096,
    memoryBytes: 1 << 20,
    lanes,
    logger: silent,
    ...options,
  });
}

/** An entry with one span for each of the shards, whose block says `n` and the shard. */
function entry(n: number, shards: readonly number[]): JournalEntry {
  return {
    spanCount: shards.length,
    blocks: shards.map((shard) => ({ table: 'spans', shard, rowCount: 1, bytes: Buffer.from(`${n}/${shard} `) })),
  };
}

function textOf(group: JournalGroup | undefined): string | undefined {
  return group?.entries
    .flatMap(({ blocks }) => blocks.map(({ bytes }) => Buffer.from(bytes).toString()))
    .join('')
    .trim();
}

const takeAll = (journal: Journal, lane: number) => journal.lane(lane).takeGroup(1000, 1 << 20);

async function drain(journal: Journal, lane: number): Promise<string | undefined> {
  const group = await takeAll(journal, lane);
  if (group !== undefined) await journal.lane(lane).commit(group);
  return textOf(group);
}

const segments = async () => (await readdir(dir)).filter((name) => name.endsWith('.segment'));

describe('a journal with lanes', () => {
  it('gives each lane its own blocks, and numbers of spans', async () => {
    const journal = await open(3);
    await journal.append(entry(1, [0, 2]));
    await journal.append(entry(2, [0, 1, 2]));
    const groups = await Promise.all([0, 1, 2].map((lane) => takeAll(journal, lane)));
    expect(groups.map(textOf)).toEqual(['1/0 2/0', '2/1', '1/2 2/2']);
    expect(groups.map((group) => group?.spanCount)).toEqual([2, 1, 2]);
    expect(new Set(groups.map((group) => group?.token)).size).toBe(3);
    await journal.close();
  });

  it('lets the others go on while one waits, and keeps what that one has not had', async () => {
    const journal = await open(2, { memoryBytes: 40, segmentBytes: 200 });
    for (let n = 1; n <= 20; n++) {
      await journal.append(entry(n, [0, 1]));
      expect(await drain(journal, 0)).toBe(`${n}/0`);
    }
    expect(journal.lane(0).depth).toEqual({ spans: 0, bytes: 0, oldestAgeMs: 0 });
    expect(journal.depth.entries).toBe(20);
    expect(journal.lane(1).depth.spans).toBe(20);
    const expected = Array.from({ length: 20 }, (_, i) => `${i + 1}/1`).join(' ');
    expect(await drain(journal, 1)).toBe(expected);
    expect(journal.depth.entries).toBe(0);
    await journal.append(entry(21, [1]));
    expect(await drain(journal, 0)).toBe('');
    expect(await drain(journal, 1)).toBe('21/1');
    expect((await segments()).length).toBeLessThanOrEqual(1 + MAX_SPARE_SEGMENTS);
    await journal.close();
  });

  it('refuses entries when what one lane has not had fills it', async () => {
    const journal = await open(2, { maxBytes: 300 });
    const fill = async (): Promise<void> => {
      for (let n = 1; n <= 100; n++) {
        await journal.append(entry(n, [0, 1]));
        await drain(journal, 0);
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'JOURNAL_FULL' });
    await drain(journal, 1);
    await journal.append(entry(101, [0, 1]));
    await journal.close();
  });

  it('forms the same groups for each lane after a crash', async () => {
    const before = await open(2);
    await before.append(entry(1, [0, 1]));
    const taken = await takeAll(before, 1);
    await before.append(entry(2, [0, 1]));
    await drain(before, 0);
    await before.close();

    const after = await open(2);
    const again = await takeAll(after, 1);
    expect([again?.token, textOf(again)]).toEqual([taken?.token, '1/1']);
    if (again !== undefined) await after.lane(1).commit(again);
    expect(await drain(after, 1)).toBe('2/1');
    expect(await takeAll(after, 0)).toBeUndefined();
    expect(after.depth.entries).toBe(0);
    await after.close();
  });

  it('starts a new lane behind what is there', async () => {
    const before = await open(1);
    await before.append(entry(1, [0]));
    await before.close();
    const after = await open(2);
    expect(await takeAll(after, 1)).toBeUndefined();
    expect(await drain(after, 0)).toBe('1/0');
    expect(after.depth.entries).toBe(0);
    await after.close();
  });

  it('keeps a lane that is no longer wanted until it is empty, then gives its entries to nobody again', async () => {
    const three = await open(3);
    await three.append(entry(1, [0, 1, 2]));
    await drain(three, 0);
    await three.close();
    const two = await open(2);
    expect(two.laneCount).toBe(3);
    expect(await drain(two, 2)).toBe('1/2');
    await two.close();
    const again = await open(2);
    expect(again.laneCount).toBe(2);
    await again.close();
    const back = await open(3);
    expect(await takeAll(back, 2)).toBeUndefined();
    expect(await drain(back, 1)).toBe('1/1');
    await back.close();
  });
});
