import {
  type ComparedColumns,
  type ComparedTraces,
  compareTraces,
  heaviestSiblingsFirst,
  type NodeChanges,
  nodeChanges,
  selfTimes,
} from '@clew/analysis';
import type { TraceColumns } from '@clew/model';

/** What two traces are compared from. */
export type ComparisonInput = ComparedColumns & Pick<TraceColumns, 'durationNano'>;

/** Two traces as one tree, what changed in it, and its nodes by how much. */
export interface Comparison {
  readonly tree: ComparedTraces;
  readonly changes: NodeChanges;
  /** Nodes depth first, siblings of the largest difference in time first. */
  readonly largestFirst: Int32Array;
  /** Nanoseconds: the largest difference of a node's total. */
  readonly largest: number;
}

export function buildComparison(a: ComparisonInput, b: ComparisonInput): Comparison {
  const tree = compareTraces(a, selfTimes(a), b, selfTimes(b));
  const difference = Float64Array.from(tree.a.total, (total, node) => Math.abs(tree.b.total[node] - total));
  return {
    tree,
    changes: nodeChanges(tree, Math.max(a.durationNano, b.durationNano)),
    largestFirst: heaviestSiblingsFirst(tree.parent, difference),
    largest: difference.reduce((most, one) => Math.max(most, one), 0),
  };
}
