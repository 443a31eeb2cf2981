import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine } from '../engine/test-engine.ts';
import { formatDay, MS_PER_DAY } from './partition.ts';
import { AgedStore, type Batch, type StoredSpans } from './test/aged-store.ts';
import { JUMP_HOLD_MS } from './trusted-clock.ts';

/** Years before the engine's own clock, so that ours is the one that is behind and counts. */
const TODAY = Math.floor(Date.UTC(2023, 5, 14) / MS_PER_DAY);
const NOW = (TODAY + 0.75) * MS_PER_DAY;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const CLASSES: Readonly<Record<string, number>> = { short: 7, usual: 30, ever: 0 };
const classOf = (tenant: string) => CLASSES[tenant] ?? 30;
const id = (retentionDays: number, day: number) => `${retentionDays}-${formatDay(day).replaceAll('-', '')}`;
const usual = (...offsets: readonly number[]): readonly Batch[] =>
  offsets.map((offset) => ({ tenant: 'usual', day: TODAY + offset }));

let engine: TestEngine;
let store: AgedStore;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  store = await AgedStore.create(engine, NOW);
});
afterEach(() => store.close());

async function expectWhole(stored: readonly StoredSpans[]): Promise<void> {
  for (const spans of stored) {
    expect(await store.read(spans)).toEqual({ spans: spans.spans, withResource: spans.spans });
  }
}

async function expectGone(stored: readonly StoredSpans[]): Promise<void> {
  for (const { tenant, traceIds } of stored) {
    for (const traceId of traceIds) expect(await store.reader.loadTrace(tenant, traceId)).toBeUndefined();
  }
}

