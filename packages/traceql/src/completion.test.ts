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
    ['¦', { kind: 'keyword', keywords: ['{ ', '('], from: 0, to: 0 }],
    ['ser¦', { kind: 'keyword', keywords: ['{ ', '('], prefix: 'ser', from: 0, to: 3 }],
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
    ['{ .a /* ¦ */', { kind: 'none' }],
    ['{ // ¦', { kind: 'none' }],
  ])('knows what comes at %s', (marked, expected) => {
    expect(at(marked)).toMatchObject(expected);
  });

  it.each<[string, CompletionContext['kind'], readonly string[]]>([
    ['{ } ¦', 'operator', ['|', '&&', '||', '>>', '&>>', '!>>', '~', 'with (']],
    ['{ } !¦', 'operator', ['!>', '!>>', '!~']],
    ['{ } &¦', 'operator', ['&&', '&>>']],
    ['({ } ¦', 'operator', ['|', '>>', ')']],
    ['{ } >> ¦', 'keyword', ['{ ', '(']],
    ['{ } && (¦', 'keyword', ['{ ']],
    ['{ } | ¦', 'keyword', ['{ ', 'count()', 'avg(', 'by(', 'select(', 'coalesce()', 'rate()', 'compare({ ']],
    ['{ } |¦', 'keyword', ['count()', 'rate()']],
    ['{ } | ra¦', 'keyword', ['rate()']],
    ['{ } | count() ¦', 'operator', ['>', '>=', '=', '+']],
    ['{ } | count() > ¦', 'keyword', ['10', '1s', 'avg(']],
    ['{ } | count() > 2 ¦', 'operator', ['|', 'with (']],
    ['{ } | avg(¦', 'field', ['duration', 'span.', '.']],
    ['{ } | avg(duration ¦', 'operator', [')', '+']],
    ['{ } | avg(duration) > 1s | ¦', 'keyword', ['{ ', 'count()']],
    ['{ } | by(¦', 'field', ['name', 'resource.', 'event.']],
    ['{ } | by(name) ¦', 'operator', ['|', 'with (']],
    ['{ } | by(name) | ¦', 'keyword', ['coalesce()', 'count()']],
    ['by(.a) | ¦', 'keyword', ['{ ']],
    ['{ } | select(¦', 'field', ['name', 'span.', 'parent.']],
    ['{ } | select(name ¦', 'operator', [')', ', ']],
    ['{ } | select(name, ¦', 'field', ['name', 'span.']],
    ['{ } | rate() ¦', 'operator', ['by(', '|', '>', 'with (']],
    ['{ } | rate() by(¦', 'field', ['name', 'resource.']],
    ['{ } | rate() by(name ¦', 'operator', [')', ', ']],
    ['{ } | rate() by(name) ¦', 'operator', ['|', '>', 'with (']],
    ['{ } | rate() by(name) | ¦', 'keyword', ['topk(', 'bottomk(']],
    ['{ } | rate() |¦', 'keyword', ['topk(', 'bottomk(']],
    ['{ } | rate() | topk(¦', 'keyword', ['5', '10']],
    ['{ } | rate() > ¦', 'keyword', ['10']],
    ['{ } | rate() > 5 ¦', 'operator', ['|', 'with (']],
    ['{ } | quantile_over_time(¦', 'field', ['duration', 'span.']],
    ['{ } | quantile_over_time(duration ¦', 'operator', [', ']],
    ['{ } | quantile_over_time(duration, ¦', 'keyword', ['.5', '.99']],
    ['{ } | quantile_over_time(duration, .5 ¦', 'operator', [')', ', ']],
    ['{ } | compare(¦', 'keyword', ['{ ']],
    ['{ } | compare({ ¦', 'field', ['status', 'span.']],
    ['{ } | compare({ status = error } ¦', 'operator', [')', ',']],
    ['({ } | rate()) ¦', 'operator', ['|', '>', '/', 'with (']],
    ['({ } | rate()) / ¦', 'keyword', ['(']],
    ['{ } with (¦', 'keyword', ['sample=', 'exemplars=']],
    ['{ } with (sam¦', 'keyword', ['sample=']],
    ['{ } with (sample=¦', 'keyword', ['true', '0.1']],
    ['{ } with (sample=true ¦', 'operator', [')', ', ']],
    ['{ } with (sample=true, ¦', 'keyword', ['exemplars=']],
    ['{ parent ¦', 'operator', ['!=', '=']],
    ['{ parent != ¦', 'keyword', ['nil']],
    ['{ nestedSetParent ¦', 'operator', ['<', '=']],
  ])('offers at %s %s %j', (marked, kind, keywords) => {
    const context = at(marked);
    expect(context.kind).toBe(kind);
    expect('keywords' in context && context.keywords).toEqual(expect.arrayContaining([...keywords]));
  });

  it.each<[string, object]>([
    ['{ parent.¦', { kind: 'attribute-key', scope: 'any', ofParent: true, prefix: '', from: 2, to: 9 }],
    ['{ parent.ht¦', { kind: 'attribute-key', scope: 'any', ofParent: true, prefix: 'ht' }],
    ['{ parent.span.ht¦', { kind: 'attribute-key', scope: 'span', ofParent: true, prefix: 'ht' }],
    ['{ parent.resource.¦', { kind: 'attribute-key', scope: 'resource', ofParent: true, prefix: '' }],
    ['{ parent.a = ¦', { kind: 'attribute-value', field: { scope: 'any', key: 'a', ofParent: true } }],
    ['{ event.ex¦', { kind: 'attribute-key', scope: 'event', prefix: 'ex' }],
    ['{ link.¦', { kind: 'attribute-key', scope: 'link', prefix: '' }],
    ['{ event:name = ¦', { kind: 'attribute-value', field: { intrinsic: 'event:name' } }],
    ['{ } | by(span.ht¦', { kind: 'attribute-key', scope: 'span', prefix: 'ht' }],
    ['{ } | select(name, resource.¦', { kind: 'attribute-key', scope: 'resource', prefix: '' }],
    ['{ } | rate() by(.¦', { kind: 'attribute-key', scope: 'any', prefix: '' }],
    ['{ } | { .a = 1 && .b ¦', { kind: 'operator', keywords: expect.arrayContaining(['=', '}']) }],
    ['{ } >> { .a = ¦', { kind: 'attribute-value', field: { key: 'a' } }],
    ['{ } with (sample=true) ¦', { kind: 'none' }],
    ['{ } } ¦', { kind: 'none' }],
  ])('knows the field at %s', (marked, expected) => {
    expect(at(marked)).toMatchObject(expected);
  });

  it('offers intrinsics and scopes where a condition starts', () => {
    const context = at('{ ¦ }');
    expect(context.kind === 'field' && context.keywords).toEqual(
      expect.arrayContaining(['name', 'duration', 'trace:id', 'span.', 'resource.', '.']),
    );
  });

  it('replaces a range that holds the cursor, in every prefix of a query', () => {
    const query =
      '({ (resource."a b" = "x\\"y" || duration > 1.5s) && !.c =~ `d` } &>> { parent.x } | by(.a) | count() > -2 ' +
      '| quantile_over_time(duration, .5) by(.b, name) > 3 | topk(5)) / ({ } | rate()) with (sample=true) // end';
    const wrong: string[] = [];
    for (let end = 0; end <= query.length; end++) {
      for (let cursor = end === query.length ? 0 : end; cursor <= end; cursor++) {
        const { from, to } = completionContext(query.slice(0, end), cursor);
        if (from > cursor || to < cursor || to > end) wrong.push(`${query.slice(0, end)} at ${cursor}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
