import { expect, test } from 'vitest';
import { TenantTime } from './tenant-time.ts';

test('what was used half a minute ago counts half', () => {
  const time = new TenantTime();
  time.add('a', 1_000, 0);
  expect(time.of('a', 30_000)).toBeCloseTo(500);
  time.add('a', 1_000, 30_000);
  expect(time.of('a', 60_000)).toBeCloseTo(750);
  expect(time.of('b', 0)).toBe(0);
});

test('tenants that used nothing for long are forgotten', () => {
  const time = new TenantTime();
  for (let i = 0; i < 100; i++) time.add(`tenant ${i}`, 10, i);
  expect(time.size).toBe(100);
  time.add('late', 10, 3_600_000);
  expect(time.size).toBe(1);
});
