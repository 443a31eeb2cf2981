import { describe, expect, it } from 'vitest';
import { MAX_REGEX_LENGTH } from './limits.ts';
import { checkRegex, compileRegex } from './validate-regex.ts';

describe('checkRegex', () => {
  it.each(['', 'a|b', '(?i)x', '[[:alpha:]]+', '\\pL', '\\Q.\\E', '(?P<n>x)', 'a{1000}', '^$'])(
    'accepts %s',
    (pattern) => {
      expect(checkRegex(pattern)).toBeUndefined();
    },
  );

  it.each([
    '(',
    ')',
    'a)|(b',
    '[',
    '*',
    'a**',
    '(?=a)',
    '(?<=a)b',
    '\\1',
    'a{1001}',
    '((a{100}){100}){100}',
    '\\',
    '\\Qopen',
  ])('refuses %s', (pattern) => {
    expect(checkRegex(pattern)).toMatch(/./);
  });

  it('refuses a pattern one character over the limit', () => {
    expect(checkRegex('a'.repeat(MAX_REGEX_LENGTH))).toBeUndefined();
    expect(checkRegex('a'.repeat(MAX_REGEX_LENGTH + 1))).toContain(String(MAX_REGEX_LENGTH));
  });
});

describe('checkRegex on repetitions', () => {
  it.each(['[0-9a-f]{32}', '\\d{1,3}(\\.\\d{1,3}){3}', '.{1000}', '\\pL{1000}', '(?i)(a|b){2,}c{0,20}'])(
    'accepts %s',
    (pattern) => {
      expect(checkRegex(pattern)).toBeUndefined();
    },
  );

  it.each(['.{1000}'.repeat(500), `(${'a'.repeat(4000)}){1000}`, 'x{0,1000}'.repeat(20)])(
    'refuses %.30s…',
    (pattern) => {
      expect(checkRegex(pattern)).toContain('too large');
    },
  );
});

describe('compileRegex', () => {
  it('matches in linear time where a backtracking engine would not end', () => {
    const isMatch = compileRegex('(a*)*(a*)*(a*)*b');
    expect(isMatch('a'.repeat(2_000))).toBe(false);
    expect(isMatch(`${'a'.repeat(2_000)}b`)).toBe(true);
  });
});