describe('retention', () => {
  const OFFSETS = [0, -7, -8, -30, -31, -400];
  const BATCHES: readonly Batch[] = Object.keys(CLASSES).flatMap((tenant) =>
    OFFSETS.map((offset) => ({ tenant, day: TODAY + offset })),
  );

  it('drops each class of spans when its days are over, and touches nothing else', async () => {
    const stored = await store.store(BATCHES, classOf);
    expect(await store.partitions()).toHaveLength(BATCHES.length);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();

    const isKept = ({ tenant, day }: Batch) => classOf(tenant) === 0 || TODAY - day <= classOf(tenant);
    const kept = BATCHES.filter(isKept).map(({ tenant, day }) => id(classOf(tenant), day));
    expect(kept).toHaveLength(2 + 4 + 6);
    expect(await store.partitions()).toEqual(kept.toSorted());
    expect(await store.partitions('trace_times')).toEqual(kept.toSorted());
    expect(await store.partitions('span_minutes')).toEqual(kept.toSorted());
    await expectWhole(stored.filter((_, i) => isKept(BATCHES[i])));
    await expectGone(stored.filter((_, i) => !isKept(BATCHES[i])));
    expect(store.logged.filter((line) => line.includes('dropped the spans'))).toHaveLength(6);
    expect(housekeeper.storage).toMatchObject({
      oldestDay: formatDay(TODAY - 400),
      newestDay: formatDay(TODAY),
      spans: stored.filter((_, i) => isKept(BATCHES[i])).reduce((sum, { spans }) => sum + spans, 0),
      nextDrop: {
        reason: 'retention',
        day: formatDay(TODAY - 7),
        retentionDays: 7,
        atUnixMs: (TODAY + 1) * MS_PER_DAY,
      },
      warnings: [],
    });
  });

  it('has nothing to do in the next round, nor when several Clews do it at once', async () => {
    await store.store(BATCHES, classOf);
    await Promise.all(['one', 'two', 'three'].map((name) => store.housekeeper(name).runRound()));
    const left = await store.partitions();
    expect(left).toHaveLength(12);
    expect(store.logged.filter((line) => line.includes('cannot'))).toEqual([]);
    store.logged.length = 0;
    await store.housekeeper('one').runRound();
    expect(await store.partitions()).toEqual(left);
    expect(store.logged).toEqual([]);
  });

  it('follows the days as they pass', async () => {
    const [oldest, newest] = await store.store(usual(-29, 0), classOf);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    let today = 0;
    for (const day of [1, 2, 9, 16, 23, 30, 31]) {
      store.pass((day - today) * MS_PER_DAY);
      today = day;
      await housekeeper.runRound();
      expect(await store.partitions()).toHaveLength(day < 2 ? 2 : day < 31 ? 1 : 0);
    }
    await expectGone([oldest, newest]);
  });

  it('drops catalogue weeks once no span is left that may need them', async () => {
    const [old, fresh] = await store.store(usual(-200, 0), classOf);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    await expectGone([old]);
    for (const table of ['resources', 'scopes', 'operations', 'attribute_keys']) {
      expect(await store.partitions(table)).toHaveLength(2);
    }
    await housekeeper.runRound();
    for (const table of ['resources', 'scopes', 'operations', 'attribute_keys']) {
      expect(await store.partitions(table)).toHaveLength(1);
    }
    await expectWhole([fresh]);
  });

  it('drops no catalogue week while a node does not say what it holds', async () => {
    await store.store(usual(-200, 0), classOf);
    const nodes = () => [
      { name: 'here', client: engine.client },
      { name: 'away', client: { ...engine.client, ...rejecting } },
    ];
    const housekeeper = store.housekeeper('one', { nodes });
    for (let round = 0; round < 3; round++) await housekeeper.runRound();
    expect(await store.partitions()).toHaveLength(1);
    expect(await store.partitions('resources')).toHaveLength(2);
  });

  it('keeps the resources of spans received days before and after their start', async () => {
    const batches = [-2.9, 2.9].map((off) => ({
      tenant: 'usual',
      day: TODAY - 30,
      receivedUnixMs: (TODAY - 30 + 0.5 + off) * MS_PER_DAY,
    }));
    const stored = await store.store(batches, classOf);
    for (let round = 0; round < 3; round++) await store.housekeeper().runRound();
    expect(await store.partitions()).toEqual([id(30, TODAY - 30)]);
    await expectWhole(stored);
  });

  it('takes an insert of more than a hundred partitions', async () => {
    // One more than ClickHouse takes by default.
    const batches = Array.from({ length: 101 }, (_, i) => ({
      tenant: `t${i % 12}`,
      day: TODAY - Math.floor(i / 12),
      traces: 1,
    }));
    const stored = await store.store(batches, (tenant) => 100 + Number(tenant.slice(1)));
    expect(await store.partitions()).toHaveLength(101);
    await expectWhole(stored.slice(0, 3));
  });

  it('says what it cannot do and tries again', async () => {
    await store.store(usual(-31), classOf);
    const failing = store.housekeeper('one', { database: 'nowhere; DROP DATABASE aged_1' });
    await failing.runRound();
    const broken = store.housekeeper('one', {
      nodes: () => [{ name: 'away', client: { ...engine.client, ...rejecting } }],
    });
    await broken.runRound();
    expect(store.logged.join('\n')).toContain('housekeeping cannot look at away');
    expect(await store.partitions()).toEqual([id(30, TODAY - 31)]);
  });
});

const rejecting = { selectJson: () => Promise.reject(new Error('connect ECONNREFUSED')) };

