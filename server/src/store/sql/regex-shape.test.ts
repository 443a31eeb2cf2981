import { Random } from '@clew/testkit/random';
import { checkRegex, compileRegex } from '@clew/traceql/validate-regex';
import { describe, expect, it } from 'vitest';
import { type Alternative, literalPrefix, tryAlternatives } from './regex-shape.ts';

describe('tryAlternatives', () => {
  it.each<[string, readonly Alternative[] | undefined]>([
    ['a|b|c', [['a'], ['b'], ['c']]],
    ['(a|b)', [['a'], ['b']]],
    ['^(?:a|b)$', [['a'], ['b']]],
    ['^GET /.*$', [['GET /', '']]],
    ['.*foo.*', [['', 'foo', '']]],
    ['cart-.*|pay', [['cart-', ''], ['pay']]],
    ['a\\.b\\|c', [['a.b|c']]],
    ['', [['']]],
    ['a||b', [['a'], [''], ['b']]],
    ['.*', [['', '']]],
    ['\u{1f600}.*', [['\u{1f600}', '']]],
    ['a.*\nb', undefined],
    ['a+', undefined],
    ['ab*', undefined],
    ['a{2}', undefined],
    ['\u{1f600}?', undefined],
    ['.+', undefined],
    ['a.b', undefined],
    ['.*?', undefined],
    ['(?i)a', undefined],
    ['[ab]', undefined],
    ['\\d', undefined],
    ['a$b', undefined],
    ['a^b', undefined],
    ['(a)(b)', undefined],
    ['(a|b)c', undefined],
  ])('reads %s', (pattern, expected) => {
    expect(tryAlternatives(pattern)).toEqual(expected);
  });

  it('means what RE2 means, for random patterns and texts', () => {
    const seed = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
    const random = new Random(seed);
    const parts = ['a', 'b', '.*', '|', '\\.', '^', '$', '(', ')', '.', '*', '?', '\n', '\\', '+', '{', '(?:', '(?i)'];
    let read = 0;
    for (let i = 0; i < 20_000; i++) {
      const pattern = random.list(0, 7, () => random.pick(parts)).join('');
      if (checkRegex(pattern) !== undefined) continue;
      const prefix = literalPrefix(pattern);
      const alternatives = tryAlternatives(pattern);
      if (alternatives !== undefined) read++;
      const matches = compileRegex(pattern);
      for (let j = 0; j < 8; j++) {
        const text = random.list(0, 5, () => random.pick(['a', 'b', '.', '\n', 'A', '{'])).join('');
        const label = `seed ${seed}: ${JSON.stringify(pattern)} and ${JSON.stringify(text)}`;
        if (matches(text)) expect(text.startsWith(prefix), label).toBe(true);
        if (alternatives !== undefined) expect(hasShape(text, alternatives), label).toBe(matches(text));
      }
    }
    expect(read).toBeGreaterThan(500);
  });
});

function hasShape(text: string, alternatives: readonly Alternative[]): boolean {
  return alternatives.some((texts) => {
    if (texts.length === 1) return text === texts[0];
    const [first = '', ...rest] = texts;
    const last = rest.pop() ?? '';
    let at = first.length;
    if (text.includes('\n') || !text.startsWith(first)) return false;
    for (const middle of rest) {
      const found = text.indexOf(middle, at);
      if (found < 0) return false;
      at = found + middle.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  });
}

describe('literalPrefix', () => {
  it.each([
    ['GET /[a-z]+', 'GET /'],
    ['^a\\.b.*c?', 'a.b'],
    ['ab?', 'a'],
    ['ab+', 'ab'],
    ['a|b', ''],
    ['(?i)a', ''],
    ['[a]b', ''],
  ])('of %s is %s', (pattern, prefix) => {
    expect(literalPrefix(pattern)).toBe(prefix);
  });
});
