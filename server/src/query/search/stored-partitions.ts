import type { StoredData, TimeRange } from '../../store/span-store.ts';

const DAY_NANO = 86_400_000_000_000n;

/** Stored days, and how many of them lie outside the range. */
export function partitionsOf(
  { days }: StoredData,
  { fromUnixNano, toUnixNano }: TimeRange,
): { readonly stored: number; readonly skipped: number } {
  const first = fromUnixNano / DAY_NANO;
  const last = (toUnixNano - 1n) / DAY_NANO;
  const skipped = days.filter(({ day }) => BigInt(day) < first || BigInt(day) > last).length;
  return { stored: days.length, skipped };
}
