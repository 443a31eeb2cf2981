import { NO_PARENT, type TraceColumns } from '@clew/model';

/** Fewer siblings than this stay rows of their own. */
export const RUN_LENGTH_MIN = 5;

/** Runs of siblings that follow one another with the same service, name and kind: parallel arrays by first row. */
export interface SiblingRuns {
  readonly count: number;
  /** First sibling of each run, ascending. */
  readonly first: Int32Array<ArrayBuffer>;
  /** Row after the last sibling and all below it. */
  readonly end: Int32Array<ArrayBuffer>;
  /** Number of siblings. */
  readonly size: Int32Array<ArrayBuffer>;
  /** Run that a row is a sibling in, or -1. */
  readonly runOf: Int32Array<ArrayBuffer>;
}

type Columns = Pick<TraceColumns, 'spanCount' | 'parent' | 'service' | 'name' | 'kind' | 'missing'>;

/**
 * Finds the runs of `RUN_LENGTH_MIN` siblings and more: what a loop with a query in it looks like. Spans of one missing
 * parent are siblings; other roots are not. Two passes, no object per span.
 */
export function findSiblingRuns(columns: Columns, subtreeEnd: Int32Array): SiblingRuns {
  const { spanCount, parent, service, name, kind, missing } = columns;
  const missingCount = missing?.first.length ?? 0;
  /** First and latest sibling of the run a parent's children are in, and its length; missing parents stand behind. */
  const begin = new Int32Array(spanCount + missingCount);
  const latest = new Int32Array(spanCount + missingCount).fill(NO_PARENT);
  const length = new Int32Array(spanCount + missingCount);
  /** By first row; 0 where no run begins. */
  const size = new Int32Array(spanCount);
  let under = 0;
  let count = 0;
  for (let row = 0; row < spanCount; row++) {
    let up = parent[row];
    if (up === NO_PARENT) {
      while (under < missingCount && (missing?.end[under] ?? 0) <= row) under++;
      if (under === missingCount || (missing?.first[under] ?? 0) > row) continue;
      up = spanCount + under;
    }
    const before = latest[up];
    const isSame =
      before !== NO_PARENT &&
      name[before] === name[row] &&
      service[before] === service[row] &&
      kind[before] === kind[row];
    latest[up] = row;
    length[up] = isSame ? length[up] + 1 : 1;
    if (!isSame) begin[up] = row;
    if (length[up] < RUN_LENGTH_MIN) continue;
    if (length[up] === RUN_LENGTH_MIN) count++;
    size[begin[up]] = length[up];
  }
  return collectRuns(size, count, subtreeEnd);
}

function collectRuns(sizeByFirst: Int32Array, count: number, subtreeEnd: Int32Array): SiblingRuns {
  const first = new Int32Array(count);
  const end = new Int32Array(count);
  const size = new Int32Array(count);
  const runOf = new Int32Array(sizeByFirst.length).fill(-1);
  let run = 0;
  for (let row = 0; row < sizeByFirst.length; row++) {
    if (sizeByFirst[row] === 0) continue;
    first[run] = row;
    size[run] = sizeByFirst[row];
    let sibling = row;
    for (let at = 0; at < size[run]; at++) {
      runOf[sibling] = run;
      sibling = subtreeEnd[sibling];
    }
    end[run] = sibling;
    run++;
  }
  return { count, first, end, size, runOf };
}
