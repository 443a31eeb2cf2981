/** What follows from tree order alone: one linear pass each, no recursion. */
import { NO_PARENT, type TraceColumns } from '@clew/model';

/** Depth of every row: 0 for a root. */
export function depthsOf({ parent, spanCount }: Pick<TraceColumns, 'parent' | 'spanCount'>): Int32Array<ArrayBuffer> {
  const depths = new Int32Array(spanCount);
  for (let row = 0; row < spanCount; row++) {
    depths[row] = parent[row] === NO_PARENT ? 0 : depths[parent[row]] + 1;
  }
  return depths;
}

/** For every row the row after its last descendant: the subtree is the half-open range [row, end). */
export function subtreeEnds({
  parent,
  spanCount,
}: Pick<TraceColumns, 'parent' | 'spanCount'>): Int32Array<ArrayBuffer> {
  const ends = new Int32Array(spanCount);
  for (let row = spanCount - 1; row >= 0; row--) {
    if (ends[row] === 0) ends[row] = row + 1;
    const up = parent[row];
    if (up !== NO_PARENT && ends[up] < ends[row]) ends[up] = ends[row];
  }
  return ends;
}

/**
 * For every row the nanoseconds of its duration in which none of its children ran. Overlapping children count once;
 * the part of a child outside its parent's time does not count.
 */
export function selfTimes(
  columns: Pick<TraceColumns, 'parent' | 'spanCount' | 'start' | 'duration'>,
): Float64Array<ArrayBuffer> {
  const { parent, spanCount, start, duration } = columns;
  const self = Float64Array.from(duration);
  const coveredUntil = Float64Array.from(start);
  for (let row = 0; row < spanCount; row++) {
    const up = parent[row];
    if (up === NO_PARENT) continue;
    // Siblings come by start, so what is covered grows from left to right.
    const from = Math.max(start[row], coveredUntil[up]);
    const to = Math.min(start[row] + duration[row], start[up] + duration[up]);
    if (to <= from) continue;
    self[up] -= to - from;
    coveredUntil[up] = to;
  }
  return self;
}
