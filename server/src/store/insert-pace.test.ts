import { expect, it } from 'vitest';
import { paceInserts } from './insert-pace.ts';

it('keeps the interval asked for while inserts are quick', () => {
  expect(paceInserts(500, 0)).toBe(500);
  expect(paceInserts(500, 160)).toBe(500);
});

it('waits three times as long as the last insert took when that is more', () => {
  expect(paceInserts(500, 400)).toBe(1_200);
});

it('never waits longer than four intervals', () => {
  expect(paceInserts(500, 60_000)).toBe(2_000);
});