describe('a clock that jumps', () => {
  const jumpMs = 365 * MS_PER_DAY;

  it('ahead drops nothing, before and after a restart, and nothing after it is set right', async () => {
    const stored = await store.store(usual(-29, -10, 0), classOf);
    let housekeeper = store.housekeeper();
    await housekeeper.runRound();
    store.wallUnixMs += jumpMs;
    for (let hour = 0; hour < 5; hour++) {
      store.pass(HOUR);
      await housekeeper.runRound();
      housekeeper = store.housekeeper();
    }
    // Spans of senders with a right clock are filed by the wrong one meanwhile.
    const meanwhile = await store.store([{ tenant: 'usual', day: TODAY, receivedUnixMs: store.wallUnixMs }], classOf);
    await housekeeper.runRound();
    expect(await store.partitions()).toHaveLength(4);
    expect(store.logged.join('\n')).toMatch(/the clock says 2024-06-1\d.*365 days later than expected/);
    expect(housekeeper.storage?.warnings).toHaveLength(1);
    store.wallUnixMs -= jumpMs;
    await housekeeper.runRound();
    await expectWhole([...stored, ...meanwhile]);
    expect(store.logged.at(-1)).toContain('this trouble is over');
  });

  it('ahead without anything remembered drops nothing either', async () => {
    const stored = await store.store(usual(-29, 0), classOf);
    store.wallUnixMs += jumpMs;
    const housekeeper = store.housekeeper('new');
    for (let round = 0; round < 3; round++) {
      await housekeeper.runRound();
      store.pass(MINUTE);
    }
    await expectWhole(stored);
  });

  it('is believed after hours of running, as after a long time off', async () => {
    const stored = await store.store(usual(-29, 0), classOf);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    store.wallUnixMs += jumpMs;
    for (let waitedMs = 0; waitedMs < JUMP_HOLD_MS; waitedMs += HOUR) {
      store.pass(HOUR);
      await housekeeper.runRound();
    }
    await expectWhole(stored);
    store.pass(HOUR);
    await housekeeper.runRound();
    await expectGone(stored);
  });

  it('is never believed while the spans that arrive say otherwise', async () => {
    const stored = await store.store(usual(-29, 0), classOf);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    store.wallUnixMs += jumpMs;
    for (let hour = 0; hour < 8; hour++) {
      store.pass(HOUR);
      await store.store([{ tenant: 'ever', day: TODAY, receivedUnixMs: store.wallUnixMs, traces: 20 }], classOf);
      await housekeeper.runRound();
    }
    await expectWhole(stored);
    expect(housekeeper.storage?.warnings[0]).toContain('The spans that arrive say otherwise');
  });

  it('back does not cost the spans that came meanwhile', async () => {
    const housekeeper = store.housekeeper();
    await store.store(usual(-1), classOf);
    await housekeeper.runRound();
    store.wallUnixMs -= 4 * jumpMs;
    const then = Math.floor(store.wallUnixMs / MS_PER_DAY);
    const stored = await store.store([{ tenant: 'usual', day: then }], classOf);
    await housekeeper.runRound();
    store.wallUnixMs += 4 * jumpMs;
    for (const days of [5, 5, 5, 5, 5, 5, 1]) {
      await housekeeper.runRound();
      store.pass(days * MS_PER_DAY);
    }
    await expectWhole(stored);
    await housekeeper.runRound();
    await expectGone(stored);
  });

  it('goes on without its memory when the file is damaged', async () => {
    await store.store(usual(-29, 0), classOf);
    const path = join(tmpdir(), `clew-damaged-${process.pid}.json`);
    writeFileSync(path, '{"version":1');
    const housekeeper = store.housekeeper('one', { statePath: path });
    await housekeeper.runRound();
    expect(store.logged.join('\n')).toContain('housekeeping begins without its memory of the clock');
    const saved = JSON.parse(readFileSync(path, 'utf8')) as {
      readonly version: number;
      readonly seen: readonly string[];
    };
    rmSync(path);
    expect(saved.version).toBe(1);
    expect(saved.seen.toSorted()).toEqual(await store.partitions());
  });
});

