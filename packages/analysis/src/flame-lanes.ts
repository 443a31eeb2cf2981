/**
 * Where spans lie in a flame graph in time order: children below their parent, spans that overlap in lanes of their own.
 */
import { NO_PARENT, type TraceColumns } from '@clew/model';

export interface FlameLanes {
  /** Lane of each row, 0 at the top; always below the lane of its parent. */
  readonly lane: Int32Array<ArrayBuffer>;
  readonly laneCount: number;
  /** Rows of all lanes, lane by lane, by start within each: no two of a lane overlap. */
  readonly rows: Int32Array<ArrayBuffer>;
  /** Lane i is rows[laneStart[i]] up to rows[laneStart[i + 1]]. */
  readonly laneStart: Int32Array<ArrayBuffer>;
}

type Columns = Pick<TraceColumns, 'parent' | 'spanCount' | 'start' | 'duration'>;

/**
 * Puts each span, in the order of starts, into the highest lane below its parent's that is free at its start.
 * O(n log n) whatever overlaps: the free lane is found in a tree of the lanes' ends.
 */
export function flameLanes(columns: Columns): FlameLanes {
  const { parent, spanCount, start, duration } = columns;
  const order = rowsByStart(columns);
  const lane = new Int32Array(spanCount);
  const ends = new LaneEnds(spanCount);
  let laneCount = 0;
  for (const row of order) {
    const above = parent[row] === NO_PARENT ? -1 : lane[parent[row]];
    const chosen = ends.firstFree(above + 1, start[row]);
    lane[row] = chosen;
    ends.set(chosen, start[row] + duration[row]);
    if (chosen >= laneCount) laneCount = chosen + 1;
  }
  return { lane, laneCount, ...rowsByLane(order, lane, laneCount) };
}

/** Rows by start; a parent before its children, also where a child starts earlier than it: clocks differ. */
function rowsByStart({ parent, spanCount, start }: Columns): Int32Array<ArrayBuffer> {
  const shown = Float64Array.from(start);
  for (let row = 0; row < spanCount; row++) {
    const up = parent[row];
    if (up !== NO_PARENT && shown[row] < shown[up]) shown[row] = shown[up];
  }
  // Depth-first order: a parent's row is the smaller one.
  return Int32Array.from({ length: spanCount }, (_, row) => row).sort((a, b) => shown[a] - shown[b] || a - b);
}

function rowsByLane(order: Int32Array, lane: Int32Array, laneCount: number) {
  const laneStart = new Int32Array(laneCount + 1);
  for (const row of order) laneStart[lane[row] + 1]++;
  for (let i = 0; i < laneCount; i++) laneStart[i + 1] += laneStart[i];
  const next = laneStart.slice();
  const rows = new Int32Array(order.length);
  for (const row of order) rows[next[lane[row]]++] = row;
  return { rows, laneStart };
}

/** When each lane is free again; finds the first free one in a binary tree of minima. */
class LaneEnds {
  readonly #size: number;
  readonly #least: Float64Array;

  constructor(lanes: number) {
    let size = 1;
    while (size < lanes + 1) size *= 2;
    this.#size = size;
    this.#least = new Float64Array(2 * size).fill(Number.NEGATIVE_INFINITY);
  }

  set(lane: number, end: number): void {
    const least = this.#least;
    let node = lane + this.#size;
    // A span that starts before its parent may end before what is there.
    if (end <= least[node]) return;
    least[node] = end;
    for (node >>= 1; node >= 1; node >>= 1) least[node] = Math.min(least[2 * node], least[2 * node + 1]);
  }

  /** The first lane from `from` on that ends at or before `time`. There is one: there are more lanes than spans. */
  firstFree(from: number, time: number): number {
    const least = this.#least;
    let node = from + this.#size;
    while (least[node] > time) {
      // Up to the next subtree on the right, then down its leftmost free path.
      while ((node & 1) === 1) node >>= 1;
      node += 1;
    }
    while (node < this.#size) {
      node *= 2;
      if (least[node] > time) node += 1;
    }
    return node - this.#size;
  }
}
