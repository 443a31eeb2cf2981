/**
 * A trace as merged call paths: spans of the same service and name below the same path become one node, as in a
 * left-heavy flame graph ("Flame graphs", Brendan Gregg). Widths are self time, so that children never exceed their parent
 * however much ran at once.
 */
import { FLAG_ERROR, NO_PARENT, type TraceColumns } from '@clew/model';

/** Nodes in depth-first order, siblings heaviest first. */
export interface MergedFlame {
  readonly nodeCount: number;
  /** Index of the parent node, or NO_PARENT. */
  readonly parent: Int32Array<ArrayBuffer>;
  readonly depth: Int32Array<ArrayBuffer>;
  /** Indexes into the columns' names and services. */
  readonly name: Uint32Array<ArrayBuffer>;
  readonly service: Uint16Array<ArrayBuffer>;
  /** Spans merged into the node. */
  readonly count: Uint32Array<ArrayBuffer>;
  readonly errors: Uint32Array<ArrayBuffer>;
  /** Nanoseconds: self time of the node's spans. */
  readonly self: Float64Array<ArrayBuffer>;
  /** Nanoseconds: self time of the node and all below it: its width. */
  readonly total: Float64Array<ArrayBuffer>;
  /** Nanoseconds from the left edge. */
  readonly offset: Float64Array<ArrayBuffer>;
  /** The longest span of the node. */
  readonly longestRow: Int32Array<ArrayBuffer>;
  /** Node of each row of the trace. */
  readonly nodeOfRow: Int32Array<ArrayBuffer>;
  readonly maxDepth: number;
  /** Nanoseconds of all roots together. */
  readonly width: number;
}

type Columns = Pick<TraceColumns, 'parent' | 'spanCount' | 'duration' | 'name' | 'service' | 'flags'>;

/** @param selfTime of each row, see `selfTimes`. */
export function mergedFlame(columns: Columns, selfTime: Float64Array): MergedFlame {
  const { parent, spanCount, duration, name, service, flags } = columns;
  const found = new Int32Array(spanCount);
  const rowOf: number[] = [];
  const nodeParent: number[] = [];
  const count: number[] = [];
  const errors: number[] = [];
  const self: number[] = [];
  const longest: number[] = [];
  const known = new Map<string, number>();
  for (let row = 0; row < spanCount; row++) {
    const up = parent[row] === NO_PARENT ? NO_PARENT : found[parent[row]];
    const key = `${up} ${service[row]} ${name[row]}`;
    let node = known.get(key);
    if (node === undefined) {
      node = rowOf.length;
      known.set(key, node);
      rowOf.push(row);
      nodeParent.push(up);
      count.push(0);
      errors.push(0);
      self.push(0);
      longest.push(row);
    }
    found[row] = node;
    count[node]++;
    if ((flags[row] & FLAG_ERROR) !== 0) errors[node]++;
    self[node] += selfTime[row];
    if (duration[row] > duration[longest[node]]) longest[node] = row;
  }
  const total = Float64Array.from(self);
  // A node is found after its parent, so from the back every node is whole when it is added.
  for (let node = total.length - 1; node >= 0; node--) {
    if (nodeParent[node] !== NO_PARENT) total[nodeParent[node]] += total[node];
  }
  const order = heaviestFirst(nodeParent, total);
  const place = new Int32Array(order.length);
  for (const [index, node] of order.entries()) place[node] = index;
  const pick = (values: ArrayLike<number>) => Array.from(order, (node) => values[node]);
  const parents = Int32Array.from(order, (node) =>
    nodeParent[node] === NO_PARENT ? NO_PARENT : place[nodeParent[node]],
  );
  const totals = Float64Array.from(pick(total));
  return {
    nodeCount: order.length,
    parent: parents,
    ...layout(parents, totals),
    name: Uint32Array.from(order, (node) => name[rowOf[node]]),
    service: Uint16Array.from(order, (node) => service[rowOf[node]]),
    count: Uint32Array.from(pick(count)),
    errors: Uint32Array.from(pick(errors)),
    self: Float64Array.from(pick(self)),
    total: totals,
    longestRow: Int32Array.from(pick(longest)),
    nodeOfRow: found.map((node) => place[node]),
  };
}

/** Nodes depth first, siblings heaviest first, the first found before others of the same weight. */
function heaviestFirst(parent: readonly number[], total: Float64Array): Int32Array {
  const children: number[][] = parent.map(() => []);
  const roots: number[] = [];
  for (const [node, up] of parent.entries()) (up === NO_PARENT ? roots : children[up]).push(node);
  const lightestFirst = (nodes: number[]): number[] => nodes.sort((a, b) => total[a] - total[b] || b - a);
  const order = new Int32Array(parent.length);
  const open = lightestFirst(roots);
  for (let at = 0; ; at++) {
    const node = open.pop();
    if (node === undefined) return order;
    order[at] = node;
    for (const child of lightestFirst(children[node])) open.push(child);
  }
}

function layout(parent: Int32Array, total: Float64Array) {
  const depth = new Int32Array(parent.length);
  const offset = new Float64Array(parent.length);
  /** Where the next child of a node begins. */
  const next = new Float64Array(parent.length);
  let maxDepth = 0;
  let width = 0;
  for (let node = 0; node < parent.length; node++) {
    const up = parent[node];
    if (up === NO_PARENT) {
      offset[node] = width;
      width += total[node];
    } else {
      depth[node] = depth[up] + 1;
      offset[node] = next[up];
      next[up] += total[node];
    }
    next[node] = offset[node];
    if (depth[node] > maxDepth) maxDepth = depth[node];
  }
  return { depth, offset, maxDepth, width };
}
