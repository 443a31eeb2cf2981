import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { compareRest } from './compare-rest.ts';
import { listedSearch } from './listed-search.ts';
import {
  isOneFilter,
  restQuery,
  selectedQuery,
  tryCountQuery,
  tryErrorsOf,
  tryErrorsQuery,
  tryHistogramQuery,
  tryVersionsQuery,
} from './overview-query.ts';

const time = { fromMs: 1_000, toMs: 2_000 };
const slow = { ...time, durations: { lowNano: 5_000_000, highNano: 70_000_000 } };
const quick = { ...time, durations: { lowNano: 0, highNano: 1_024 } };
const STRUCTURAL = '{ name = "a" } >> { status = error } | count() > 1';

describe('the queries of the charts', () => {
  it.each([
    ['', '{ true } | histogram_over_time(duration) by(status)'],
    ['{ status = error } with(most_recent=true)', '{ status = error } | histogram_over_time(duration) by(status)'],
    [STRUCTURAL, `${STRUCTURAL} | histogram_over_time(duration) by(status)`],
    ['{ } | select(name)', '{ true } | select(name) | histogram_over_time(duration) by(status)'],
  ])('measure what %j finds', (query, histogram) => {
    expect(normal(tryHistogramQuery(query))).toBe(normal(histogram));
    for (const asked of [tryCountQuery(query), tryErrorsQuery(query, 'operation'), tryVersionsQuery(query)]) {
      expect(parseQuery(asked ?? '').kind).toBe('metrics-query');
    }
  });

  it.each(['{ } | rate()', '{ duratoin > 5ms }', '{'])('are none for %s', (query) => {
    expect(tryHistogramQuery(query)).toBeUndefined();
    expect(tryErrorsQuery(query, 'service')).toBeUndefined();
  });

  it('tell errors apart, and find those of a group', () => {
    expect(normal(tryErrorsQuery('{ name = "a" }', 'message'))).toBe(
      normal('{ name = "a" && status = error } | count_over_time() by(statusMessage)'),
    );
    const labels = [
      { name: 'resource.service.name', type: 'string', value: 'cart "2"' },
      { name: 'name', type: 'string', value: 'GET /' },
    ] as const;
    expect(normal(tryErrorsOf('', labels))).toBe(
      normal('{ status = error && resource.service.name = "cart \\"2\\"" && name = "GET /" }'),
    );
    expect(tryErrorsOf('', [{ name: 'resource.service.name', type: 'nil', value: '' }])).toBeUndefined();
  });
});

describe('a query', () => {
  it('is one filter, or dear to measure', () => {
    expect(['', '{ }', '{ name = "a" || status = error }'].map(isOneFilter)).toEqual([true, true, true]);
    expect([STRUCTURAL, '{ } | count() > 1', '{ } | rate()', '{'].map(isOneFilter)).toEqual(Array(4).fill(false));
  });
});

describe('a selection', () => {
  it('is a condition in the braces of a filter, or a filter of what a pipeline yields', () => {
    expect(selectedQuery('', slow)).toBe('{ duration > 5ms && duration <= 70ms }');
    expect(selectedQuery('{ status = error }', quick)).toBe('{ status = error && duration <= 1.024us }');
    expect(normal(selectedQuery(STRUCTURAL, slow))).toBe(
      normal(`${STRUCTURAL} | { duration > 5ms && duration <= 70ms }`),
    );
    expect(selectedQuery('{ name = "a" || name = "b" }', quick)).toBe(
      '{ (name = "a" || name = "b") && duration <= 1.024us }',
    );
    expect(selectedQuery('{ status = error }', time)).toBe('{ status = error }');
  });

  it('and the rest are all there is', () => {
    expect(restQuery('{ status = error }', slow)).toBe('{ status = error && (duration <= 5ms || duration > 70ms) }');
    expect(restQuery('', quick)).toBe('{ duration > 1.024us }');
    expect(normal(restQuery(STRUCTURAL, slow))).toBe(normal(`${STRUCTURAL} | { duration <= 5ms || duration > 70ms }`));
  });

  it('makes the list one of its own time', () => {
    expect(listedSearch('{ }', { from: 'now-1h', to: 'now' }, '1000-2000-0-1024')).toEqual({
      query: '{ duration <= 1.024us }',
      range: { from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:02.000Z' },
      selection: quick,
    });
    const range = { from: 'now-1h', to: 'now' };
    expect(listedSearch('{ }', range, 'nonsense')).toEqual({ query: '{ }', range, selection: undefined });
  });

  it('is compared with other durations of all the range, or of times alone with the longer time beside it', () => {
    const range = { from: new Date(0).toISOString(), to: new Date(10_000).toISOString() };
    expect(compareRest('', range, slow)).toEqual({
      a: '{ duration > 5ms && duration <= 70ms }',
      b: '{ duration <= 5ms || duration > 70ms }',
      from: '1970-01-01T00:00:01.000Z',
      to: '1970-01-01T00:00:02.000Z',
      bfrom: '1970-01-01T00:00:00.000Z',
      bto: '1970-01-01T00:00:10.000Z',
    });
    expect(compareRest('', range, time)).toMatchObject({ a: '{ }', b: '{ }', bfrom: '1970-01-01T00:00:02.000Z' });
    expect(compareRest('', range, { fromMs: 8_000, toMs: 10_000 })).toMatchObject({
      bfrom: '1970-01-01T00:00:00.000Z',
      bto: '1970-01-01T00:00:08.000Z',
    });
  });
});

/** However it is spaced and parenthesised. */
function normal(query: string | undefined): string {
  return (query ?? 'none').replace(/[\s()]/g, '').replace(/\{true\}/g, '{}');
}
