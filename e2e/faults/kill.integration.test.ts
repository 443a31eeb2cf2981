/** kill -9 of Clew and its engine in the same moment, under load of every transport and encoding. See also e2e/crash. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClewProcess, enginePids, freshDataDir, SMALL_SEGMENTS, startClew, stopAll } from '../clew-process.ts';
import { Ledger } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const KILLS = 2;

afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
}, 60_000);

describe.skipIf(process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(`kill -9 of both (seed ${SEED})`, () => {
  it('loses no acknowledged span and stores none twice', { timeout: 120_000 }, async () => {
    const random = new Random(SEED);
    const dataDir = await freshDataDir();
    const ledger = new Ledger(SEED);
    let current: ClewProcess | undefined;
    const load = new Load({
      ledger,
      random,
      urls: () => current?.urls,
      transports: ['http-protobuf', 'http-json', 'grpc'],
      tenants: ['default', 'team-b'],
      malformedShare: 0.05,
      // Some hundred requests a second: faults come from the moments, and all of it is read back.
      pauseMs: 10,
    }).start();
    for (let kill = 0; kill < KILLS; kill++) {
      const clew = await startClew({ dataDir, flags: SMALL_SEGMENTS });
      current = clew;
      await sleep(300 + random.float() * 2_000);
      current = undefined;
      const victims = [clew.pid, enginePids(clew).at(-1) ?? 0];
      if (random.chance(0.5)) victims.reverse();
      for (const pid of victims) process.kill(pid, 'SIGKILL');
      await clew.kill('SIGKILL');
    }
    const clew = await startClew({ dataDir, flags: SMALL_SEGMENTS });
    current = clew;
    await sleep(500);
    await load.stop();
    const verdict = await ledger.check(clew.urls.ui);
    expect(verdict).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect([...load.oddities]).toEqual([]);
    expect(ledger.count('acknowledged')).toBeGreaterThan(50);
    console.log(`kill: ${ledger.count('acknowledged')} acknowledged, ${ledger.count('unknown')} unknown`);
  });
});
