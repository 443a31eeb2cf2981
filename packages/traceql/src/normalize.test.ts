import { describe, expect, it } from 'vitest';
import { normalizeFilter } from './normalize.ts';
import { parseFilterQuery, parseFilterSyntax } from './parse.ts';
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
    ['link:spanID = "F"', 'link:spanID = "000000000000000f"'],
    ['(.a = 1) = true', '.a = 1'],
    ['true = (1 = .a)', '.a = 1'],
    ['(.a = 1) != true', '!(.a = 1)'],
    ['(.a = 1) = (2 < .b)', '(.a = 1) = (.b > 2)'],
    ['.a = true', '.a = true'],
    ['.a = -(1 + 2)', '.a = -3'],
    ['.a = 2 ^ 3', '.a = 8.0'],
    ['duration > 2 * 1s', 'duration > 2s'],
    ['.a != 1 / 0', '.a != 1 / 0'],
    ['-.a + 1 < .b * 2', '-.a + 1 < .b * 2'],
    ['1 < -(.a + 1)', '-(.a + 1) > 1'],
    ['event:name =~ "a|b"', 'event:name =~ "a|b"'],
    ['parent != nil', 'parent != nil'],
    ['nil = parent.span.x', 'parent.span.x = nil'],
  ])('makes %s into %s, once', (text, expected) => {
    const normal = normalizeFilter(parseFilterQuery(`{ ${text} }`).expression);
    expect(printExpression(normal)).toBe(expected);
    expect(normalizeFilter(normal)).toEqual(normal);
  });

  it.each([
    ['name =~ .a', 'TRACEQL_TYPE'],
    ['parent = 1', 'TRACEQL_TYPE'],
    ['name = 5', 'TRACEQL_TYPE'],
    ['duration', 'TRACEQL_TYPE'],
  ])('refuses %s as validation does', (text, code) => {
    expect(() => normalizeFilter(parseFilterSyntax(`{ ${text} }`).expression)).toThrow(
      expect.objectContaining({ code, constructor: TraceqlError }),
    );
  });
});
