import { formatDuration } from '../../text/format-duration.ts';
import type { RangeSearch } from './services-search.ts';

/** The time of a page, for its links to others. */
export function timeOf({ from, to }: RangeSearch): RangeSearch {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** "1 h": as long as the period, and as the one that it is compared with. */
export function lengthOf(period: { readonly startUnixNano: string; readonly endUnixNano: string }): string {
  return formatDuration(Number(BigInt(period.endUnixNano) - BigInt(period.startUnixNano)));
}
