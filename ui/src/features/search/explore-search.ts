import { type OverviewSearch, parseOverviewSearch } from '../overview/overview-search.ts';
import { tryNormalizeInstant } from './time-range.ts';

export const SORTS = ['newest', 'longest', 'errors', 'spans'] as const;
export type Sort = (typeof SORTS)[number];

/** What the Explore page keeps in its URL; defaults are left out. */
export interface ExploreSearch extends OverviewSearch {
  /** TraceQL. */
  readonly q?: string;
  /** RFC 3339, or relative such as `now-15m`. */
  readonly from?: string;
  readonly to?: string;
  readonly sort?: Exclude<Sort, 'newest'>;
  /** What a row of the results is; traces where it is left out. */
  readonly res?: 'spans';
  /** Attributes shown of each span, as `select()` takes them: `span.http.route, resource.host.name`. */
  readonly cols?: string;
  /** The query is followed. */
  readonly live?: '1';
}

export const DEFAULT_FROM = 'now-1h';
export const DEFAULT_TO = 'now';

/** A longer list of columns is cut: it came from nowhere. */
const MAX_COLUMNS_TEXT = 2_000;

/** Keeps what is well formed; the rest falls back to its default. */
export function parseExploreSearch(values: Readonly<Record<string, unknown>>): ExploreSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
  const q = textOf('q');
  const from = tryNormalizeInstant(textOf('from'));
  const to = tryNormalizeInstant(textOf('to'));
  const sort = textOf('sort');
  const cols = textOf('cols').slice(0, MAX_COLUMNS_TEXT);
  return {
    ...(q === '' ? {} : { q }),
    ...(from === undefined || from === DEFAULT_FROM ? {} : { from }),
    ...(to === undefined || to === DEFAULT_TO ? {} : { to }),
    ...(sort === 'longest' || sort === 'errors' || sort === 'spans' ? { sort } : {}),
    ...(textOf('res') === 'spans' ? { res: 'spans' as const } : {}),
    ...(cols === '' ? {} : { cols }),
    ...(textOf('live') === '1' ? { live: '1' as const } : {}),
    ...parseOverviewSearch(values),
  };
}
