import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { planSearch } from './plan-search.ts';

function planned(text: string) {
  const query = parseQuery(text);
  if (query.kind !== 'spanset-query') throw new TypeError('a query of spansets');
  return planSearch(query, { decides: () => true, reads: () => true });
}

describe('the plan of a search', () => {
  it.each([
    '{ .a = 1 } > { .b = 2 }',
    '{ .a = 1 } < { .b = 2 }',
    '{ .a = 1 } && { .b = 2 } | select(name)',
    '{ .a = 1 } | count() >= 3',
  ])('%s expects to find what has all that is required', (text) => {
    expect(planned(text).perFinding).toBe(1);
  });

  it.each([
    '{ .a = 1 } >> { .b = 2 }',
    '{ .a = 1 } ~ { .b = 2 }',
    '{ .a = 1 } > { .b = 2 } | count() > 1',
    '({ .a = 1 } | count() > 2) > { .b = 2 }',
    '{ .a = 1 } | by(name) | count() > 3',
    '{ .a = 1 } | count() < 3',
    '{ .a = 1 } | count() = 3',
  ])('%s expects to find some of it', (text) => {
    expect(planned(text).perFinding).toBeGreaterThan(1);
  });

  it('asks nothing beside its filter of what the engine alone decides', () => {
    expect(planned('{ .a = 1 } | { .b = 2 }')).toMatchObject({ tier: 'sql', required: [], link: undefined });
  });
});
