import { NO_PARENT, type TraceColumns } from '@clew/model';

/** A trace with shifted starts, in an order of its own. */
export interface ShiftedTrace {
  readonly columns: TraceColumns;
  /** Nanoseconds by which each row, in its new place, was shifted. */
  readonly shift: Float64Array<ArrayBuffer>;
  /** Nanoseconds the trace starts later than received: an offset received is one shown, less the shift, plus this. */
  readonly startsLater: number;
}

/**
 * The trace with each start shifted: siblings by their new starts, bounds as they follow. The original is not changed.
 * @param shift nanoseconds by row
 */
export function shiftTrace(columns: TraceColumns, shift: Float64Array): ShiftedTrace {
  const { spanCount, duration } = columns;
  const start = columns.start.map((from, row) => from + shift[row]);
  let earliest = Number.POSITIVE_INFINITY;
  for (const from of start) if (from < earliest) earliest = from;
  const base = spanCount === 0 ? 0 : earliest;
  let end = 0;
  for (let row = 0; row < spanCount; row++) {
    start[row] -= base;
    end = Math.max(end, start[row] + duration[row]);
  }
  const order = preOrder(columns, start);
  const rowOf = new Int32Array(spanCount);
  for (let row = 0; row < spanCount; row++) rowOf[order[row]] = row;
  const spanId = new Int32Array(spanCount * 2);
  for (let row = 0; row < spanCount; row++) {
    spanId[row * 2] = columns.spanId[order[row] * 2];
    spanId[row * 2 + 1] = columns.spanId[order[row] * 2 + 1];
  }
  return {
    columns: {
      ...columns,
      startTimeUnixNano: columns.startTimeUnixNano + BigInt(Math.round(base)),
      durationNano: end,
      start: start.map((_, row) => start[order[row]]),
      duration: duration.map((_, row) => duration[order[row]]),
      parent: columns.parent.map((_, row) => {
        const up = columns.parent[order[row]];
        return up === NO_PARENT ? NO_PARENT : rowOf[up];
      }),
      spanId,
      name: columns.name.map((_, row) => columns.name[order[row]]),
      service: columns.service.map((_, row) => columns.service[order[row]]),
      eventCount: columns.eventCount.map((_, row) => columns.eventCount[order[row]]),
      kind: columns.kind.map((_, row) => columns.kind[order[row]]),
      statusCode: columns.statusCode.map((_, row) => columns.statusCode[order[row]]),
      flags: columns.flags.map((_, row) => columns.flags[order[row]]),
    },
    shift: Float64Array.from(order, (row) => shift[row]),
    startsLater: base,
  };
}

/** Rows in depth-first order, siblings by `start`; roots keep their places, and with them the rows of missing parents. */
function preOrder({ parent, spanCount }: TraceColumns, start: Float64Array): Int32Array {
  const byStart = Int32Array.from({ length: spanCount }, (_, row) => row).sort((a, b) => start[a] - start[b] || a - b);
  const firstChild = new Int32Array(spanCount).fill(NO_PARENT);
  const nextSibling = new Int32Array(spanCount).fill(NO_PARENT);
  for (let at = spanCount - 1; at >= 0; at--) {
    const row = byStart[at];
    const up = parent[row];
    if (up === NO_PARENT) continue;
    nextSibling[row] = firstChild[up];
    firstChild[up] = row;
  }
  const order = new Int32Array(spanCount);
  let filled = 0;
  for (let root = 0; root < spanCount; root++) {
    if (parent[root] !== NO_PARENT) continue;
    let at = root;
    while (at !== NO_PARENT) {
      order[filled++] = at;
      let next = firstChild[at];
      while (next === NO_PARENT && at !== NO_PARENT && at !== root) {
        next = nextSibling[at];
        at = parent[at];
      }
      at = next;
    }
  }
  return order;
}
