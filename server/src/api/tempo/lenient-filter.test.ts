import { parseFilterSyntax, printExpression } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { parseLenientFilter } from './lenient-filter.ts';

const printed = (text: string): string => printExpression(parseFilterSyntax(text).expression);

describe('a query that is still being typed', () => {
  it.each([
    ['', '{ }'],
    ['{}', '{ }'],
    ['{ span.a = "x" }', '{ span.a = "x" }'],
    ['{ span.a = "x" && span.b = }', '{ span.a = "x" }'],
    ['{ span.a = "x" && span.b', '{ span.a = "x" }'],
    ['{span.a="x"&&.n>5&&status=error&&', '{ span.a = "x" && .n > 5 && status = error }'],
    ['{ span."a b" = "x && y" && name = }', '{ span."a b" = "x && y" }'],
    ['{ name =~ "a.*" && resource.service.name != }', '{ name =~ "a.*" }'],
    ['{ name =~ "(" && kind = server && ', '{ kind = server }'],
    ['{ span.a = "x" || span.b = }', '{ }'],
    ['{ span.a = "x || y" && span.b = }', '{ span.a = "x || y" }'],
    ['{ span.a = "x" } && { span.b = ', '{ span.a = "x" }'],
    ['{ span.a = "x', '{ }'],
    ['}{', '{ }'],
    ['drop table spans', '{ }'],
  ])('%s counts as %s', (text, expected) => {
    expect(printExpression(parseLenientFilter(text))).toBe(printed(expected));
  });

  it('may be long', () => {
    expect(printExpression(parseLenientFilter(`{ ${'span.a = "x" && '.repeat(50_000)}`))).toContain('span.a = "x"');
    expect(printExpression(parseLenientFilter('a'.repeat(100_000)))).toBe('true');
  });
});
