import type { TimeRange } from '../../client/api.ts';
import { absoluteRange, resolveRange } from '../search/time-range.ts';
import { restQuery, selectedQuery } from './overview-query.ts';
import type { Selection } from './overview-search.ts';

export interface ComparedSides {
  readonly a: string;
  readonly b: string;
  readonly from: string;
  readonly to: string;
  readonly bfrom: string;
  readonly bto: string;
}

/**
 * A selection beside the rest, as the Compare page takes it: the spans of other durations in all of the range. Of a
 * selection of times alone, the rest is the time before it, or the time after it where that is longer.
 */
export function compareRest(query: string, range: TimeRange, selection: Selection): ComparedSides {
  const all = resolveRange(range, Date.now());
  const a = absoluteRange(selection.fromMs, selection.toMs);
  const isLater = selection.fromMs - all.fromMs < all.toMs - selection.toMs;
  const other = isLater ? absoluteRange(selection.toMs, all.toMs) : absoluteRange(all.fromMs, selection.fromMs);
  const b = selection.durations === undefined ? other : absoluteRange(all.fromMs, all.toMs);
  return {
    a: named(selectedQuery(query, selection)),
    b: named(restQuery(query, selection)),
    from: a.from,
    to: a.to,
    bfrom: b.from,
    bto: b.to,
  };
}

function named(query: string): string {
  return query.trim() === '' ? '{ }' : query;
}
