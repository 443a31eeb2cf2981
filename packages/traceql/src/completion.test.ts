import { describe, expect, it } from 'vitest';
import { type CompletionContext, completionContext } from './completion.ts';

/** The context at the `|` in a text. */
function at(marked: string): CompletionContext {
  const cursor = marked.indexOf('¦');
  return completionContext(marked.replace('¦', ''), cursor);
}

const A_METHOD = { kind: 'attribute', scope: 'any', key: 'http.method' };

describe('completionContext', () => {
  it.each<[string, Partial<CompletionContext> | object]>([
    ['¦', { kind: 'keyword', keywords: ['{ '], from: 0, to: 0 }],
    ['ser¦', { kind: 'keyword', keywords: ['{ '], prefix: 'ser', from: 0, to: 3 }],
    ['{ ¦', { kind: 'field', prefix: '', from: 2, to: 2 }],
    ['{¦}', { kind: 'field', prefix: '', from: 1, to: 1 }],
    ['{ du¦', { kind: 'field', prefix: 'du', from: 2, to: 4 }],
    ['{ resource.se¦', { kind: 'attribute-key', scope: 'resource', prefix: 'se', from: 2, to: 13 }],
    ['{ resource.se¦rvice = "x" }', { kind: 'attribute-key', scope: 'resource', prefix: 'se', from: 2, to: 18 }],
    ['{ resource.¦', { kind: 'attribute-key', scope: 'resource', prefix: '', from: 2, to: 11 }],
    ['{ .¦', { kind: 'attribute-key', scope: 'any', prefix: '', from: 2, to: 3 }],
    ['{ . ¦', { kind: 'none' }],
    ['{ .http.me¦', { kind: 'attribute-key', scope: 'any', prefix: 'http.me', from: 2, to: 10 }],
    ['{ http.me¦', { kind: 'attribute-key', scope: 'any', prefix: 'http.me', from: 2, to: 9 }],
    ['{ span."foo b¦', { kind: 'attribute-key', scope: 'span', prefix: 'foo b', from: 2, to: 13 }],
    ['{ .a = 1 && span.x¦ }', { kind: 'attribute-key', scope: 'span', prefix: 'x', from: 12, to: 18 }],
    ['{ .http.method = "G¦', { kind: 'attribute-value', field: A_METHOD, prefix: 'G', from: 17, to: 19 }],
    ['{ .http.method = "G¦ }', { kind: 'attribute-value', field: A_METHOD, prefix: 'G', from: 17, to: 19 }],
    ['{ .http.method = "G¦ET" }', { kind: 'attribute-value', field: A_METHOD, prefix: 'G', from: 17, to: 22 }],
    ['{ .http.method = `G¦`', { kind: 'attribute-value', field: A_METHOD, prefix: 'G', from: 17, to: 20 }],
    ['{ .http.method = "a\\"b¦', { kind: 'attribute-value', field: A_METHOD, prefix: 'a"b', from: 17, to: 22 }],
    ['{ .http.method = ¦', { kind: 'attribute-value', field: A_METHOD, prefix: '', from: 17, to: 17 }],
    ['{ .http.method =¦', { kind: 'attribute-value', field: A_METHOD, prefix: '', from: 16, to: 16 }],
    ['{ .http.method = G¦', { kind: 'attribute-value', field: A_METHOD, prefix: 'G', from: 17, to: 18 }],
    ['{ .http.method = 20¦', { kind: 'attribute-value', field: A_METHOD, prefix: '20', from: 17, to: 19 }],
    ['{ name = "¦', { kind: 'attribute-value', field: { kind: 'intrinsic', intrinsic: 'name' }, prefix: '' }],
    ['{ trace:rootService = "fr¦', { kind: 'attribute-value', field: { intrinsic: 'rootServiceName' }, prefix: 'fr' }],
    ['{ status = ¦', { kind: 'keyword', keywords: ['error', 'ok', 'unset'], prefix: '' }],
    ['{ status = e¦', { kind: 'keyword', keywords: ['error', 'ok', 'unset'], prefix: 'e', from: 11, to: 12 }],
    ['{ kind != ¦ }', { kind: 'keyword', prefix: '' }],
    ['{ duration > 10¦', { kind: 'keyword', keywords: ['10us', '10ms', '10s', '10m', '10h'], from: 13, to: 15 }],
    ['{ .a ¦', { kind: 'operator', prefix: '', from: 5, to: 5 }],
    ['{ status ¦', { kind: 'operator', keywords: ['=', '!='] }],
    ['{ .a !¦', { kind: 'operator', prefix: '!', from: 5, to: 6 }],
    ['{ .a = 1 ¦', { kind: 'operator', keywords: ['&&', '||', '}'] }],
    ['{ .a = "x"¦', { kind: 'operator', keywords: ['&&', '||', '}'], from: 10, to: 10 }],
    ['{ (.a = 1 ¦', { kind: 'operator', keywords: ['&&', '||', ')'] }],
    ['{ (.a = 1) ¦', { kind: 'operator', keywords: ['&&', '||', '}'] }],
    ['{ .a = 1 &¦', { kind: 'operator', prefix: '&', from: 9, to: 10 }],
    ['{ .a = 1 && ¦', { kind: 'field', prefix: '' }],
    ['{ !¦', { kind: 'field', prefix: '' }],
    ['{ .a } ¦', { kind: 'none' }],
    ['{ .a /* ¦ */', { kind: 'none' }],
    ['{ // ¦', { kind: 'none' }],
  ])('knows what comes at %s', (marked, expected) => {
    expect(at(marked)).toMatchObject(expected);
  });

  it('offers intrinsics and scopes where a condition starts', () => {
    const context = at('{ ¦ }');
    expect(context.kind === 'field' && context.keywords).toEqual(
      expect.arrayContaining(['name', 'duration', 'trace:id', 'span.', 'resource.', '.']),
    );
  });

  it('replaces a range that holds the cursor, in every prefix of a query', () => {
    const query = '{ (resource."a b" = "x\\"y" || duration > 1.5s) && !.c =~ `d` && kind = server } // end';
    const wrong: string[] = [];
    for (let end = 0; end <= query.length; end++) {
      for (let cursor = 0; cursor <= end; cursor++) {
        const { from, to } = completionContext(query.slice(0, end), cursor);
        if (from > cursor || to < cursor || to > end) wrong.push(`${query.slice(0, end)} at ${cursor}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
