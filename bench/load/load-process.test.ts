import { expect, test } from 'vitest';
import { templateCount } from './load-process.ts';

test('there are more bodies than connections, and no more than variety needs', () => {
  expect(templateCount(500_000, 512, 4)).toBe(256);
  expect(templateCount(2_000, 512, 200)).toBe(201);
  expect(templateCount(500_000, 8192, 4)).toBe(16);
});

test('what would not fit into the memory of the generator is refused with a way out', () => {
  expect(() => templateCount(500_000, 8192, 200)).toThrow('Use fewer connections or smaller requests');
});
