import { describe, expect, it } from 'vitest';
import { lex } from './lex.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import { TraceqlError } from './traceql-error.ts';

const shapes = (text: string) =>
  lex(text)
    .filter((token) => token.type !== 'end')
    .map((token) => text.slice(token.from, token.to));

describe('lex', () => {
  it('takes the longest symbol', () => {
    expect(shapes('!>>!<<&>>&<<=~!~!=>=<=&&||>><<!>!<&>&<&~~')).toEqual([
      ...['!>>', '!<<', '&>>', '&<<', '=~', '!~', '!=', '>=', '<=', '&&', '||', '>>', '<<', '!>', '!<', '&>', '&<'],
      ...['&~', '~'],
    ]);
  });

  it('ends an attribute name at white space and comparison symbols, not at - + * / % : @', () => {
    expect(shapes('.a-b+c*d/e%f:g@h.i=1')).toEqual(['.a-b+c*d/e%f:g@h.i', '=', '1']);
    expect(shapes('{.a}(.b)')).toEqual(['{', '.a', '}', '(', '.b', ')']);
    expect(shapes('.a>.b<.c|.d&&.e^.f,.g!~.h')).toEqual([
      ...['.a', '>', '.b', '<', '.c', '|', '.d', '&&', '.e', '^', '.f', ',', '.g', '!~', '.h'],
    ]);
  });

  it('joins quoted and plain parts of a name', () => {
    expect(lex('span.a."b \\"c\\" \\\\".d')[0]).toMatchObject({
      type: 'attribute',
      scope: 'span',
      key: 'a.b "c" \\.d',
    });
  });

  it.each([
    ['span.a', 'span'],
    ['resource.a', 'resource'],
    ['event.a', 'event'],
    ['link.a', 'link'],
    ['instrumentation.a', 'instrumentation'],
    ['parent.a', 'any'],
    ['parent.span.a', 'span'],
    ['parent.resource.a', 'resource'],
    ['.a', 'any'],
  ])('reads the scope of %s', (text, scope) => {
    expect(lex(text)[0]).toMatchObject({ type: 'attribute', scope, key: 'a' });
  });

  it('knows attributes of the parent, whose scope may follow', () => {
    expect(lex('parent.a')[0]).toMatchObject({ scope: 'any', key: 'a', ofParent: true });
    expect(lex('parent.span.a')[0]).toMatchObject({ scope: 'span', key: 'a', ofParent: true });
    expect(lex('parent.event.a')[0]).toMatchObject({ scope: 'any', key: 'event.a', ofParent: true });
    expect(lex('parent."span.a"')[0]).toMatchObject({ scope: 'any', key: 'span.a', ofParent: true });
    expect(lex('span.parent.a')[0]).toMatchObject({ scope: 'span', key: 'parent.a', ofParent: false });
  });

  it.each([
    ['0', 'int', 0n],
    ['007', 'int', 7n],
    ['9223372036854775807', 'int', 2n ** 63n - 1n],
    ['1.5', 'float', 1.5],
    ['.5', 'float', 0.5],
    ['1.', 'float', 1],
    ['1e3', 'float', 1000],
    ['2.5e-3', 'float', 0.0025],
    ['1ns', 'duration', 1n],
    ['1us', 'duration', 1_000n],
    ['1µs', 'duration', 1_000n],
    ['1ms', 'duration', 1_000_000n],
    ['1.5s', 'duration', 1_500_000_000n],
    ['.5s', 'duration', 500_000_000n],
    ['1m', 'duration', 60_000_000_000n],
    ['1h30m', 'duration', 5_400_000_000_000n],
    ['2d', 'duration', 172_800_000_000_000n],
    ['1w', 'duration', 604_800_000_000_000n],
    ['1y', 'duration', 31_536_000_000_000_000n],
    ['0.1234567891s', 'duration', 123_456_789n],
  ])('reads %s as %s', (text, type, value) => {
    expect(lex(text)).toHaveLength(2);
    expect(lex(text)[0]).toMatchObject({ type, value });
  });

  it('reads scoped intrinsics as one word', () => {
    expect(lex('span:duration trace:id')).toMatchObject([
      { type: 'word', text: 'span:duration' },
      { type: 'word', text: 'trace:id' },
      { type: 'end' },
    ]);
  });

  it('passes over comments, but not inside names and strings', () => {
    expect(shapes('{ // one\n/* two\n */ .a//b = "/* c */" /* open')).toEqual(['{', '.a//b', '=', '"/* c */"']);
  });

  it('replaces halves of surrogate pairs, which no stored text can hold', () => {
    expect(lex('"a\ud800b"')[0]).toMatchObject({ value: 'a\ufffdb' });
    expect(lex('`\udc00`')[0]).toMatchObject({ value: '\ufffd' });
    expect(lex('.\udc00')[0]).toMatchObject({ key: '\ufffd' });
  });

  it('refuses a text one character over the limit', () => {
    expect(lex(' '.repeat(MAX_QUERY_LENGTH))).toHaveLength(1);
    expect(() => lex(' '.repeat(MAX_QUERY_LENGTH + 1))).toThrow(TraceqlError);
  });

  it('goes on after errors when asked to', () => {
    const types = lex('{ $ .a = "open', { tolerant: true }).map((token) => token.type);
    expect(types).toEqual(['symbol', 'invalid', 'attribute', 'symbol', 'string', 'end']);
  });
});
