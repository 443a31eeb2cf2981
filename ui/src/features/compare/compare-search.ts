import { parseSpanId, parseTraceId } from '@clew/model';
import { tryNormalizeInstant } from '../search/time-range.ts';

/** What the Compare page keeps in its URL; defaults are left out. */
export interface CompareSearch {
  /** The sides: a trace id each, or a TraceQL query each (none consists of hexadecimal digits alone). */
  readonly a?: string;
  readonly b?: string;
  /** Range of both queries; of A alone where B has its own. RFC 3339, or relative such as `now-15m`. */
  readonly from?: string;
  readonly to?: string;
  readonly bfrom?: string;
  readonly bto?: string;
  /** Only what differs is shown. */
  readonly only?: '1';
  /** Largest differences first, instead of the order of time. */
  readonly sort?: 'difference';
  /** The selected place: `a:` or `b:` and the id of a span in it. Of populations: `n:` and the number of its row. */
  readonly at?: string;
  /** Populations: what is shown. */
  readonly view?: 'attributes';
}

/** Changes what is in the URL; `replace`: without a step in the history. */
export type CompareUpdate = (
  change: Partial<Record<keyof CompareSearch, string | undefined>>,
  replace?: boolean,
) => void;

export const DEFAULT_FROM = 'now-1h';
export const DEFAULT_TO = 'now';

/** Keeps what is well formed; the rest falls back to its default. */
export function parseCompareSearch(values: Readonly<Record<string, unknown>>): CompareSearch {
  const textOf = (name: string): string => (typeof values[name] === 'string' ? values[name].trim() : '');
  const side = (name: 'a' | 'b'): Partial<CompareSearch> => {
    const given = textOf(name);
    return given === '' ? {} : { [name]: parseTraceId(given) ?? given };
  };
  const instant = (name: 'from' | 'to' | 'bfrom' | 'bto', byDefault?: string): Partial<CompareSearch> => {
    const given = tryNormalizeInstant(textOf(name));
    return given === undefined || given === byDefault ? {} : { [name]: given };
  };
  return {
    ...side('a'),
    ...side('b'),
    ...instant('from', DEFAULT_FROM),
    ...instant('to', DEFAULT_TO),
    ...instant('bfrom'),
    ...instant('bto'),
    ...(textOf('only') === '1' ? { only: '1' as const } : {}),
    ...(textOf('sort') === 'difference' ? { sort: 'difference' as const } : {}),
    ...(textOf('view') === 'attributes' ? { view: 'attributes' as const } : {}),
    ...(/^(?:[ab]:[0-9a-f]{16}|n:\d{1,9})$/.test(textOf('at')) ? { at: textOf('at') } : {}),
  };
}

/** The span that `at` names, and in which trace. */
export function spanOfAt(at: string | undefined): { readonly side: 'a' | 'b'; readonly spanId: string } | undefined {
  const spanId = parseSpanId(at?.slice(2) ?? '');
  if (at === undefined || spanId === undefined || at.startsWith('n:')) return undefined;
  return { side: at.startsWith('a') ? 'a' : 'b', spanId };
}

export interface ComparedRanges {
  readonly a: { readonly from: string; readonly to: string };
  readonly b: { readonly from: string; readonly to: string };
}

/** The range of each side. */
export function rangesOf({ from = DEFAULT_FROM, to = DEFAULT_TO, bfrom, bto }: CompareSearch): ComparedRanges {
  return { a: { from, to }, b: { from: bfrom ?? from, to: bto ?? to } };
}
