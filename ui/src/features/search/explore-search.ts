import { type OverviewSearch, parseOverviewSearch } from '../overview/overview-search.ts';
import { isInstant } from './time-range.ts';

export const SORTS = ['newest', 'longest', 'errors'] as const;
export type Sort = (typeof SORTS)[number];

/** What the Explore page keeps in its URL; defaults are left out. */
export interface ExploreSearch extends OverviewSearch {
  /** TraceQL. */
  readonly q?: string;
  /** RFC 3339, or relative such as `now-15m`. */
  readonly from?: string;
  readonly to?: string;
  readonly sort?: Exclude<Sort, 'newest'>;
}

export const DEFAULT_FROM = 'now-1h';
export const DEFAULT_TO = 'now';

/** Keeps what is well formed; the rest falls back to its default. */
export function parseExploreSearch(values: Readonly<Record<string, unknown>>): ExploreSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
  const q = textOf('q');
  const from = textOf('from');
  const to = textOf('to');
  const sort = textOf('sort');
  return {
    ...(q === '' ? {} : { q }),
    ...(isInstant(from) && from !== DEFAULT_FROM ? { from } : {}),
    ...(isInstant(to) && to !== DEFAULT_TO ? { to } : {}),
    ...(sort === 'longest' || sort === 'errors' ? { sort } : {}),
    ...parseOverviewSearch(values),
  };
}
