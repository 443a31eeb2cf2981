import type { TotalsAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { loadTotals, type TimeRange } from '../../../client/api.ts';
import { findMistake } from '../query-mistake.ts';

export type Totals = NonNullable<TotalsAnswer['totals']>;

/** How much matches in the whole range; undefined until it is known, and where only trace by trace it could be. */
export function useTotals(query: string, range: TimeRange, round: number, isSearch: boolean): Totals | undefined {
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['totals', query, range.from, range.to, round],
    queryFn: ({ signal }) => loadTotals(query === '' ? '{ }' : query, range, signal),
    enabled: isSearch && findMistake(query) === undefined,
    staleTime: 60_000,
    // A number beside the list: without it the list says "at least".
    retry: false,
  });
  return isPlaceholderData ? undefined : data?.totals;
}
