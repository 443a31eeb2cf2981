import { expect, test } from 'vitest';
import { ReadGate, type StatementPass, type StatementRequest } from './read-gate.ts';
import type { ReadGateLimits, StatementKind } from './read-gate-limits.ts';

const LIMITS: ReadGateLimits = {
  maxRunning: 4,
  maxRunningPerTenant: 3,
  maxWaiting: 4,
  maxWaitingPerTenant: 3,
  maxWaitMs: 60_000,
  memoryBytes: 400,
  maxThreads: 4,
};
const NOTHING_READ = { bytesRead: 0, cancelled: false };

function request(tenant: string, kind: StatementKind = 'lookup', more: Partial<StatementRequest> = {}) {
  return { tenant, kind, continues: false, signal: undefined, ...more } satisfies StatementRequest;
}

/** Enters and says when it was let in. */
function enter(gate: ReadGate, asked: StatementRequest, name: string, order: string[]): Promise<StatementPass> {
  return gate.enter(asked).then((pass) => {
    order.push(name);
    return pass;
  });
}

test('aggregates and searches leave a place for look-ups, aggregates one for searches', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunningPerTenant: 4 });
  const order: string[] = [];
  const all: Promise<StatementPass>[] = [];
  for (const name of ['aggregate 1', 'aggregate 2', 'aggregate 3'])
    all.push(enter(gate, request('a', 'aggregate'), name, order));
  for (const name of ['search 1', 'search 2']) all.push(enter(gate, request('b', 'search'), name, order));
  all.push(enter(gate, request('c'), 'look-up', order));
  await Promise.resolve();
  await all[5];
  expect(order).toEqual(['aggregate 1', 'aggregate 2', 'search 1', 'look-up']);
  (await all[0]).end(NOTHING_READ);
  expect([gate.runningCount, gate.waitingCount]).toEqual([4, 1]);
  for (const pass of [all[1], all[3], all[5]]) (await pass).end(NOTHING_READ);
  expect(gate.waitingCount).toBe(0);
  for (const pass of [all[2], all[4]]) (await pass).end(NOTHING_READ);
  expect(gate.runningCount).toBe(0);
});

test('a tenant that used the engine for long stands behind one that did not', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1, maxRunningPerTenant: 1 });
  const order: string[] = [];
  const first = await gate.enter(request('greedy'));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const waiting = [
    enter(gate, request('greedy'), 'greedy 1', order),
    enter(gate, request('greedy'), 'greedy 2', order),
    enter(gate, request('modest'), 'modest', order),
  ];
  first.end(NOTHING_READ);
  (await waiting[2]).end(NOTHING_READ);
  (await waiting[0]).end(NOTHING_READ);
  (await waiting[1]).end(NOTHING_READ);
  expect(order).toEqual(['modest', 'greedy 1', 'greedy 2']);
});

test('no tenant takes every place', async () => {
  const gate = new ReadGate(LIMITS);
  const passes = await Promise.all([1, 2, 3].map(() => gate.enter(request('a'))));
  const order: string[] = [];
  const fourth = enter(gate, request('a'), 'a again', order);
  const other = await enter(gate, request('b'), 'b', order);
  expect(order).toEqual(['b']);
  passes[0].end(NOTHING_READ);
  await fourth;
  expect(order).toEqual(['b', 'a again']);
  other.end(NOTHING_READ);
});

test('what has begun comes before what has not, and is never refused', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1, maxWaiting: 1 });
  const order: string[] = [];
  const first = await gate.enter(request('a'));
  const fresh = enter(gate, request('a'), 'new', order);
  const begun = enter(gate, request('a', 'lookup', { continues: true }), 'begun', order);
  first.end(NOTHING_READ);
  (await begun).end(NOTHING_READ);
  (await fresh).end(NOTHING_READ);
  expect(order).toEqual(['begun', 'new']);
});

test('a full queue refuses with the name of its limit and when to come again', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1 });
  const refusals: string[] = [];
  gate.reportTo({
    refused: (limit) => refusals.push(limit),
    cancelled: () => undefined,
    finished: () => undefined,
  });
  const pass = await gate.enter(request('a'));
  const waiting = [1, 2, 3].map(() => gate.enter(request('a')));
  await expect(gate.enter(request('a'))).rejects.toThrow(
    'query: 3 others are waiting already (limit 3, query.maxWaitingPerTenant). Retry in 1 s.',
  );
  waiting.push(gate.enter(request('b')));
  await expect(gate.enter(request('c'))).rejects.toMatchObject({
    name: 'ReadRefusedError',
    limit: 'query.maxWaiting',
    retryAfterSeconds: 1,
  });
  expect(refusals).toEqual(['query.maxWaitingPerTenant', 'query.maxWaiting']);
  pass.end(NOTHING_READ);
  await Promise.all(waiting.map(async (next) => (await next).end(NOTHING_READ)));
});

