import { DEFAULT_FROM, DEFAULT_TO } from '../search/explore-search.ts';
import { tryNormalizeInstant } from '../search/time-range.ts';

export const SERVICE_SORTS = ['rate', 'errors', 'p50', 'p95', 'p99', 'name'] as const;
export type ServiceSort = (typeof SERVICE_SORTS)[number];
export const GROUPINGS = ['auto', 'namespace', 'none'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What the services page keeps in its URL; defaults are left out. */
export interface ServicesSearch {
  readonly from?: string;
  readonly to?: string;
  readonly view?: 'map';
  /** Part of the names shown. */
  readonly find?: string;
  /** The first that people ask for comes first: largest numbers, names from A. Default: rate. */
  readonly sort?: Exclude<ServiceSort, 'rate'>;
  /** The other way round. */
  readonly turned?: '1';
  /** Map: the node whose neighbours alone are shown; nodes are named `service:cart`, `database:redis`. */
  readonly focus?: string;
  /** Map: how far from it. Default: 1. */
  readonly hops?: '2';
  readonly groups?: Exclude<Grouping, 'auto'>;
  /** Map: names of the groups that are opened, by comma; percent-encoded where they have one. */
  readonly open?: string;
}

const MAX_NAME = 300;
/** Groups that can be open at once: the map stays readable. */
export const MAX_OPEN_GROUPS = 12;

/** Keeps what is well formed; the rest falls back to its default. */
export function parseServicesSearch(values: Readonly<Record<string, unknown>>): ServicesSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name].slice(0, MAX_NAME) : '');
  const [find, focus] = [textOf('find').trim(), textOf('focus')];
  const sort = SERVICE_SORTS.find((known) => known === values.sort);
  const groups = GROUPINGS.find((known) => known === values.groups);
  const open = typeof values.open === 'string' ? formatOpenGroups(parseOpenGroups(values.open)) : '';
  return {
    ...parseRangeSearch(values),
    ...(values.view === 'map' ? { view: 'map' } : {}),
    ...(find === '' ? {} : { find }),
    ...(sort === undefined || sort === 'rate' ? {} : { sort }),
    ...(values.turned === '1' ? { turned: '1' } : {}),
    ...(/^(service|database|messaging|external):./.test(focus) ? { focus } : {}),
    ...(values.hops === '2' ? { hops: '2' } : {}),
    ...(groups === undefined || groups === 'auto' ? {} : { groups }),
    ...(open === '' ? {} : { open }),
  };
}

export interface RangeSearch {
  readonly from?: string;
  readonly to?: string;
}

export function parseRangeSearch(values: Readonly<Record<string, unknown>>): RangeSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
  const [from, to] = [tryNormalizeInstant(textOf('from')), tryNormalizeInstant(textOf('to'))];
  return {
    ...(from === undefined || from === DEFAULT_FROM ? {} : { from }),
    ...(to === undefined || to === DEFAULT_TO ? {} : { to }),
  };
}

/** Names of groups out of `open`. */
export function parseOpenGroups(open: string): readonly string[] {
  const names = open.split(',').flatMap((part) => {
    try {
      return part === '' ? [] : [decodeURIComponent(part)];
    } catch {
      return []; // Not ours: cut off in the middle of a percent sign.
    }
  });
  return [...new Set(names)].slice(0, MAX_OPEN_GROUPS);
}

export function formatOpenGroups(names: readonly string[]): string {
  return names.map((name) => encodeURIComponent(name)).join(',');
}
