import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { isTraceQuery, valueQuery, withCondition } from './value-query.ts';

describe('valueQuery', () => {
  it('narrows a query to spans with a value, or without it', () => {
    const value = { type: 'string', value: 'eu "1"' };
    expect(valueQuery('{ name = "GET" }', 'span.region', value, true)).toBe(
      '{ name = "GET" && span.region = "eu \\"1\\"" }',
    );
    expect(valueQuery('{ }', 'span.region', value, false)).toBe('{ span.region != "eu \\"1\\"" }');
  });

  it('writes each type as the language has it', () => {
    const of = (type: string, value: string): string | undefined => valueQuery('{ }', 'span.x', { type, value }, true);
    expect(of('int', '9007199254740993')).toBe('{ span.x = 9007199254740993 }');
    expect(of('bool', 'true')).toBe('{ span.x = true }');
    expect(of('double', '0.5')).toBe('{ span.x = 0.5 }');
    expect(of('double', 'NaN')).toBeUndefined();
    expect(of('other', '[1]')).toBeUndefined();
    expect(valueQuery('{ }', 'status', { type: 'status', value: 'error' }, true)).toBe('{ status = error }');
    expect(valueQuery('{ }', 'kind', { type: 'kind', value: 'server' }, true)).toBe('{ kind = server }');
  });

  it('adds a stage to queries that relate spans', () => {
    const query = withCondition('{ name = "a" } >> { name = "b" }', 'status = error');
    expect(query).toBe('{ name = "a" } >> { name = "b" } | { status = error }');
    expect(() => parseQuery(query)).not.toThrow();
  });

  it('tells queries for traces from others', () => {
    expect(['', '{ }', '{ name = "a" } | count() > 2'].every(isTraceQuery)).toBe(true);
    expect(['{', '{ } | rate()'].some(isTraceQuery)).toBe(false);
  });
});
