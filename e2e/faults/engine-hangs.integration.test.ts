/** An engine that is there and answers nothing (SIGSTOP), under load. */
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { enginePids, startClew, stopAll } from '../clew-process.ts';
import { Ledger, metricOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { readiness } from '../readiness.ts';
import { waitUntil } from '../wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));

const frozen: number[] = [];
afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
  // A stopped process does not notice that its parent is gone.
  for (const pid of frozen.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Ended as it should.
    }
  }
}, 60_000);

describe.skipIf(process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(`an engine that hangs (seed ${SEED})`, () => {
  it('is found, killed and started again; everything is stored once', { timeout: 120_000 }, async () => {
    const clew = await startClew({ flags: ['--journal-max-bytes', '16MiB', '--journal-segment-bytes', '4MiB'] });
    const ledger = new Ledger(SEED);
    const load = new Load({
      ledger,
      random: new Random(SEED),
      urls: () => clew.urls,
      transports: ['http-protobuf', 'grpc'],
      spans: [20, 60],
      paddingBytes: 2_000,
    }).start();
    await waitUntil(() => load.accepted > 50, 'some requests to be taken');
    const hung = enginePids(clew)[0];
    frozen.push(hung);
    process.kill(hung, 'SIGSTOP');
    await waitUntil(() => load.retries > 0, 'the journal to be full');
    await waitUntil(async () => (await readiness(clew.urls.ui)).startsWith('503 '), 'readyz to say so');
    await waitUntil(() => clew.log.some(({ msg }) => msg === 'the engine hangs, it is being killed'), 'the hang');
    await waitUntil(() => enginePids(clew).length === 2, 'another engine');
    expect(await metricOf(clew.urls.ui, 'clew_engine_restarts_total')).toEqual(new Map([['reason="hang"', 1]]));
    await load.stop();
    expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect([...load.oddities]).toEqual([]);
    expect(ledger.count('unknown')).toBe(0);
    expect(await readiness(clew.urls.ui)).toBe('200 ready\n');
  });
});
