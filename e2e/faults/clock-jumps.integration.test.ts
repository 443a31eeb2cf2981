/** The wall clock jumps under load: a day back, a year ahead. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf, statusOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { waitUntil } from '../wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const DAY_MS = 86_400_000;
const SHIFTED_CLOCK = fileURLToPath(new URL('./shifted-clock.mjs', import.meta.url));

afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
}, 60_000);

describe(`a clock that jumps (seed ${SEED})`, () => {
  it('holds up no insert, no timer and no answer, and loses nothing', { timeout: 120_000 }, async () => {
    const clockFile = join(await freshDataDir(), 'clock');
    const setClock = async (shiftMs: number): Promise<void> => {
      await writeFile(`${clockFile}.new`, String(shiftMs));
      await rename(`${clockFile}.new`, clockFile);
      await sleep(100);
    };
    await setClock(0);
    const dataDir = await freshDataDir();
    const options = {
      dataDir,
      nodeFlags: ['--import', SHIFTED_CLOCK],
      env: { CLEW_TEST_CLOCK_FILE: clockFile },
      // Retention looks at the clock as often as it may.
      flags: ['--store-retention-days', '30', '--store-housekeeping-interval-ms', '1s'],
    };
    const clew = await startClew(options);
    const ledger = new Ledger(SEED);
    const load = new Load({
      ledger,
      random: new Random(SEED),
      urls: () => clew.urls,
      transports: ['http-protobuf', 'grpc'],
      pauseMs: 40,
    });
    load.start();
    const stored = async (): Promise<number> => (await statusOf(clew.urls.ui))?.spans.stored ?? 0;
    await waitUntil(async () => (await stored()) > 0, 'the first spans to be stored');
    for (const shiftMs of [-DAY_MS, 0, 365 * DAY_MS, -DAY_MS]) {
      await setClock(shiftMs);
      const status = await statusOf(clew.urls.ui);
      expect(Math.abs((status?.startedUnixMs ?? 0) - Date.now())).toBeLessThan(120_000);
      const before = await stored();
      const accepted = load.accepted;
      // What came before the jump and what comes after it is stored without waiting for the clock to come by again.
      await waitUntil(
        async () => (await stored()) > before && load.accepted > accepted + 20,
        'spans to be stored',
        20_000,
      );
      expect((await statusOf(clew.urls.ui))?.journal.oldestAgeMs).toBeLessThan(60_000);
      const age = await metricOf(clew.urls.ui, 'clew_journal_oldest_age_seconds');
      expect(age.get('')).toBeLessThan(60);
    }
    await setClock(365 * DAY_MS);
    // Housekeeping sees a year that was not there a second ago.
    await sleep(2_500);
    await load.stop();
    expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect([...load.oddities]).toEqual([]);
    expect(ledger.count('unknown')).toBe(0);
    expect(await clew.kill('SIGTERM')).toBe(0);
    await setClock(-DAY_MS);
    const again = await startClew(options);
    expect(await ledger.check(again.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
  });
});
