/** A store of a version before, whose spans have to be rewritten, and a rewrite that does not end by itself. */
import { dirname, join } from 'node:path';
import { Random } from '@clew/testkit/random';
import { afterEach, describe, expect, it } from 'vitest';
import { startEngineAt } from '../../server/src/store/engine/test-engine.ts';
import { migrate } from '../../server/src/store/schema/migrate.ts';
import { migrationClientOf } from '../../server/src/store/schema/migration-client.ts';
import { MIGRATIONS } from '../../server/src/store/schema/migrations.ts';
import { type ClewProcess, freshDataDir, PROGRAM, startClew, stopAll } from '../clew-process.ts';
import { connectToEngine } from '../heavy-store.ts';
import { Ledger, statusOf } from '../ledger.ts';
import { Load, stopLoads } from '../load.ts';
import { readiness } from '../readiness.ts';
import { waitUntil } from '../wait-until.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Math.floor(Math.random() * 1e9));
const OLDER_STEPS = 7;
const OLDER_SPANS = 1_000;

afterEach(async () => {
  const stopped = stopLoads();
  await stopAll();
  await stopped;
}, 60_000);

/** One span, in a partition of its own, has more names of events than times: the engine tries to rewrite it for ever. */
async function makeOlderStore(dataDir: string): Promise<void> {
  const { client, close } = await startEngineAt(join(dirname(PROGRAM), 'engine.js'), dataDir);
  await migrate(migrationClientOf(client), { migrations: MIGRATIONS.slice(0, OLDER_STEPS) });
  await client.command(
    `INSERT INTO clew.spans (tenant, retention_days, day, start, event_name, event_time, event_dropped_attributes_count, event_attributes)
     SELECT 'before', 0, '2026-11-01', '2026-11-01 00:00:00', ['retry'], [now64(9)], [0], [map('attempt', 's2')]
     FROM numbers(${OLDER_SPANS})`,
  );
  await client.command(
    `INSERT INTO clew.spans (tenant, retention_days, day, start, event_name, event_time, event_attributes)
     VALUES ('damaged', 0, '2001-01-01', '2001-01-01 00:00:00', ['a', 'b'], [now64(9)], [map(), map()])`,
  );
  await close();
}

describe.skipIf(process.env.CLEW_TEST_CLICKHOUSE_URL !== undefined)(`a store of before (seed ${SEED})`, () => {
  it('is brought up to date while spans are taken, through kill -9', { timeout: 180_000 }, async () => {
    const dataDir = await freshDataDir();
    await makeOlderStore(dataDir);
    let clew: ClewProcess | undefined = await startClew({ dataDir });
    const ledger = new Ledger(SEED);
    const load = new Load({
      ledger,
      random: new Random(SEED),
      urls: () => clew?.urls,
      transports: ['http-protobuf', 'grpc'],
      spans: [1, 40],
      pauseMs: 20,
    }).start();
    await waitUntil(() => load.accepted > 50, 'spans to be taken meanwhile');
    await waitUntil(
      async () =>
        /^503 not ready: the schema .*, step 8 of \d+ .* it fails and is tried again: /.test(
          await readiness((clew as ClewProcess).urls.ui, '/queries'),
        ),
      'the reason',
    );
    // Whoever steers senders by it goes on sending.
    expect(await readiness(clew.urls.ui)).toMatch(/^200 ready: spans are taken and wait in the journal: the schema /);
    const search = await fetch(`${clew.urls.ui}/api/v1/search?q=%7B%20%7D`);
    expect(search.status).toBe(503);
    expect(((await search.json()) as { detail: string }).detail).toMatch(
      /^Nothing can be read now: .* Spans are taken\.$/,
    );
    const { spans, journal } = (await statusOf(clew.urls.ui)) ?? {};
    expect(spans?.stored).toBe(0);
    expect(journal?.entries).toBeGreaterThan(0);

    const { kill } = clew;
    clew = undefined;
    await kill('SIGKILL');
    clew = await startClew({ dataDir });
    const acceptedBefore = load.accepted;
    await waitUntil(() => load.accepted > acceptedBefore + 20, 'spans to be taken after the next start');
    expect(await readiness(clew.urls.ui, '/queries')).toMatch(
      /^503 not ready: the schema is brought up to date, step 8/,
    );

    const engine = connectToEngine(clew);
    await engine.command("ALTER TABLE clew.spans DROP PARTITION (0, '2001-01-01')");
    await waitUntil(
      async () => (await readiness((clew as ClewProcess).urls.ui, '/queries')).startsWith('200'),
      'the schema',
      90_000,
    );
    await load.stop();
    expect(await ledger.check(clew.urls.ui)).toMatchObject({ lostSpans: 0, doubledSpans: 0, faults: [] });
    expect([...load.oddities]).toEqual([]);
    const { rows } = await engine.selectJson<{ count: string; events: string }>(
      `SELECT count() AS count, any(toString((events.name, events.attributes))) AS events
       FROM clew.spans WHERE tenant = 'before'`,
    );
    await engine.close();
    expect(rows).toEqual([{ count: String(OLDER_SPANS), events: "(['retry'],[{'attempt':'s2'}])" }]);
  });
});
