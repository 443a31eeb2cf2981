/** Statements of the real engine behind the gate: cancelled ones end there, heavy ones leave room for the others. */
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../engine/test-engine.ts';
import { CatalogueMemory } from '../read/catalogue-memory.ts';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from '../read/read-limits.ts';
import { StatementRunner } from '../read/statement-runner.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { ReadGate } from './read-gate.ts';
import type { ReadGateLimits, StatementKind } from './read-gate-limits.ts';

const LIMITS: ReadGateLimits = {
  maxRunning: 4,
  maxRunningPerTenant: 3,
  maxWaiting: 64,
  maxWaitingPerTenant: 32,
  maxWaitMs: 60_000,
  memoryBytes: 400_000_000,
  maxThreads: 2,
};
const TENANTS = ['heavy', 'light'];

let engine: TestStore;

beforeAll(async () => {
  engine = await startTestStore({ ownEngine: true });
  for (const tenant of TENANTS) {
    await engine.insert(generateRealisticTraces({ seed: 1, traces: 300 }), tenant, 1_760_000_000_000);
  }
});
afterAll(() => engine.close());

function runner(gate: ReadGate, kind: StatementKind, signal?: AbortSignal): StatementRunner {
  const shared = { gate, catalogue: new CatalogueMemory() };
  return new StatementRunner(engine, DEFAULT_READ_LIMITS, signal && { signal }, kind, shared);
}

/** Minutes of work, a little at a time. `marker` is what to look for in system.processes. */
function longStatement(tenant: string, marker: string): TenantStatement {
  const scope = new TenantScope(tenant);
  const numbers = `SELECT arrayJoin(range(10000000)) AS n, start AS ${marker} ${scope.from('spans')}`;
  return scope.statement(`SELECT sum(sipHash64(n, ${marker})) AS sum FROM (${numbers})`);
}

function quickStatement(tenant: string): TenantStatement {
  const scope = new TenantScope(tenant);
  return scope.statement(`SELECT toString(count()) AS spans ${scope.from('spans')}`);
}

async function running(marker: string): Promise<number> {
  const { rows } = await engine.client.selectJson<{ count: string }>(
    `SELECT toString(count()) AS count FROM system.processes
     WHERE position(query, {marker:String}) > 0 AND position(query, 'system.processes') = 0`,
    { marker },
  );
  return Number(rows[0].count);
}

test('a statement whose client leaves ends in the engine, and its place is free', async () => {
  const gate = new ReadGate(LIMITS);
  const client = new AbortController();
  const read = runner(gate, 'search', client.signal).rows(longStatement('heavy', 'left_running'));
  await eventually(async () => (await running('left_running')) === 1);
  expect(gate.runningCount).toBe(1);
  client.abort();
  await expect(read).rejects.toThrow();
  await eventually(async () => (await running('left_running')) === 0);
  expect([gate.runningCount, gate.waitingCount]).toEqual([0, 0]);
});

test('a stream of blocks whose client leaves ends in the engine too', async () => {
  const gate = new ReadGate(LIMITS);
  const client = new AbortController();
  const read = async (): Promise<void> => {
    const blocks = runner(gate, 'search', client.signal).blocks(longStatement('heavy', 'left_streaming'));
    for await (const _ of blocks);
  };
  const done = expect(read()).rejects.toThrow();
  await eventually(async () => (await running('left_streaming')) === 1);
  client.abort();
  await done;
  await eventually(async () => (await running('left_streaming')) === 0);
  expect(gate.runningCount).toBe(0);
});

test('a read whose client leaves while it waits never reaches the engine', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1 });
  const first = new AbortController();
  const running1 = runner(gate, 'search', first.signal).rows(longStatement('heavy', 'in_front'));
  await eventually(async () => (await running('in_front')) === 1);
  const client = new AbortController();
  const before = engine.statements.length;
  const waiting = runner(gate, 'search', client.signal).rows(longStatement('light', 'left_waiting'));
  expect(gate.waitingCount).toBe(1);
  client.abort();
  await expect(waiting).rejects.toThrow();
  expect(gate.waitingCount).toBe(0);
  first.abort();
  await expect(running1).rejects.toThrow();
  expect(engine.statements.slice(before)).toEqual([]);
});

test('aggregates that run for minutes keep nobody from looking something up', async () => {
  const gate = new ReadGate(LIMITS);
  const client = new AbortController();
  const heavy = Array.from({ length: 8 }, () =>
    runner(gate, 'aggregate', client.signal)
      .rows(longStatement('heavy', 'hungry'))
      .catch(() => undefined),
  );
  await eventually(async () => (await running('hungry')) === 2);
  expect([gate.runningCount, gate.waitingCount]).toEqual([2, 6]);
  for (const kind of ['lookup', 'search'] as const) {
    for (const tenant of TENANTS) {
      const rows = await runner(gate, kind).rows<{ spans: string }>(quickStatement(tenant));
      expect(Number(rows[0].spans)).toBeGreaterThan(300);
    }
  }
  expect(await running('hungry')).toBe(2);
  client.abort();
  await Promise.all(heavy);
  await eventually(async () => (await running('hungry')) === 0);
  expect([gate.runningCount, gate.waitingCount]).toEqual([0, 0]);
});

test('a read that met its time limit while it waited says so', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1 });
  const first = new AbortController();
  const front = runner(gate, 'search', first.signal).rows(longStatement('heavy', 'ahead'));
  await eventually(async () => (await running('ahead')) === 1);
  const shared = { gate, catalogue: new CatalogueMemory() };
  const late = new StatementRunner(engine, DEFAULT_READ_LIMITS, { timeoutMs: 50 }, 'search', shared);
  await expect(late.rows(quickStatement('light'))).rejects.toThrow('read: not done after 50 ms');
  first.abort();
  await expect(front).rejects.toThrow();
});

test('statements side by side are given less memory and fewer threads', async () => {
  const gate = new ReadGate(LIMITS);
  const settings = new TenantScope('light').statement(
    "SELECT toString(getSetting('max_memory_usage')) AS memory, toString(getSetting('max_threads')) AS threads",
  );
  const alone = await runner(gate, 'search').rows<{ memory: string; threads: string }>(settings);
  expect(alone).toEqual([{ memory: '400000000', threads: '2' }]);
  const first = new AbortController();
  const beside = runner(gate, 'aggregate', first.signal).rows(longStatement('heavy', 'beside'));
  await eventually(async () => (await running('beside')) === 1);
  const second = await runner(gate, 'search').rows<{ memory: string; threads: string }>(settings);
  expect(second).toEqual([{ memory: '100000000', threads: '1' }]);
  first.abort();
  await expect(beside).rejects.toThrow();
});
