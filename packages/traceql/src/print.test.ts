import { describe, expect, it } from 'vitest';
import { parseFilterSyntax, parseSyntax } from './parse.ts';
import { printAttribute, printQuery, printStatic, printString } from './print.ts';

describe('printQuery', () => {
  it.each([
    ['{}', '{ }'],
    ['{ true }', '{ }'],
    ['({ .a })', '{ .a }'],
    ['{.a=1&&.b=2}', '{ .a = 1 && .b = 2 }'],
    ['{ (.a = 1) && (.b = 2) }', '{ .a = 1 && .b = 2 }'],
    ['{ .a || .b && .c }', '{ (.a || .b) && .c }'],
    ['{ .a || (.b && .c) }', '{ .a || (.b && .c) }'],
    ['{ .a && (.b && .c) }', '{ .a && (.b && .c) }'],
    ['{ .a && .b && .c }', '{ .a && .b && .c }'],
    ['{ !(.a) && !(.b = 1) }', '{ !.a && !(.b = 1) }'],
    ['{ span:name = `x` && trace:rootService = "y" }', '{ name = "x" && rootServiceName = "y" }'],
    ['{ duration > 1500ms && .x = 1. }', '{ duration > 1.5s && .x = 1.0 }'],
    ['{ .a = -9223372036854775808 }', '{ .a = minInt }'],
    ['{ .a * -2 = (-2) ^ 2 }', '{ .a * (-2) = (-2) ^ 2 }'],
    ['{ .a - (.b - .c) - .d = 1 }', '{ .a - (.b - .c) - .d = 1 }'],
    ['{ (.a ^ .b) ^ .c = .a ^ .b ^ .c }', '{ (.a ^ .b) ^ .c = .a ^ .b ^ .c }'],
    ['{ .a /* why */ = 1 } // there', '{ .a = 1 }'],
  ])('prints %s as %s', (text, expected) => {
    expect(printQuery(parseSyntax(text))).toBe(expected);
  });
});

describe('printAttribute', () => {
  it.each([
    ['any', 'http.method', '.http.method'],
    ['span', 'a-b/c:d@e', 'span.a-b/c:d@e'],
    ['resource', 'foo bar', 'resource."foo bar"'],
    ['span', 'a"b\\c', 'span."a\\"b\\\\c"'],
    ['any', '5', '."5"'],
    ['span', '5', 'span.5'],
    ['any', '', '.""'],
    ['any', 'a\nb', '."a\nb"'],
    ['any', 'a=b', '."a=b"'],
  ] as const)('prints scope %s and key %j as %s', (scope, key, expected) => {
    expect(printAttribute(scope, key)).toBe(expected);
    expect(parseFilterSyntax(`{ ${expected} }`).expression).toMatchObject({ scope, key });
  });
});

describe('printStatic', () => {
  it.each([
    [{ type: 'float', value: 1e21 }, '1e+21'],
    [{ type: 'float', value: 5e-324 }, '5e-324'],
    [{ type: 'float', value: -0 }, '-0.0'],
    [{ type: 'float', value: 100 }, '100.0'],
    [{ type: 'status', value: 2 }, 'error'],
    [{ type: 'kind', value: 2 }, 'server'],
    [{ type: 'duration', value: -(2n ** 63n) }, '-2562047h47m16s854ms775us808ns'],
    [{ type: 'nil' }, 'nil'],
  ] as const)('prints %o as %s, which reads back', (literal, expected) => {
    expect(printStatic(literal)).toBe(expected);
    expect(parseFilterSyntax(`{ .a = ${expected} }`).expression).toMatchObject({ right: { static: literal } });
  });

  it('escapes what a string cannot hold as it stands', () => {
    expect(printString('a"b\\c\nd\te\rf\u0000g\u007fh😀')).toBe('"a\\"b\\\\c\\nd\\te\\rf\\x00g\\x7fh😀"');
  });
});
