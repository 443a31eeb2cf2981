import { parseRangeSearch, type RangeSearch } from './services-search.ts';

/** What the page of one service keeps in its URL; defaults are left out. */
export interface ServiceSearch extends RangeSearch {
  /** Operations: all of them, not only requests. */
  readonly ops?: 'all';
  readonly hops?: '2';
}

export function parseServiceSearch(values: Readonly<Record<string, unknown>>): ServiceSearch {
  return {
    ...parseRangeSearch(values),
    ...(values.ops === 'all' ? { ops: 'all' } : {}),
    ...(values.hops === '2' ? { hops: '2' } : {}),
  };
}
