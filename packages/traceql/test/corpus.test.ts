import { describe, expect, it } from 'vitest';
import { layoutQuery } from '../src/format.ts';
import { isSameQuery, parseQuery, printQuery, TraceqlError, type TraceqlErrorCode } from '../src/index.ts';
import { checkRegex } from '../src/validate-regex.ts';
import { readCorpus } from './read-corpus.ts';

const VALID = readCorpus('valid', false);

describe('corpus of valid queries', () => {
  it('has at least 500 of them', () => {
    expect(VALID.length).toBeGreaterThanOrEqual(500);
  });

  it.each(VALID)('reads, prints and reads back $query', ({ query, canonical = query }) => {
    const tree = parseQuery(query, { checkRegex });
    const printed = printQuery(tree);
    expect(printed).toBe(canonical);
    const again = parseQuery(printed, { checkRegex });
    expect(isSameQuery(again, tree)).toBe(true);
    expect(printQuery(again)).toBe(printed);
    for (const width of [80, 30, 1]) {
      const text = layoutQuery(tree, width);
      expect(isSameQuery(parseQuery(text), tree), text).toBe(true);
    }
  });
});

const REFUSED: readonly { file: string; code: TraceqlErrorCode; least: number }[] = [
  { file: 'syntax-errors', code: 'TRACEQL_SYNTAX', least: 350 },
  { file: 'type-errors', code: 'TRACEQL_TYPE', least: 190 },
  { file: 'not-yet', code: 'TRACEQL_NOT_YET', least: 9 },
];

describe.each(REFUSED)('corpus of $file', ({ file, code, least }) => {
  const entries = readCorpus(file, true);

  it(`has at least ${least} of them`, () => {
    expect(entries.length).toBeGreaterThanOrEqual(least);
  });

  it.each(entries)('refuses $query', ({ query, from, to, expected }) => {
    const error = refusal(query);
    expect({ code: error.code, from: error.from, to: error.to, text: error.detail }).toEqual({
      code,
      from,
      to,
      text: expect.stringMatching(/.+/),
    });
    for (const part of expected) expect(error.detail).toContain(part);
  });
});

function refusal(query: string): TraceqlError {
  try {
    parseQuery(query, { checkRegex });
  } catch (error) {
    if (error instanceof TraceqlError) return error;
    throw error;
  }
  throw new Error(`accepted: ${query}`);
}
