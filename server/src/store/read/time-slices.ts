import type { TimeRange } from '../span-store.ts';

/** The newest five minutes come first: one bucket of the sort key. */
const FIRST_SLICE_NANO = 300_000_000_000n;
/** Each slice is this many times longer than the one after it: a day takes six, a month eight. */
const SLICE_GROWTH = 4n;
/** The year 2262: where the order of the column's signed nanoseconds ends. */
const MAX_TIME = 2n ** 63n - 1n;

/** A range cut into slices, newest first, short ones first: together the range, without overlap. */
export function* newestFirst({ fromUnixNano, toUnixNano }: TimeRange): Generator<TimeRange> {
  let to = toUnixNano < MAX_TIME ? toUnixNano : MAX_TIME;
  let length = FIRST_SLICE_NANO;
  while (to > fromUnixNano) {
    const from = to - length > fromUnixNano ? to - length : fromUnixNano;
    yield { fromUnixNano: from, toUnixNano: to };
    to = from;
    length *= SLICE_GROWTH;
  }
}
