import type { TimeRange } from '../../client/api.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { resolveRange } from '../search/time-range.ts';
import type { RangeSearch } from './services-search.ts';

/** The time of a page, for its links to others. */
export function timeOf({ from, to }: RangeSearch): RangeSearch {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** "1 h": as long as the range, and the time that it is compared with. */
export function lengthOf(range: TimeRange): string {
  const { fromMs, toMs } = resolveRange(range, Date.now());
  return formatDuration((toMs - fromMs) * 1e6);
}
