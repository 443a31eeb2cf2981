import type { SpanValues, TraceColumns } from '@clew/model';

/** Rows looked at before the page may do something else. */
const ROWS_AT_ONCE = 100_000;
const NONE = -1;

type Columns = Pick<TraceColumns, 'spanCount' | 'spanId' | 'start' | 'startTimeUnixNano'>;

/**
 * For each row of the trace its place among some spans of the server, or -1. Of several spans with one id the one with
 * the nearest start. Gives the page a turn after every `ROWS_AT_ONCE` rows.
 */
export async function joinSpans(columns: Columns, spans: SpanValues, signal?: AbortSignal): Promise<Int32Array> {
  const places = new Int32Array(columns.spanCount).fill(NONE);
  const table = new IdTable(spans);
  for (let from = 0; from < columns.spanCount; from += ROWS_AT_ONCE) {
    if (from > 0) await nextTask();
    signal?.throwIfAborted();
    const to = Math.min(columns.spanCount, from + ROWS_AT_ONCE);
    for (let row = from; row < to; row++) places[row] = table.placeOf(columns, row);
  }
  return places;
}

/** The rows that have a place. */
export function joinedRows(places: Int32Array): Int32Array {
  const rows = new Int32Array(places.length);
  let found = 0;
  for (let row = 0; row < places.length; row++) if (places[row] !== NONE) rows[found++] = row;
  return rows.slice(0, found);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Places by id, by open addressing; spans with one id in a chain. */
class IdTable {
  readonly #spans: SpanValues;
  readonly #mask: number;
  readonly #first: Int32Array;
  readonly #next: Int32Array;
  /** Ids are the senders' choice: without a seed they could be chosen to collide. */
  readonly #seed = (Math.random() * 0x7fffffff) | 0;

  constructor(spans: SpanValues) {
    let capacity = 16;
    while (capacity < spans.count * 2) capacity *= 2;
    this.#spans = spans;
    this.#mask = capacity - 1;
    this.#first = new Int32Array(capacity).fill(NONE);
    this.#next = new Int32Array(spans.count).fill(NONE);
    for (let place = 0; place < spans.count; place++) {
      const slot = this.#slotOf(spans.spanId[place * 2], spans.spanId[place * 2 + 1]);
      this.#next[place] = this.#first[slot];
      this.#first[slot] = place;
    }
  }

  placeOf({ spanId, start, startTimeUnixNano }: Columns, row: number): number {
    const only = this.#first[this.#slotOf(spanId[row * 2], spanId[row * 2 + 1])];
    if (only === NONE || this.#next[only] === NONE) return only;
    let best = only;
    let least = Number.POSITIVE_INFINITY;
    for (let place = only; place !== NONE; place = this.#next[place]) {
      const distance = Math.abs(Number(this.#spans.start[place] - startTimeUnixNano) - start[row]);
      if (distance < least) {
        least = distance;
        best = place;
      }
    }
    return best;
  }

  #slotOf(low: number, high: number): number {
    const { spanId } = this.#spans;
    let hash = Math.imul(low ^ this.#seed, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ high, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 16)) & this.#mask;
    for (;;) {
      const place = this.#first[slot];
      if (place === NONE || (spanId[place * 2] === low && spanId[place * 2 + 1] === high)) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }
}
