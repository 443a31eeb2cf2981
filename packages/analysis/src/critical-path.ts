/**
 * The critical path: the chain of work that decided when the trace's longest root ended.
 *
 * Walking back from the root's end: the child that ended last before that moment was waited for, so the path goes
 * through it and the time since its end is the parent's own; then on from that child's start, until the parent's
 * start. Children that were still running at that moment ran beside the path and are not on it. A child is cut to its
 * parent's time: what an asynchronous child does after its parent ended delayed nobody. The method is that of
 * "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures" (USENIX ATC 2022).
 */
import { NO_PARENT, type TraceColumns } from '@clew/model';

/** Stretches of time, each with the row that held it, oldest first, without gaps; together the root's duration. */
export interface CriticalPath {
  readonly count: number;
  readonly row: Int32Array<ArrayBuffer>;
  /** Nanoseconds from the trace's start. */
  readonly from: Float64Array<ArrayBuffer>;
  readonly to: Float64Array<ArrayBuffer>;
}

/** The critical path of the longest root (the first of equals); empty for a trace without spans. */
export function criticalPath(columns: Pick<TraceColumns, 'parent' | 'spanCount' | 'start' | 'duration'>): CriticalPath {
  const { start, duration } = columns;
  const children = new ChildrenByEnd(columns);
  const path = new PathBuilder();
  const rows: number[] = [];
  const lows: number[] = [];
  const highs: number[] = [];
  const times: number[] = [];
  const nexts: number[] = [];
  const enter = (row: number, low: number, high: number): void => {
    rows.push(row);
    lows.push(low);
    highs.push(high);
    times.push(high);
    nexts.push(children.sortedBegin(row));
  };

  const root = longestRoot(columns);
  if (root !== NO_PARENT) enter(root, start[root], start[root] + duration[root]);
  while (rows.length > 0) {
    const top = rows.length - 1;
    const row = rows[top];
    const low = lows[top];
    const high = highs[top];
    const time = times[top];
    const end = children.end(row);
    let next = nexts[top];
    let entered = false;
    while (next < end && !entered) {
      const child = children.rows[next++];
      const childTo = Math.min(start[child] + duration[child], high);
      const childFrom = Math.max(start[child], low);
      if (childTo > time || childTo <= childFrom) continue;
      path.add(row, childTo, time);
      times[top] = childFrom;
      nexts[top] = next;
      enter(child, childFrom, childTo);
      entered = true;
    }
    if (entered) continue;
    path.add(row, low, time);
    rows.pop();
    lows.pop();
    highs.pop();
    times.pop();
    nexts.pop();
  }
  return path.oldestFirst();
}

function longestRoot({ parent, spanCount, duration }: Pick<TraceColumns, 'parent' | 'spanCount' | 'duration'>): number {
  let longest = NO_PARENT;
  for (let row = 0; row < spanCount; row++) {
    if (parent[row] !== NO_PARENT) continue;
    if (longest === NO_PARENT || duration[row] > duration[longest]) longest = row;
  }
  return longest;
}

/** The children of every row in one array; those of a row the walk reaches are sorted then, latest end first. */
class ChildrenByEnd {
  readonly rows: Int32Array;
  readonly #begins: Int32Array;
  readonly #columns: Pick<TraceColumns, 'start' | 'duration'>;

  constructor(columns: Pick<TraceColumns, 'parent' | 'spanCount' | 'start' | 'duration'>) {
    const { parent, spanCount } = columns;
    this.#columns = columns;
    const begins = new Int32Array(spanCount + 1);
    for (let row = 0; row < spanCount; row++) if (parent[row] !== NO_PARENT) begins[parent[row] + 1]++;
    for (let row = 0; row < spanCount; row++) begins[row + 1] += begins[row];
    const filled = begins.slice();
    this.rows = new Int32Array(begins[spanCount]);
    for (let row = 0; row < spanCount; row++) if (parent[row] !== NO_PARENT) this.rows[filled[parent[row]]++] = row;
    this.#begins = begins;
  }

  end(row: number): number {
    return this.#begins[row + 1];
  }

  /** Sorts the children of `row`; the position of the first. */
  sortedBegin(row: number): number {
    const { start, duration } = this.#columns;
    const begin = this.#begins[row];
    this.rows
      .subarray(begin, this.#begins[row + 1])
      .sort((a, b) => start[b] + duration[b] - (start[a] + duration[a]) || a - b);
    return begin;
  }
}

/** Stretches as they are found, newest first. */
class PathBuilder {
  readonly #rows: number[] = [];
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];

  add(row: number, from: number, to: number): void {
    if (to <= from) return;
    this.#rows.push(row);
    this.#froms.push(from);
    this.#tos.push(to);
  }

  oldestFirst(): CriticalPath {
    return {
      count: this.#rows.length,
      row: Int32Array.from(this.#rows.reverse()),
      from: Float64Array.from(this.#froms.reverse()),
      to: Float64Array.from(this.#tos.reverse()),
    };
  }
}
