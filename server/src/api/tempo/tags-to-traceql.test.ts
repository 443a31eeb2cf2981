import { parseQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { describe, expect, it } from 'vitest';
import { parseLogfmt } from './logfmt.ts';
import { tagsToTraceql } from './tags-to-traceql.ts';

describe('logfmt', () => {
  it.each([
    ['', {}],
    ['a=b', { a: 'b' }],
    ['  service.name=cart   http.url="a b" ', { 'service.name': 'cart', 'http.url': 'a b' }],
    ['error', { error: '' }],
    ['a= b=""', { a: '', b: '' }],
    ['a="x\\"y\\n"', { a: 'x"y\n' }],
    ['url=/a?b=c', { url: '/a?b=c' }],
  ])('%j is read', (text, pairs) => {
    expect(Object.fromEntries(parseLogfmt(text))).toEqual(pairs);
  });

  it.each(['a="b', '=b', 'a=b"c', '"a"=b', 'a=1 a=2'])('%j is refused', (text) => {
    expect(() => parseLogfmt(text)).toThrow(/invalid tags/);
  });

  it('has a limit', () => {
    const many = Array.from({ length: 51 }, (_, i) => `k${i}=v`).join(' ');
    expect(() => parseLogfmt(many)).toThrow('more than 50');
  });
});

describe('a search by tags', () => {
  const written = (tags: Record<string, string>, minDurationMs = 0, maxDurationMs = 0): string =>
    tagsToTraceql({ tags: new Map(Object.entries(tags)), minDurationMs, maxDurationMs });

  it.each([
    [written({}), '{  }'],
    [written({}, 100, 2000), '{ traceDuration >= 100ms && traceDuration <= 2000ms }'],
    [written({ a: 'b.c' }), '{ (.a =~ "(?is).*b\\\\.c.*") }'],
    [written({ a: '5' }), '{ (.a =~ "(?is).*5.*" || .a = 5) }'],
    [written({ a: 'true' }, 1), '{ (.a =~ "(?is).*true.*" || .a = true) && traceDuration >= 1ms }'],
    [written({ a: 'b', name: 'x' }), '{ (.a =~ "(?is).*b.*") } && { name =~ "(?is).*x.*" }'],
    [written({ 'status.code': 'error', error: 'true' }), '{ status = error } && { (status = error || .error = true) }'],
  ])('%s is %s', (text, expected) => {
    expect(text).toBe(expected);
    expect(() => parseQuery(text, { checkRegex })).not.toThrow();
  });

  it.each(['a b', 'a"b', '(', '\\', 'ü', '{'])('takes any key and value: %s', (odd) => {
    expect(() => parseQuery(written({ [odd]: odd, 'root.name': odd }), { checkRegex })).not.toThrow();
  });
});
