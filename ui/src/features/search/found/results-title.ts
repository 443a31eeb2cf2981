import { text } from '../../../text/catalogue.ts';
import type { Totals } from './use-totals.ts';

/** How many are listed of how many there are: exact where it is known, else what is certain. */
export function resultsTitle(request: {
  readonly isSpans: boolean;
  readonly shown: number;
  readonly hasMore: boolean;
  readonly totals: Totals | undefined;
}): string {
  const { isSpans, shown, hasMore, totals } = request;
  const words = isSpans ? text.found.title.spans : text.found.title.traces;
  if (!hasMore) return words.all(shown);
  const total = isSpans ? totals?.spanCount : totals?.traceCount;
  // What was counted a moment ago may be less than what is listed now.
  if (total === undefined || total <= shown) return words.atLeast(shown);
  return isSpans || totals?.isTraceCountExact === true ? words.of(shown, total) : words.ofAbout(shown, total);
}
