import { expect, test } from 'vitest';
import { Schedule, sleepUntil } from './schedule.ts';

test('requests are due at even times from the start, whenever they are taken', () => {
  const schedule = new Schedule(1000, 40);
  expect([schedule.takeDueMs(), schedule.takeDueMs(), schedule.takeDueMs()]).toEqual([1000, 1025, 1050]);
  expect(schedule.taken).toBe(3);
});

test('a stalled receiver is charged for every request that was due meanwhile', () => {
  const schedule = new Schedule(0, 100);
  // One connection: the first answer takes a second, all others nothing.
  let nowMs = 0;
  const latencies: number[] = [];
  for (let i = 0; i < 101; i++) {
    const dueMs = schedule.takeDueMs();
    nowMs = Math.max(nowMs, dueMs) + (i === 0 ? 1000 : 0);
    latencies.push(nowMs - dueMs);
  }
  expect(latencies.slice(0, 3)).toEqual([1000, 990, 980]);
  expect(latencies[100]).toBe(0);
});

test('a time that has passed is not waited for', async () => {
  const before = performance.now();
  await sleepUntil(before - 60_000);
  await sleepUntil(before + 20);
  expect(performance.now()).toBeGreaterThanOrEqual(before + 18);
});
