import { describe, expect, it } from 'vitest';
import { tryNearestWord } from './nearest-word.ts';

const WORDS = ['name', 'duration', 'status', 'statusMessage', 'kind', 'trace:id', 'ok'];

describe('tryNearestWord', () => {
  it.each([
    ['nmae', 'name'],
    ['Duration', 'duration'],
    ['durration', 'duration'],
    ['staus', 'status'],
    ['statusMessag', 'statusMessage'],
    ['durationMs', 'duration'],
    ['trac', 'trace:id'],
    ['statusMessages', 'statusMessage'],
    ['ko', undefined],
    ['foo', undefined],
    ['xyzzy', undefined],
    ['', undefined],
    ['n'.repeat(10_000), undefined],
  ])('takes %.20s to mean %s', (word, expected) => {
    expect(tryNearestWord(word, WORDS)).toBe(expected);
  });
});
