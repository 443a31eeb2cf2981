import { FLAG_ERROR, NO_PARENT, type TraceColumns } from '@clew/model';

export interface RowLimits {
  /** Levels of the tree; roots are level 1. */
  readonly maxDepth: number;
  readonly maxRows: number;
  /** Only spans with errors and the way to them. */
  readonly onlyErrors: boolean;
}

export interface VisibleRows {
  /** Rows of the columns, in their order. */
  readonly rows: readonly number[];
  /** By row; 0 for roots. */
  readonly depth: Int32Array;
  /** By row: 1 when it has no visible sibling after it. */
  readonly isLast: Uint8Array;
  /** By row: descendants of this visible row that are not shown because of `maxDepth`. */
  readonly folded: Int32Array;
  /** Spans left out by each limit. A span is counted once, in this order. */
  readonly hidden: { readonly withoutError: number; readonly tooDeep: number; readonly beyondMaxRows: number };
}

/** Which spans of a trace are drawn. One pass each way, no recursion: traces may be a million deep. */
export function selectRows(columns: TraceColumns, limits: RowLimits): VisibleRows {
  const { spanCount, parent } = columns;
  const depth = new Int32Array(spanCount);
  const isWanted = new Uint8Array(spanCount).fill(limits.onlyErrors ? 0 : 1);
  if (limits.onlyErrors) {
    for (let row = spanCount - 1; row >= 0; row--) {
      if ((columns.flags[row] & FLAG_ERROR) !== 0) isWanted[row] = 1;
      if (isWanted[row] === 1 && parent[row] !== NO_PARENT) isWanted[parent[row]] = 1;
    }
  }
  const rows: number[] = [];
  const folded = new Int32Array(spanCount);
  /** The visible row that stands for each row: itself, or the ancestor it is folded into. */
  const standIn = new Int32Array(spanCount).fill(NO_PARENT);
  let withoutError = 0;
  let tooDeep = 0;
  let beyondMaxRows = 0;
  for (let row = 0; row < spanCount; row++) {
    const above = parent[row];
    depth[row] = above === NO_PARENT ? 0 : depth[above] + 1;
    if (isWanted[row] === 0) withoutError++;
    else if (depth[row] >= limits.maxDepth) {
      tooDeep++;
      standIn[row] = standIn[above];
      if (standIn[row] !== NO_PARENT) folded[standIn[row]]++;
    } else if (rows.length >= limits.maxRows) beyondMaxRows++;
    else {
      standIn[row] = row;
      rows.push(row);
    }
  }
  const isLast = new Uint8Array(spanCount);
  const hasLaterChild = new Uint8Array(spanCount + 1);
  for (let i = rows.length - 1; i >= 0; i--) {
    const slot = parent[rows[i]] + 1;
    isLast[rows[i]] = hasLaterChild[slot] === 1 ? 0 : 1;
    hasLaterChild[slot] = 1;
  }
  return { rows, depth, isLast, folded, hidden: { withoutError, tooDeep, beyondMaxRows } };
}
