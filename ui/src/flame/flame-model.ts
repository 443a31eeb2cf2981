import { type FlameLanes, flameLanes, type MergedFlame, mergedFlame } from '@clew/analysis';
import { FLAG_ERROR, NO_PARENT } from '@clew/model';
import type { ColourScheme } from '../timeline/colour-scheme.ts';
import type { TraceModel } from '../timeline/trace-model.ts';
import { type BoxCategories, categoriesOfGroups } from './box-categories.ts';

/** Boxes in lanes: what the flame view draws. A box is a span (time order) or a merged call path (left heavy). */
export interface FlameModel {
  readonly laneCount: number;
  /** Boxes lane by lane, from left to right; none of a lane overlap. */
  readonly boxes: Int32Array;
  /** Lane i is boxes[laneStart[i]] up to boxes[laneStart[i + 1]]. */
  readonly laneStart: Int32Array;
  readonly laneOf: Int32Array;
  /** Left edge and width by box, nanoseconds. */
  readonly left: Float64Array;
  readonly width: Float64Array;
  readonly parent: Int32Array;
  /** Width of everything. */
  readonly total: number;
  /** What each box is coloured by. */
  readonly categoriesOf: (scheme: ColourScheme) => BoxCategories;
  readonly isError: (box: number) => boolean;
  readonly name: (box: number) => string;
  readonly service: (box: number) => string;
  /** Spans in the box, and their self time. */
  readonly count: (box: number) => number;
  readonly self: (box: number) => number;
  /** The row to show when the box is opened: its span, or the longest of its spans. */
  readonly rowOf: (box: number) => number;
  readonly boxOf: (row: number) => number;
}

/** The trace as it happened: left is earlier. */
export function timeFlame({ columns, selfTime }: TraceModel): FlameModel {
  const { lane, laneCount, rows, laneStart }: FlameLanes = flameLanes(columns);
  return {
    ...{ laneCount, laneStart, boxes: rows, laneOf: lane },
    ...{ left: columns.start, width: columns.duration, parent: columns.parent, total: columns.durationNano },
    categoriesOf: ({ categoryOf }) => ({ categoryOf, isMixed: () => false }),
    isError: (row) => (columns.flags[row] & FLAG_ERROR) !== 0,
    name: (row) => columns.names[columns.name[row]],
    service: (row) => columns.services[columns.service[row]],
    count: () => 1,
    self: (row) => selfTime[row],
    rowOf: (row) => row,
    boxOf: (row) => row,
  };
}

/** Same paths merged, heaviest left: where the time went. */
export function heavyFlame({ columns, selfTime }: TraceModel): FlameModel {
  const merged: MergedFlame = mergedFlame(columns, selfTime);
  return {
    ...lanesByDepth(merged),
    laneOf: merged.depth,
    ...{ left: merged.offset, width: merged.total, parent: merged.parent, total: merged.width },
    categoriesOf: ({ categoryOf, categories }) =>
      categoriesOfGroups(merged.nodeOfRow, merged.count, categoryOf, categories.length),
    isError: (node) => merged.errors[node] > 0,
    name: (node) => columns.names[merged.name[node]],
    service: (node) => columns.services[merged.service[node]],
    count: (node) => merged.count[node],
    self: (node) => merged.self[node],
    rowOf: (node) => merged.longestRow[node],
    boxOf: (row) => merged.nodeOfRow[row],
  };
}

/** Depth-first order goes from left to right within each depth. */
function lanesByDepth({ depth, nodeCount, maxDepth }: MergedFlame) {
  const laneCount = nodeCount === 0 ? 0 : maxDepth + 1;
  const laneStart = new Int32Array(laneCount + 1);
  for (let node = 0; node < nodeCount; node++) laneStart[depth[node] + 1]++;
  for (let lane = 0; lane < laneCount; lane++) laneStart[lane + 1] += laneStart[lane];
  const next = laneStart.slice();
  const boxes = new Int32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) boxes[next[depth[node]]++] = node;
  return { laneCount, laneStart, boxes };
}

/** Position in `boxes` of the first box of a lane that ends after `time`; the lane's end when there is none. */
export function firstEndingAfter({ boxes, laneStart, left, width }: FlameModel, lane: number, time: number): number {
  let low = laneStart[lane];
  let high = laneStart[lane + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    const box = boxes[middle];
    if (left[box] + width[box] > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The box at a place, `slack` nanoseconds wide of it allowed, or -1. */
export function boxAt(model: FlameModel, lane: number, time: number, slack: number): number {
  if (lane < 0 || lane >= model.laneCount) return -1;
  const at = firstEndingAfter(model, lane, time - slack);
  if (at === model.laneStart[lane + 1]) return -1;
  const box = model.boxes[at];
  return model.left[box] <= time + slack ? box : -1;
}

/** Where an arrow key leads from a box, or the box itself at an edge. */
export function neighbourOf(model: FlameModel, box: number, key: string): number {
  const lane = model.laneOf[box];
  const at = firstEndingAfter(model, lane, model.left[box]);
  const end = model.laneStart[lane + 1];
  let position = at;
  while (position < end && model.boxes[position] !== box) position++;
  switch (key) {
    case 'ArrowLeft':
      return position > model.laneStart[lane] ? model.boxes[position - 1] : box;
    case 'ArrowRight':
      return position + 1 < end ? model.boxes[position + 1] : box;
    case 'ArrowUp':
      return model.parent[box] === NO_PARENT ? box : model.parent[box];
    case 'ArrowDown':
      return firstChildOf(model, box);
    default:
      return box;
  }
}

function firstChildOf(model: FlameModel, box: number): number {
  for (let lane = model.laneOf[box] + 1; lane < model.laneCount; lane++) {
    const end = model.laneStart[lane + 1];
    const until = model.left[box] + model.width[box];
    for (let at = firstEndingAfter(model, lane, model.left[box] - 1); at < end; at++) {
      const candidate = model.boxes[at];
      if (model.left[candidate] > until) break;
      if (model.parent[candidate] === box) return candidate;
    }
  }
  return box;
}
