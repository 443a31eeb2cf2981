import { describe, expect, it } from 'vitest';
import {
  MAX_ARGUMENTS,
  MAX_EXPRESSIONS,
  MAX_NESTING,
  MAX_QUERY_LENGTH,
  MAX_SERIES_STAGES,
  MAX_STAGES,
} from './limits.ts';
import { parseFilterSyntax, parseQuery } from './parse.ts';
import { printExpression } from './print.ts';
import { TraceqlError } from './traceql-error.ts';
import type { FieldExpression } from './tree.ts';

/** Every operator with its operands in parentheses. */
function grouped(expression: FieldExpression): string {
  switch (expression.kind) {
    case 'not':
      return `!(${grouped(expression.operand)})`;
    case 'negate':
      return `-(${grouped(expression.operand)})`;
    case 'comparison':
    case 'logical':
    case 'arithmetic':
      return `(${grouped(expression.left)} ${expression.operator} ${grouped(expression.right)})`;
    default:
      return printExpression(expression);
  }
}

function codeOf(text: string): string {
  try {
    parseQuery(text);
    return 'accepted';
  } catch (error) {
    return error instanceof TraceqlError ? error.code : String(error);
  }
}

function detailOf(text: string): string {
  try {
    parseQuery(text);
    return 'accepted';
  } catch (error) {
    return error instanceof TraceqlError ? error.detail : String(error);
  }
}

describe('parseSyntax', () => {
  it.each([
    ['.a || .b && .c', '((.a || .b) && .c)'],
    ['.a && .b || .c', '((.a && .b) || .c)'],
    ['.a = 1 && .b', '((.a = 1) && .b)'],
    ['.a + 1 * 2 = .b', '((.a + (1 * 2)) = .b)'],
    ['.a - 1 - 2', '((.a - 1) - 2)'],
    ['.a ^ .b ^ .c', '(.a ^ (.b ^ .c))'],
    ['.a * .b ^ .c', '(.a * (.b ^ .c))'],
    ['-.a * .b', '-((.a * .b))'],
    ['-.a ^ .b', '-((.a ^ .b))'],
    ['-.a + .b', '(-(.a) + .b)'],
    ['-.a = 2', '(-(.a) = 2)'],
    ['!.a = .b', '(!(.a) = .b)'],
    ['!.a * .b', '!((.a * .b))'],
    ['!.a && .b', '(!(.a) && .b)'],
    ['.a = .b = .c', '((.a = .b) = .c)'],
    ['2 * -3 + 1', '((2 * -3) + 1)'],
    ['2 * -3 * 1', '(2 * -((3 * 1)))'],
    ['.a = -5', '(.a = -5)'],
  ])('groups %s as %s', (text, expected) => {
    expect(grouped(parseFilterSyntax(`{ ${text} }`).expression)).toBe(expected);
  });

  it('keeps the range of every node', () => {
    const { expression, at } = parseFilterSyntax(' { .a = 1 && (!span.b) } ');
    expect(at).toEqual({ from: 1, to: 24 });
    expect(expression).toMatchObject({
      at: { from: 3, to: 21 },
      left: { at: { from: 3, to: 9 }, left: { at: { from: 3, to: 5 } }, right: { at: { from: 8, to: 9 } } },
      right: { at: { from: 14, to: 21 }, operand: { at: { from: 15, to: 21 } } },
    });
  });

  it('reads empty braces as true', () => {
    expect(parseFilterSyntax('{ }').expression).toMatchObject({
      kind: 'static',
      static: { type: 'bool', value: true },
    });
  });

  it('finds a mistake after a construct that is not supported yet', () => {
    expect(codeOf('({ } | count()) >')).toBe('TRACEQL_SYNTAX');
    expect(codeOf('({ } | count()) > 1')).toBe('TRACEQL_NOT_YET');
    expect(codeOf('({ name = 5 } | count()) > 1')).toBe('TRACEQL_NOT_YET');
  });

  it('leaves regular expressions alone without a checker', () => {
    expect(codeOf('{ .a =~ "(" }')).toBe('accepted');
  });
});

