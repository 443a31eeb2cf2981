/**
 * Two traces as one tree. A node is what stands in the same place in both: spans of the same service, name and kind
 * below the same node. Repeated siblings are one node with their number: a run of them, or, where a parent has
 * them more than MAX_RUNS_APART times with others between, all of them. The k-th run in one trace meets the k-th in
 * the other, whatever ran between: what runs at once starts in an order that chance decides.
 *
 * Linear in the spans, without recursion and without an object per span.
 */
import { FLAG_ERROR, NO_PARENT, type TraceColumns } from '@clew/model';
import { AlignedNodes } from './align-spans.ts';
import { internSpans } from './intern-spans.ts';
import { subtreeEnds } from './tree-measures.ts';

/** What is compared of a trace. */
export type ComparedColumns = Pick<
  TraceColumns,
  'spanCount' | 'parent' | 'start' | 'duration' | 'name' | 'names' | 'service' | 'services' | 'kind' | 'flags'
>;

/** One trace's part in each node; all arrays but the last by node. */
export interface ComparedSide {
  /** Spans in the node; 0 where the trace has none there. */
  readonly count: Uint32Array<ArrayBuffer>;
  readonly errors: Uint32Array<ArrayBuffer>;
  /** Nanoseconds: sum of the spans' durations. */
  readonly total: Float64Array<ArrayBuffer>;
  /** Nanoseconds: sum of the spans' self times. */
  readonly self: Float64Array<ArrayBuffer>;
  /** Row of the first span in the node, or NO_PARENT. */
  readonly firstRow: Int32Array<ArrayBuffer>;
  /** Node of each row of the trace. */
  readonly nodeOfRow: Int32Array<ArrayBuffer>;
}

/** Nodes in depth-first pre-order; siblings in the order of A, what only B has after what it follows there. */
export interface ComparedTraces {
  readonly nodeCount: number;
  /** Index of the parent node, or NO_PARENT. */
  readonly parent: Int32Array<ArrayBuffer>;
  /** 0 for roots. */
  readonly depth: Int32Array<ArrayBuffer>;
  /** Node after the last descendant. */
  readonly end: Int32Array<ArrayBuffer>;
  /** Services and names of both traces, which `service` and `name` index. */
  readonly services: readonly string[];
  readonly names: readonly string[];
  /** Of A's first span in the node, else of B's. */
  readonly service: Int32Array<ArrayBuffer>;
  readonly name: Int32Array<ArrayBuffer>;
  readonly kind: Uint8Array<ArrayBuffer>;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
}

/**
 * Where each trace has one root, the two are one node even if they differ: who compares two traces means them.
 * @param selfA of each row of `a`, see `selfTimes`.
 */
export function compareTraces(
  a: ComparedColumns,
  selfA: Float64Array,
  b: ComparedColumns,
  selfB: Float64Array,
): ComparedTraces {
  const spans = internSpans(a, b);
  pairSingleRoots(a, spans.keyOfA, b, spans.keyOfB);
  const aligned = new AlignedNodes(
    { parent: a.parent, key: spans.keyOfA },
    { parent: b.parent, key: spans.keyOfB },
    spans.keyCount,
  );
  const { nodeCount, parent, nodeOfA, nodeOfB } = aligned.inPreOrder();
  const depth = new Int32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) depth[node] = parent[node] === NO_PARENT ? 0 : depth[parent[node]] + 1;
  const sideA = measureSide(a, selfA, nodeOfA, nodeCount);
  const sideB = measureSide(b, selfB, nodeOfB, nodeCount);
  const service = new Int32Array(nodeCount);
  const name = new Int32Array(nodeCount);
  const kind = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const isInA = sideA.firstRow[node] !== NO_PARENT;
    const row = isInA ? sideA.firstRow[node] : sideB.firstRow[node];
    const columns = isInA ? a : b;
    service[node] = isInA ? columns.service[row] : spans.serviceOfB[columns.service[row]];
    name[node] = isInA ? columns.name[row] : spans.nameOfB[columns.name[row]];
    kind[node] = columns.kind[row];
  }
  const { services, names } = spans;
  const end = subtreeEnds({ parent, spanCount: nodeCount });
  return { nodeCount, parent, depth, end, services, names, service, name, kind, a: sideA, b: sideB };
}

function pairSingleRoots(a: ComparedColumns, keyOfA: Int32Array, b: ComparedColumns, keyOfB: Int32Array): void {
  const rootA = onlyRoot(a);
  const rootB = onlyRoot(b);
  if (rootA !== NO_PARENT && rootB !== NO_PARENT) keyOfB[rootB] = keyOfA[rootA];
}

function onlyRoot({ parent, spanCount }: ComparedColumns): number {
  let root = NO_PARENT;
  for (let row = 0; row < spanCount; row++) {
    if (parent[row] !== NO_PARENT) continue;
    if (root !== NO_PARENT) return NO_PARENT;
    root = row;
  }
  return root;
}

function measureSide(
  columns: ComparedColumns,
  selfTime: Float64Array,
  nodeOfRow: Int32Array<ArrayBuffer>,
  nodeCount: number,
): ComparedSide {
  const { spanCount, duration, flags } = columns;
  const side = {
    count: new Uint32Array(nodeCount),
    errors: new Uint32Array(nodeCount),
    total: new Float64Array(nodeCount),
    self: new Float64Array(nodeCount),
    firstRow: new Int32Array(nodeCount).fill(NO_PARENT),
    nodeOfRow,
  };
  for (let row = 0; row < spanCount; row++) {
    const node = nodeOfRow[row];
    if (side.count[node]++ === 0) side.firstRow[node] = row;
    if ((flags[row] & FLAG_ERROR) !== 0) side.errors[node]++;
    side.total[node] += duration[row];
    side.self[node] += selfTime[row];
  }
  return side;
}
