import { describe, expect, it } from 'vitest';
import { parseFilterQuery, parseFilterSyntax, parseQuery } from './parse.ts';
import { printFilter } from './print.ts';
import { soleFilter } from './sole-filter.ts';

describe('soleFilter', () => {
  it.each([
    ['{ .a = 1 }', '{ .a = 1 }'],
    ['({ .a = 1 })', '{ .a = 1 }'],
    ['{ }', '{ }'],
    ['{ .a } with (most_recent=true)', '{ .a }'],
  ])('finds the filter of %s', (text, expected) => {
    const filter = soleFilter(parseQuery(text));
    expect(filter && printFilter(filter)).toBe(expected);
    expect(printFilter(parseFilterQuery(text))).toBe(expected);
  });

  it.each(['{ } | { .a }', '{ } && { .a }', '{ } >> { }', 'count() > 2', '{ } | rate()', 'select(.a)', '{ } | by(.a)'])(
    'finds none in %s',
    (text) => {
      expect(soleFilter(parseQuery(text))).toBeUndefined();
      expect(() => parseFilterQuery(text)).toThrow('only one filter is possible here.');
    },
  );

  it('says where the query goes beyond a filter', () => {
    expect(() => parseFilterSyntax('{ } | count() > 2')).toThrow(expect.objectContaining({ from: 6, to: 17 }));
    expect(() => parseFilterSyntax('{ } && { }')).toThrow(expect.objectContaining({ from: 0, to: 10 }));
  });
});
