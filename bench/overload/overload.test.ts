import { expect, test } from 'vitest';
import { sendersOf } from './overload-bench.ts';
import { parseOverloadOptions } from './overload-options.ts';
import { fairness } from './overload-report.ts';

test('both tenants have connections in proportion to their load', () => {
  expect(sendersOf(300, { connections: 100, smallShare: 10 })).toEqual([
    { tenant: 'large', connections: 90, requestsPerSecond: 270 },
    { tenant: 'small', connections: 10, requestsPerSecond: 30 },
  ]);
});

test('a small tenant has a connection even if its share is less than one', () => {
  const [large, small] = sendersOf(100, { connections: 2, smallShare: 1 });
  expect([large.connections, small.connections]).toEqual([1, 1]);
});

test('fairness is 1 among equals and 1 / n when one has everything', () => {
  expect(fairness([5, 5, 5, 5])).toBe(1);
  expect(fairness([20, 0, 0, 0])).toBe(0.25);
  expect(fairness([0, 0])).toBe(1);
});

test('a journal that Clew would not take is refused before anything starts', () => {
  expect(parseOverloadOptions(['--journal-mib', '0'])).toMatchObject({ journalMib: 0 });
  expect(() => parseOverloadOptions(['--journal-mib', '8'])).toThrow('--journal-mib 8: not an integer from 16');
});
