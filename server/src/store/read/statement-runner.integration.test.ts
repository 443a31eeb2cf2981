/** How a read that nobody waits for gives way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReadGate } from '../admission/read-gate.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { CatalogueMemory } from './catalogue-memory.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from './read-limits.ts';
import { type MakeRunner, StoredDataMemory } from './search/stored-data-memory.ts';
import { StatementRunner } from './statement-runner.ts';

const SPANS = 60_000;
/** What is stored is fresh for a second at least. */
const STALE_AFTER_MS = 1_100;
const FIRST = 1_760_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

let store: TestStore;

/** A span a second, of twenty services. */
const INSERT = `
  INSERT INTO spans (tenant, trace_id, service, name, start)
  SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), concat('svc-', toString(number % 20)), 'op',
    fromUnixTimestamp64Nano(${FIRST} + number * ${SECOND})
  FROM numbers(${SPANS})`;

beforeAll(async () => {
  store = await startTestStore();
  await store.client.command(INSERT);
  await store.client.command('OPTIMIZE TABLE spans FINAL');
});

afterAll(() => store.close());

const NOTHING_READ = { bytesRead: 0, cancelled: false };

function makeGate(maxRunning: number): ReadGate {
  const queue = { maxWaiting: 4, maxWaitingPerTenant: 4, maxWaitMs: 60_000 };
  return new ReadGate({ ...queue, maxRunning, maxRunningPerTenant: maxRunning, memoryBytes: 2 ** 29, maxThreads: 2 });
}

function lookupOf(gate: ReadGate) {
  return gate.enter({ tenant: 'acme', kind: 'lookup', continues: false, signal: undefined });
}

function runnersOf(gate: ReadGate): MakeRunner {
  return (kind) =>
    new StatementRunner(store, DEFAULT_READ_LIMITS, {}, kind, { gate, catalogue: new CatalogueMemory() });
}

it('ends what nobody waits for when somebody has to wait', async () => {
  const gate = makeGate(2);
  const scope = new TenantScope('acme');
  const endless = scope.statement(`SELECT sleepEachRow(1) ${scope.from('spans')} LIMIT 600`);
  const spare = runnersOf(gate)('spare').rows(endless, { max_block_size: 1 });
  const outcome = spare.catch((error: unknown) => error);
  const first = await lookupOf(gate);
  expect(gate.runningCount).toBe(2);
  const second = await lookupOf(gate);
  expect(await outcome).toBeInstanceOf(Error);
  first.end(NOTHING_READ);
  second.end(NOTHING_READ);
  expect(gate.runningCount).toBe(0);
});

it('asks anew how much is stored only where that takes no place of somebody else', async () => {
  const gate = makeGate(2);
  const memory = new StoredDataMemory();
  const load = () => memory.load('acme', runnersOf(gate));
  const asked = async () => {
    // What is asked beside the answer is on its way by then.
    await new Promise(setImmediate);
    return store.statements.filter((sql) => sql.includes('max(received)')).length;
  };
  const known = await load();
  expect(known?.days.reduce((sum, { spanCount }) => sum + spanCount, 0)).toBe(SPANS);
  const once = await asked();

  const pass = await lookupOf(gate);
  await sleep(STALE_AFTER_MS);
  expect([await load(), await asked(), gate.waitingCount]).toEqual([known, once, 0]);
  pass.end(NOTHING_READ);
  // It gave way: with a free gate, too, it is not tried again at once.
  expect([await load(), await asked()]).toEqual([known, once]);

  const other = new StoredDataMemory();
  await other.load('acme', runnersOf(gate));
  await sleep(STALE_AFTER_MS);
  await other.load('acme', runnersOf(gate));
  expect(await asked()).toBe(once + 2);
});
