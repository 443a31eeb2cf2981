import { describe, expect, test } from 'vitest';
import { FairQueue, type Queued } from './fair-queue.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

function item(tenant: string, client: string, bytes: number, queuedMs = 0): Queued {
  return { tenant, client, bytes, queuedMs };
}

function drain(queue: FairQueue<Queued>, count = Number.POSITIVE_INFINITY): Queued[] {
  const taken: Queued[] = [];
  while (taken.length < count) {
    const next = queue.shift();
    if (next === undefined) break;
    taken.push(next);
  }
  return taken;
}

function bytesOf(items: readonly Queued[], by: (item: Queued) => string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const entry of items) sums[by(entry)] = (sums[by(entry)] ?? 0) + entry.bytes;
  return sums;
}

describe('the fair queue', () => {
  test('keeps the order of one client', () => {
    const queue = new FairQueue<Queued>();
    const items = [1, 5 * MIB, 3, 100, 9 * MIB].map((bytes, i) => item('a', 'x', bytes, i));
    for (const entry of items) queue.push(entry);
    expect(queue.size).toBe(5);
    expect(drain(queue)).toEqual(items);
    expect(queue.size).toBe(0);
    expect(queue.shift()).toBeUndefined();
  });

  test('gives tenants the same bytes, however large their requests and however many they are', () => {
    const queue = new FairQueue<Queued>();
    for (let i = 0; i < 400; i++) queue.push(item('flood', 'x', 4 * MIB));
    for (let i = 0; i < 4000; i++) queue.push(item('small', 'x', 64 * KIB));
    for (let i = 0; i < 300; i++) queue.push(item('middle', 'x', 700 * KIB));
    const { flood, small, middle } = bytesOf(drain(queue, 1500), ({ tenant }) => tenant);
    expect(Math.abs(flood - small)).toBeLessThanOrEqual(5 * MIB);
    expect(Math.abs(middle - small)).toBeLessThanOrEqual(5 * MIB);
  });

  test('gives the clients of a tenant the same bytes', () => {
    const queue = new FairQueue<Queued>();
    for (let i = 0; i < 900; i++) queue.push(item('a', 'flood', 300 * KIB));
    for (let i = 0; i < 200; i++) queue.push(item('a', 'other', 300 * KIB));
    for (let i = 0; i < 900; i++) queue.push(item('b', 'flood', 300 * KIB));
    const taken = drain(queue, 400);
    const byTenant = bytesOf(taken, ({ tenant }) => tenant);
    expect(Math.abs(byTenant.a - byTenant.b)).toBeLessThanOrEqual(2 * MIB);
    const byClient = bytesOf(
      taken.filter(({ tenant }) => tenant === 'a'),
      ({ client }) => client,
    );
    expect(Math.abs(byClient.flood - byClient.other)).toBeLessThanOrEqual(2 * MIB);
  });

  test('lets one who comes new wait for a turn of the others, not for their queues', () => {
    const queue = new FairQueue<Queued>();
    for (let i = 0; i < 1000; i++) queue.push(item('flood', 'x', MIB));
    drain(queue, 10);
    queue.push(item('light', 'y', 50 * KIB));
    expect(drain(queue, 3).map(({ tenant }) => tenant)).toContain('light');
  });

  test('gives out what has waited too long and nothing else', () => {
    const queue = new FairQueue<Queued>();
    for (let i = 0; i < 10; i++) queue.push(item(`t${i % 3}`, `c${i % 2}`, 100, i));
    expect(
      queue
        .takeOlder(4)
        .map(({ queuedMs }) => queuedMs)
        .sort(),
    ).toEqual([0, 1, 2, 3]);
    expect(queue.size).toBe(6);
    expect(
      drain(queue)
        .map(({ queuedMs }) => queuedMs)
        .sort(),
    ).toEqual([4, 5, 6, 7, 8, 9]);
    queue.push(item('t0', 'c0', 1));
    expect(drain(queue)).toHaveLength(1);
  });
});
