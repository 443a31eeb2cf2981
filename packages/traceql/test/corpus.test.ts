import { describe, expect, it } from 'vitest';
import { isSameQuery, parseQuery, printQuery, TraceqlError, type TraceqlErrorCode } from '../src/index.ts';
import { checkRegex } from '../src/validate-regex.ts';
import { readCorpus } from './read-corpus.ts';

const VALID = readCorpus('valid', false);

describe('corpus of valid queries', () => {
  it('has at least 150 of them', () => {
    expect(VALID.length).toBeGreaterThanOrEqual(150);
  });

  it.each(VALID.map(({ query }) => query))('reads, prints and reads back %s', (query) => {
    const tree = parseQuery(query, { checkRegex });
    const printed = printQuery(tree);
    const again = parseQuery(printed, { checkRegex });
    expect(isSameQuery(again, tree)).toBe(true);
    expect(printQuery(again)).toBe(printed);
  });
});

const REFUSED: readonly { file: string; code: TraceqlErrorCode; least: number }[] = [
  { file: 'syntax-errors', code: 'TRACEQL_SYNTAX', least: 60 },
  { file: 'type-errors', code: 'TRACEQL_TYPE', least: 40 },
  { file: 'not-yet', code: 'TRACEQL_NOT_YET', least: 5 },
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