describe('limits', () => {
  it.each([
    ['parentheses', (n: number) => `{ ${'('.repeat(n)}.a${')'.repeat(n)} }`],
    ['negations', (n: number) => `{ ${'!'.repeat(n)}.a }`],
    ['parentheses around a filter', (n: number) => `${'('.repeat(n)}{ }${')'.repeat(n)}`],
    ['minus signs', (n: number) => `{ ${'- '.repeat(n)}1 = .a }`],
  ])('allow %s up to the limit and no deeper', (_, text) => {
    expect(codeOf(text(MAX_NESTING))).toBe('accepted');
    expect(codeOf(text(MAX_NESTING + 1))).toBe('TRACEQL_LIMIT');
    expect(codeOf(text(30_000))).toBe('TRACEQL_LIMIT');
  });

  it('refuse 100,000 parentheses', () => {
    expect(codeOf(`{ ${'('.repeat(100_000)}`)).toBe('TRACEQL_LIMIT');
    expect(codeOf('('.repeat(100_000))).toBe('TRACEQL_LIMIT');
  });

  it.each([
    ['power', '{ .a = 1', ' ^ 1'],
    ['arithmetic', '{ .a = 1', ' + 1'],
    ['comparison', '{ .a', ' = .a'],
    ['alternating logic', '{ .a', ' && .b || .c'],
    ['spanset', '{ }', ' >> { }'],
    ['union', '{ }', ' || { }'],
    ['pipeline', '{ }', ' | { }'],
    ['scalar', 'count() > 1', ' + count()'],
    ['scalar power', 'count() > 1', ' ^ count()'],
    ['literal power', 'count() > 1', ' ^ 1'],
    ['literal', 'count() > 1', ' + 1'],
    ['series', '({ } | rate())', ' + ({ } | rate())'],
    ['series of a number', '({ } | rate())', ' * 2'],
    ['top', '{ } | rate()', ' | topk(5)'],
    ['series comparison', '{ } | rate()', ' > 5'],
    ['alternating spanset', '{ }', ' && { } || { }'],
    ['structural', '{ }', ' > { } < { }'],
    ['nested pipeline', '{ }', ' && ({ } | { })'],
  ])('end a long %s chain with an answer', (_, start, link) => {
    const text = start + link.repeat(Math.floor((MAX_QUERY_LENGTH - 20) / link.length));
    const close = start.startsWith('{ .') ? ' }' : '';
    expect(codeOf(text + close)).toMatch(/^TRACEQL_LIMIT$|^accepted$/);
  });

  it.each([
    ['stages', MAX_STAGES, (n: number) => Array.from({ length: n }, () => '{ }').join(' | ')],
    ['stages in parentheses', MAX_STAGES, (n: number) => `({ }${' | { }'.repeat(n - 1)}) && { }`],
    ['stages after metrics', MAX_SERIES_STAGES, (n: number) => `{ } | rate()${' | topk(5)'.repeat(n)}`],
    ['comparisons after metrics', MAX_SERIES_STAGES, (n: number) => `{ } | rate()${' > 5'.repeat(n)}`],
    ['fields', MAX_ARGUMENTS, (n: number) => `{ } | select(.a${', .a'.repeat(n - 1)})`],
    ['groups', MAX_ARGUMENTS, (n: number) => `{ } | rate() by(.a${', .a'.repeat(n - 1)})`],
    ['quantiles', MAX_ARGUMENTS, (n: number) => `{ } | quantile_over_time(duration${', .5'.repeat(n)})`],
    ['hints', MAX_ARGUMENTS, (n: number) => `{ } with (debug=true${', debug=true'.repeat(n - 1)})`],
    ['nested operands', MAX_NESTING, (n: number) => `${'({ } && '.repeat(n)}{ }${')'.repeat(n)}`],
    ['nested structure', MAX_NESTING, (n: number) => `{ }${' > { }'.repeat(n)}`],
    ['nested series', MAX_NESTING - 1, (n: number) => `${'(1 + '.repeat(n)}({ } | rate())${')'.repeat(n)}`],
    ['nested numbers', MAX_NESTING - 1, (n: number) => `${'(count() + '.repeat(n)}1${')'.repeat(n)} > 1`],
  ])('hold for %s and name the bound', (_, limit, text) => {
    expect(codeOf(text(limit))).toMatch(/^accepted$|^TRACEQL_TYPE$/);
    expect(codeOf(text(limit + 1))).toBe('TRACEQL_LIMIT');
    expect(detailOf(text(limit + 1))).toMatch(/limit \d+/);
  });

  it('count a chain of one operator once, up to the limit of parts', () => {
    const chain = (conditions: number) => `{ ${Array.from({ length: conditions }, () => '.a').join(' || ')} }`;
    expect(codeOf(chain(MAX_EXPRESSIONS / 2))).toBe('accepted');
    expect(codeOf(chain(MAX_EXPRESSIONS / 2 + 1))).toBe('TRACEQL_LIMIT');
  });
});