describe('the disk limit', () => {
  const limited = (maxDiskBytes: number, name = 'one') => store.housekeeper(name, { maxDiskBytes });

  it('says what it will drop, then drops the oldest day first, one an hour', async () => {
    const stored = await store.store(usual(-5, -4, -3, -1, 0), classOf);
    const before = await store.partitions();
    const housekeeper = limited(Math.floor((await store.bytes()) / 2));
    await housekeeper.runRound();
    expect(await store.partitions()).toEqual(before);
    expect(store.logged.join('\n')).toMatch(
      /store\.maxDiskBytes\)\. Will drop the spans of 2023-06-09 \(.*, \d+ spans\) soon/,
    );
    for (let dropped = 1; dropped <= 2; dropped++) {
      await housekeeper.runRound();
      store.pass(30 * MINUTE);
      await housekeeper.runRound();
      expect(await store.partitions()).toEqual(before.slice(dropped));
      store.pass(31 * MINUTE);
      await housekeeper.runRound();
    }
    await expectGone(stored.slice(0, 2));
    await expectWhole(stored.slice(3));
    expect(store.logged.join('\n')).toMatch(/dropped the spans of 2023-06-09 .*limit .*store\.maxDiskBytes/);
  });

  it('takes spans that are kept for ever in their turn, and stops below the limit', async () => {
    const stored = await store.store([{ tenant: 'ever', day: TODAY - 90 }, ...usual(-5, -4, 0)], classOf);
    const housekeeper = limited((await store.bytes()) - 1);
    for (let hour = 0; hour < 4; hour++) {
      await housekeeper.runRound();
      store.pass(2 * HOUR);
    }
    await expectGone(stored.slice(0, 1));
    await expectWhole(stored.slice(1));
    expect(housekeeper.refusal).toBeUndefined();
  });

  it('never drops today: then senders have to wait, until there is room again', async () => {
    const stored = await store.store(usual(-1, 0), classOf);
    const housekeeper = limited(1000);
    for (let hour = 0; hour < 3; hour++) {
      await housekeeper.runRound();
      store.pass(HOUR);
    }
    await expectGone(stored.slice(0, 1));
    await expectWhole(stored.slice(1));
    expect(housekeeper.refusal).toMatch(/store\.maxDiskBytes\), and only the spans of today are left/);
    expect(housekeeper.storage?.warnings.join()).toContain('senders are asked to wait');
    const roomy = limited(10 ** 12);
    await roomy.runRound();
    expect(roomy.refusal).toBeUndefined();
  });

  it('keeps the disk free, and counts the journal', async () => {
    const [old, fresh] = await store.store(usual(-1, 0), classOf);
    const free = store.housekeeper('free', { minFreeDiskBytes: 10 ** 15 });
    await free.runRound();
    expect(store.logged.join('\n')).toMatch(/the disk has .* free \(limit 1\.0 PB, store\.minFreeDiskBytes\)/);
    await free.runRound();
    await expectGone([old]);
    await expectWhole([fresh]);
    const bytes = await store.bytes();
    const journal = store.housekeeper('journal', { maxDiskBytes: bytes + 500, journalBytes: () => 1000 });
    await journal.runRound();
    expect(journal.refusal).toContain('store.maxDiskBytes');
    expect(journal.storage).toMatchObject({ bytes: bytes + 1000, limitBytes: bytes + 500 });
  });
});

describe('watching', () => {
  it('sees parts piling up and asks for larger inserts', async () => {
    store.spoil();
    const spans = `${store.database}.spans`;
    for (const view of ['trace_times_from_spans', 'span_minutes_from_spans']) {
      await engine.client.command(`DROP TABLE ${store.database}.${view}`);
    }
    // Only the columns that are looked at: parts are counted, and each costs as much as it has columns.
    await engine.client.command(`DROP TABLE ${spans} SYNC`);
    await engine.client.command(
      `CREATE TABLE ${spans} (retention_days UInt16, day Date, start DateTime64(9), received DateTime)
       ENGINE = MergeTree PARTITION BY (retention_days, day) ORDER BY start`,
    );
    await engine.client.command(`SYSTEM STOP MERGES ${spans}`);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    expect(housekeeper.insertFactor).toBe(1);
    await engine.client.command(
      `INSERT INTO ${spans} SELECT 30, toDate('${formatDay(TODAY)}'), now64(9), now() FROM numbers(400)`,
      undefined,
      { settings: { max_block_size: 1, min_insert_block_size_rows: 1, max_insert_block_size: 1 } },
    );
    await housekeeper.runRound();
    expect(store.logged.join('\n')).toMatch(
      /partition 30-20230614 of spans has 400 parts \(inserts are slowed down at 1000/,
    );
    expect(housekeeper.insertFactor).toBeCloseTo(2);
    await engine.client.command(`ALTER TABLE ${spans} DROP PARTITION ID '${id(30, TODAY)}'`);
    await housekeeper.runRound();
    expect(housekeeper.insertFactor).toBe(1);
  });

  it('sees detached parts', async () => {
    store.spoil();
    await store.store(usual(0), classOf);
    await engine.client.command(`ALTER TABLE ${store.database}.spans DETACH PARTITION ID '${id(30, TODAY)}'`);
    const housekeeper = store.housekeeper();
    await housekeeper.runRound();
    expect(housekeeper.storage?.warnings.join()).toMatch(/1 detached parts use .* They are not read/);
  });
});
