import { describe, expect, it } from 'vitest';
import { formatSearchParams, parseSearchParams } from '../../app/search-params.ts';
import { parseExploreSearch } from './explore-search.ts';

describe('the URL of the Explore page', () => {
  it('leaves defaults out', () => {
    expect(parseExploreSearch({ q: ' ', from: 'now-1h', to: 'now', sort: 'newest' })).toEqual({});
  });

  it('falls back where a value is malformed', () => {
    expect(parseExploreSearch({ q: 4, from: 'yesterday', to: 'now-5x', sort: 'upwards' })).toEqual({});
  });

  it('takes relative and absolute times', () => {
    const search = { from: 'now-7d', to: '2026-11-20T12:00:00.000Z' };
    expect(parseExploreSearch(search)).toEqual(search);
  });

  it('keeps what a row is, its columns, the order and whether it is live', () => {
    const search = { res: 'spans', cols: 'span.http.route, .x', sort: 'spans', live: '1' };
    expect(parseExploreSearch(search)).toEqual(search);
    expect(parseExploreSearch({ res: 'traces', cols: ' ', live: 'yes' })).toEqual({});
  });

  it('keeps a query that looks like JSON as it is, there and back', () => {
    for (const q of ['{ }', '{ .a = "1" && name =~ "a&b" }', '5', 'true', '"x"']) {
      const parsed = parseExploreSearch(parseSearchParams(formatSearchParams({ q })));
      expect(parsed).toEqual({ q });
    }
  });
});
