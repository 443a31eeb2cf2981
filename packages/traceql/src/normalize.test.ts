import { describe, expect, it } from 'vitest';
import { normalizeFilter } from './normalize.ts';
import { parseQuery, parseSyntax } from './parse.ts';
import { printExpression } from './print.ts';
import { TraceqlError } from './traceql-error.ts';

describe('normalizeFilter', () => {
  it.each([
    ['1 < .a', '.a > 1'],
    ['1 <= .a', '.a >= 1'],
    ['1 > .a', '.a < 1'],
    ['1 >= .a', '.a <= 1'],
    ['"x" = name && ok != status', 'name = "x" && status != ok'],
    ['nil != .a', '.a != nil'],
    ['!(1s < duration)', '!(duration > 1s)'],
    ['.a', '.a'],
    ['!.a || .b', '!.a || .b'],
    ['1 = 1', 'true'],
    ['1 < 1h', 'true'],
    ['1.5 = 1', 'false'],
    ['9007199254740993 > 9007199254740992.0', 'true'],
    ['1s = 1000000000', 'true'],
    ['"a" < "b"', 'true'],
    ['"\u{1F600}" > "\uffff"', 'true'],
    ['true != false', 'true'],
    ['ok = error', 'false'],
    ['nil = nil', 'false'],
    ['nil != nil', 'false'],
    ['1 = nil', 'false'],
    ['nil != 1', 'true'],
    ['trace:id = "AB"', `trace:id = "${'ab'.padStart(32, '0')}"`],
    ['span:id != "1"', 'span:id != "0000000000000001"'],
    ['span:parentID = "FF"', 'span:parentID = "00000000000000ff"'],
    ['trace:id = "not hex"', 'trace:id = "not hex"'],
    ['trace:id =~ "AB.*"', 'trace:id =~ "AB.*"'],
    ['trace:id > "AB"', 'trace:id > "AB"'],
    ['name = "AB"', 'name = "AB"'],
  ])('makes %s into %s, once', (text, expected) => {
    const normal = normalizeFilter(parseQuery(`{ ${text} }`).expression);
    expect(printExpression(normal)).toBe(expected);
    expect(normalizeFilter(normal)).toEqual(normal);
  });

  it.each([
    ['.a = .b', 'TRACEQL_NOT_YET'],
    ['.a + 1 = 2', 'TRACEQL_NOT_YET'],
    ['event.a = 1', 'TRACEQL_NOT_YET'],
    ['(.a = 1) = true', 'TRACEQL_NOT_YET'],
    ['name = 5', 'TRACEQL_TYPE'],
    ['duration', 'TRACEQL_TYPE'],
  ])('refuses %s as validation does', (text, code) => {
    expect(() => normalizeFilter(parseSyntax(`{ ${text} }`).expression)).toThrow(
      expect.objectContaining({ code, constructor: TraceqlError }),
    );
  });
});
