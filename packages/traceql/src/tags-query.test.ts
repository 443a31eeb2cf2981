import { describe, expect, it } from 'vitest';
import { parseSyntax } from './parse.ts';
import { queryFromTags } from './tags-query.ts';

describe('queryFromTags', () => {
  it.each([
    ['service.name=x', '{ resource.service.name = "x" }'],
    ['service.name="x" http.method="GET"', '{ resource.service.name = "x" && .http.method = "GET" }'],
    ["service='a b', error=true", '{ resource.service.name = "a b" && status = error }'],
    ['http.status_code=500 error=false', '{ .http.status_code = 500 && status != error }'],
    ['{service.name="x",http.method=~"G.*"}', '{ resource.service.name = "x" && .http.method =~ "G.*" }'],
    ['a=1 AND b!="2" and c=true', '{ .a = 1 && .b != "2" && .c = true }'],
    ['status:ERROR kind:server', '{ status = error && kind = server }'],
    ['name="GET /" duration=5ms', '{ name = "GET /" && duration = 5ms }'],
    ['operation=checkout', '{ name = "checkout" }'],
    ['k8s.pod.name=p-1', '{ resource.k8s.pod.name = "p-1" }'],
  ])('reads %s as %s', (text, expected) => {
    expect(queryFromTags(text)).toBe(expected);
    expect(() => parseSyntax(expected)).not.toThrow();
  });

  it.each(['', 'one two', 'a = ', '{ .a = 1 } | count()', 'rate()', `${'a=1 '.repeat(21)}`])(
    'leaves %s alone',
    (text) => {
      expect(queryFromTags(text)).toBeUndefined();
    },
  );

  it('stays quick on text that goes on and on', () => {
    expect(queryFromTags(`a=${'x'.repeat(50_000)} =`)).toBeUndefined();
    expect(queryFromTags('a='.repeat(30_000))).toBeUndefined();
  });
});