test('a read does not wait longer than it may', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1, maxWaitMs: 20 });
  const pass = await gate.enter(request('a'));
  await expect(gate.enter(request('b'))).rejects.toThrow('(limit 20, query.maxWaitMs)');
  expect(gate.waitingCount).toBe(0);
  pass.end(NOTHING_READ);
});

test('a client that leaves while it waits makes room in the queue', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1 });
  const cancelled: string[] = [];
  gate.reportTo({
    refused: () => undefined,
    cancelled: (stage) => cancelled.push(stage),
    finished: () => undefined,
  });
  const pass = await gate.enter(request('a'));
  const client = new AbortController();
  const waiting = gate.enter(request('b', 'search', { signal: client.signal }));
  expect(gate.waitingCount).toBe(1);
  client.abort();
  await expect(waiting).rejects.toThrow('abort');
  expect([gate.waitingCount, cancelled]).toEqual([0, ['waiting']]);
  await expect(gate.enter(request('b', 'search', { signal: client.signal }))).rejects.toThrow('abort');
  pass.end(NOTHING_READ);
  expect(gate.runningCount).toBe(0);
});

test('memory is promised once, beyond it each statement gets an equal share; threads are shared', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunningPerTenant: 4 });
  const first = await gate.enter(request('a'));
  const second = await gate.enter(request('a'));
  const third = await gate.enter(request('a'));
  expect([first, second, third].map(({ memoryBytes }) => memoryBytes)).toEqual([400, 100, 100]);
  expect([first, second, third].map(({ threads }) => threads)).toEqual([4, 2, 2]);
  first.end(NOTHING_READ);
  first.end(NOTHING_READ);
  expect(gate.runningCount).toBe(2);
  expect((await gate.enter(request('a'))).memoryBytes).toBe(200);
});

test('what nobody waits for leaves a place for everybody, and gives way to whoever has to wait', async () => {
  const gate = new ReadGate(LIMITS);
  const reasons: string[] = [];
  const spare = (tenant: string) =>
    gate.enter(request(tenant, 'spare', { giveWay: (reason) => reasons.push(`${tenant}: ${reason.name}`) }));
  const first = await gate.enter(request('a'));
  const spareOfA = await spare('a');
  expect(spareOfA.memoryBytes).toBe(100);
  await expect(spare('a')).rejects.toMatchObject({ name: 'ReadGivesWayError' });
  expect([gate.runningCount, gate.waitingCount]).toEqual([2, 0]);

  // The third place of the tenant is free, a fourth it has not: the one that nobody waits for is told to end.
  const third = await gate.enter(request('a'));
  expect(reasons).toEqual([]);
  const order: string[] = [];
  const waiting = enter(gate, request('a'), 'a again', order);
  expect(reasons).toEqual(['a: ReadGivesWayError']);
  await expect(spare('c')).rejects.toMatchObject({ name: 'ReadGivesWayError' });
  spareOfA.end({ bytesRead: 0, cancelled: false });
  (await waiting).end(NOTHING_READ);
  first.end(NOTHING_READ);
  third.end(NOTHING_READ);
  expect([gate.runningCount, gate.waitingCount]).toEqual([0, 0]);
});

test('one place alone is never taken by what nobody waits for', async () => {
  const gate = new ReadGate({ ...LIMITS, maxRunning: 1, maxRunningPerTenant: 1 });
  await expect(gate.enter(request('a', 'spare'))).rejects.toMatchObject({ name: 'ReadGivesWayError' });
  (await gate.enter(request('a'))).end(NOTHING_READ);
});

test('a statement is promised no more than all processes may still take, and an equal share at least', async () => {
  const gate = new ReadGate(LIMITS);
  let roomBytes = 250;
  gate.keepWithin(() => roomBytes);
  const first = await gate.enter(request('a', 'search'));
  roomBytes = 20;
  const second = await gate.enter(request('b', 'search'));
  expect([first, second].map(({ memoryBytes }) => memoryBytes)).toEqual([250, 100]);
});

test('where there is no room left searches and aggregates run one by one, look-ups beside them', async () => {
  const gate = new ReadGate(LIMITS);
  let roomBytes = -1;
  gate.keepWithin(() => roomBytes);
  const order: string[] = [];
  const first = await enter(gate, request('a', 'aggregate'), 'aggregate', order);
  const second = enter(gate, request('b', 'search'), 'search', order);
  await enter(gate, request('c'), 'look-up', order);
  expect([order, gate.waitingCount]).toEqual([['aggregate', 'look-up'], 1]);
  first.end(NOTHING_READ);
  await second;
  roomBytes = 1;
  await enter(gate, request('c', 'search'), 'with room', order);
  expect(order).toEqual(['aggregate', 'look-up', 'search', 'with room']);
});
