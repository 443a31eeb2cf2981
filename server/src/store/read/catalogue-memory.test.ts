import { expect, test } from 'vitest';
import { ContentMemory } from './catalogue-memory.ts';

test('contents are kept by tenant and id, the least recently used go first', () => {
  const memory = new ContentMemory<string>((text) => text.length, 1_000);
  memory.set('a', '1', 'one');
  memory.set('b', '1', 'another');
  memory.set('a', '2', 'two');
  expect([memory.get('a', '1'), memory.get('b', '1'), memory.get('c', '1')]).toEqual(['one', 'another', undefined]);
  memory.set('a', '3', 'three');
  expect([memory.get('a', '1'), memory.get('b', '1'), memory.get('a', '2'), memory.get('a', '3')]).toEqual([
    'one',
    'another',
    undefined,
    'three',
  ]);
});

test('what is larger than all there is room for is not kept', () => {
  const memory = new ContentMemory<string>((text) => text.length, 1_000);
  memory.set('a', '1', 'one');
  memory.set('a', '2', 'x'.repeat(2_000));
  expect([memory.get('a', '1'), memory.get('a', '2')]).toEqual(['one', undefined]);
});
