/** A full disk under the journal, and under the store. */
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClewProcess, freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf, statusOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { readiness } from '../readiness.ts';
import { fillDisk, onSmallDisk, whyNoSmallDisk } from '../small-disk.ts';
import { waitUntil } from '../wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const MIB = 2 ** 20;

const reason = whyNoSmallDisk();
if (reason !== undefined) console.warn(`SKIPPED: full disks are not tested here: ${reason}`);

afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
}, 60_000);

function loadOn(clew: ClewProcess, ledger: Ledger, paddingBytes = 2_000): Load {
  const transports = ['http-protobuf', 'grpc'] as const;
  const random = new Random(SEED);
  return new Load({ ledger, random, urls: () => clew.urls, transports, spans: [20, 60], paddingBytes }).start();
}

const count = (clew: ClewProcess, message: string): number => clew.log.filter(({ msg }) => msg === message).length;

async function expectStoredOnce(clew: ClewProcess, ledger: Ledger, load: Load): Promise<void> {
  await load.stop();
  expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
  expect([...load.oddities]).toEqual([]);
  expect(ledger.count('unknown')).toBe(0);
}

describe.skipIf(reason !== undefined || process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(
  `a full disk (seed ${SEED})`,
  () => {
    it('under the journal: refusals to be retried, not ready, and recovery with the first free byte', {
      timeout: 120_000,
    }, async () => {
      const dataDir = await freshDataDir();
      const journal = join(dataDir, 'journal');
      const clew = await startClew({
        dataDir,
        launcher: onSmallDisk(journal, 24 * MIB),
        flags: ['--store-min-free-disk-bytes', '0'],
      });
      const ledger = new Ledger(SEED);
      const load = loadOn(clew, ledger);
      await waitUntil(() => load.accepted > 20, 'some requests to be taken');
      const free = await fillDisk(clew.pid, journal);
      await waitUntil(() => load.retries > 20, 'refusals');
      expect([...load.refusals].join('\n')).toContain('journal: ');
      expect([...load.refusals].join('\n')).toContain('no space left on its disk. Free space; senders retry.');
      // What the store takes makes room again for a moment: both states alternate until there is space.
      await waitUntil(
        async () => /^503 not ready: journal: .*no space left on its disk/.test(await readiness(clew.urls.ui)),
        'readyz to name the full disk',
      );
      expect(count(clew, 'journal: write failed')).toBeGreaterThanOrEqual(1);
      const failures = await metricOf(clew.urls.ui, 'clew_journal_write_failures_total');
      expect(failures.get('')).toBeGreaterThan(0);
      const before = load.accepted;
      await free();
      await waitUntil(() => load.accepted > before + 10, 'requests to be taken again');
      expect(count(clew, 'journal: the disk takes writes again')).toBeGreaterThanOrEqual(1);
      expect(await readiness(clew.urls.ui)).toBe('200 ready\n');
      await expectStoredOnce(clew, ledger, load);
      // Segments that could not be written are not left behind, nor is what they were made of.
      const open = await openFiles(clew.pid, journal);
      expect(open.length).toBeLessThan(6);
    });

    it('smaller than a segment: what is in the store makes room for what comes', { timeout: 120_000 }, async () => {
      const dataDir = await freshDataDir();
      const journal = join(dataDir, 'journal');
      const clew = await startClew({
        dataDir,
        launcher: onSmallDisk(journal, 12 * MIB),
        flags: ['--store-min-free-disk-bytes', '0'],
      });
      const ledger = new Ledger(SEED + 1);
      const load = loadOn(clew, ledger, 4_000);
      // Three times the disk, in segments that would be five times as large.
      await waitUntil(async () => ((await statusOf(clew.urls.ui))?.spans.stored ?? 0) * 4_000 > 36 * MIB, 'the store');
      await expectStoredOnce(clew, ledger, load);
    });

    it('under the store: spans wait in the journal and are stored once there is room', {
      timeout: 120_000,
    }, async () => {
      const dataDir = await freshDataDir();
      const engine = join(dataDir, 'engine');
      const clew = await startClew({
        dataDir,
        launcher: onSmallDisk(engine, 160 * MIB),
        flags: ['--store-min-free-disk-bytes', '0'],
      });
      const ledger = new Ledger(SEED + 2);
      const load = loadOn(clew, ledger);
      await waitUntil(async () => ((await statusOf(clew.urls.ui))?.spans.stored ?? 0) > 0, 'the first spans stored');
      const free = await fillDisk(clew.pid, engine);
      await waitUntil(
        () => count(clew, 'store: insert failed, spans stay in the journal and are tried again') >= 2,
        'inserts to fail',
      );
      expect(await readiness(clew.urls.ui)).toMatch(
        /^200 ready: spans are taken and wait in the journal: the disk of the store is full: /,
      );
      expect(await readiness(clew.urls.ui, '/queries')).toMatch(/^503 not ready: the disk of the store is full: /);
      expect(clew.log.some(({ msg }) => msg.startsWith('the disk of the store is full: the engine is stopped'))).toBe(
        true,
      );
      const restarts = await metricOf(clew.urls.ui, 'clew_engine_restarts_total');
      expect(restarts.get('reason="full disk"')).toBe(1);
      expect((await metricOf(clew.urls.ui, 'clew_insert_failures_total')).get('kind="retryable"')).toBeGreaterThan(0);
      await free();
      await expectStoredOnce(clew, ledger, load);
      expect(await readiness(clew.urls.ui)).toBe('200 ready\n');
    });
  },
);

async function openFiles(pid: number, below: string): Promise<readonly string[]> {
  const names = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(below));
}
