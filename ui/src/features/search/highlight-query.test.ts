import { describe, expect, it } from 'vitest';
import { highlightQuery } from './highlight-query.ts';

describe('the pieces of a query', () => {
  it.each(['', '{ }', '{ .a = "x', '{ span.b >= 5ms && /* note */ name =~ `z` }', '\n\u{1f600} }{'])(
    'are together the text %j',
    (text) => {
      const joined = highlightQuery(text, undefined).map((piece) => piece.text);
      expect(joined.join('')).toBe(text);
    },
  );

  it('know what they are', () => {
    const kinds = highlightQuery('{ span.b >= 5ms && name = "x" }', undefined)
      .filter((piece) => piece.kind !== 'plain' && piece.kind !== 'symbol')
      .map((piece) => [piece.text, piece.kind]);
    expect(kinds).toEqual([
      ['span.b', 'attribute'],
      ['5ms', 'number'],
      ['name', 'keyword'],
      ['"x"', 'string'],
    ]);
  });

  it('are cut where an error begins and ends', () => {
    const wrong = highlightQuery('{ duration > 5 }', { from: 4, to: 7 }).filter((piece) => piece.wrong);
    expect(wrong.map((piece) => piece.text).join('')).toBe('rat');
  });
});
