import { describe, expect, it } from 'vitest';
import { seriesValue } from './fold-numbers.ts';
import { parseSyntax } from './parse.ts';
import { printQuery } from './print.ts';
import { TraceqlError } from './traceql-error.ts';

/** What the literals on the right of a comparison become. */
const folded = (text: string) => printQuery(parseSyntax(`count() > ${text}`)).replace('count() > ', '');

describe('arithmetic of literals', () => {
  it.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['7 / 2', '3'],
    ['-7 / 2', '-3'],
    ['7 % 3', '1'],
    ['-7 % 3', '-1'],
    ['7 / 2.0', '3.5'],
    ['1 - 2 - 3', '-4'],
    ['2 ^ 3', '8.0'],
    ['2 ^ 3 ^ 2', '512.0'],
    ['-2 ^ 2', '4.0'],
    ['-(2 + 3)', '-5'],
    ['- - 5', '5'],
    ['0.1 + 0.2', '0.30000000000000004'],
    ['1s + 500ms', '1.5s'],
    ['2 * 1h', '2h'],
    ['1.5 * 1s', '1.5s'],
    ['1s * 0.3333', '333.3ms'],
    ['1ns * 1.5', '1.5'],
    ['1h / 1m', '60'],
    ['7s / 2', '3.5s'],
    ['7s % 2s', '1s'],
    ['1s + 1', '1s1ns'],
    ['maxInt - 1', '9223372036854775806'],
    ['minInt + 1', '-9223372036854775807'],
    ['-9223372036854775808', 'minInt'],
    ['-minInt + 0.0', 'TRACEQL_SYNTAX'],
    ['9223372036854775808', 'TRACEQL_SYNTAX'],
    ['maxInt + 1', 'TRACEQL_TYPE'],
    ['1 / 0', 'TRACEQL_TYPE'],
    ['1 % 0', 'TRACEQL_TYPE'],
    ['1.0 / 0', 'TRACEQL_TYPE'],
    ['0s / 0s', 'TRACEQL_TYPE'],
    ['1e308 * 10', 'TRACEQL_TYPE'],
    ['(-1) ^ 0.5', 'TRACEQL_TYPE'],
  ])('makes %s into %s', (text, expected) => {
    if (!expected.startsWith('TRACEQL')) expect(folded(text)).toBe(expected);
    else expect(() => folded(text)).toThrow(expect.objectContaining({ code: expected, constructor: TraceqlError }));
  });
});

describe('seriesValue', () => {
  it.each([
    [{ type: 'int', value: 5n }, 5],
    [{ type: 'float', value: -0 }, 0],
    [{ type: 'duration', value: 1_500_000_000n }, 1.5],
    [{ type: 'duration', value: -1n }, -1e-9],
  ] as const)('is of %o %d', (literal, expected) => {
    expect(seriesValue(literal)).toBe(expected);
  });
});
