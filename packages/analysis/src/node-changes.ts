/** What became of each node of two compared traces. */
import { NO_PARENT } from '@clew/model';
import type { ComparedTraces } from './compare-traces.ts';

/** Values of `NodeChanges.change`. */
export const CHANGE_NONE = 0;
export const CHANGE_SLOWER = 1;
export const CHANGE_FASTER = 2;
export const CHANGE_ONLY_A = 3;
export const CHANGE_ONLY_B = 4;
/** As long as before, but of another number of spans or errors. */
export const CHANGE_COUNT = 5;

/** A difference in time below this share of the longer one is no change. */
export const LEAST_RELATIVE_CHANGE = 0.1;
/** Nor is one below this share of the longer trace. */
export const LEAST_SHARE_OF_TRACE = 0.005;

export interface NodeChanges {
  /** CHANGE_… of each node. */
  readonly change: Uint8Array<ArrayBuffer>;
  /** 1 where the node or one below it has changed. */
  readonly changedWithin: Uint8Array<ArrayBuffer>;
}

/** @param longerNano duration of the longer trace, nanoseconds. */
export function nodeChanges(tree: ComparedTraces, longerNano: number): NodeChanges {
  const { nodeCount, parent } = tree;
  const change = new Uint8Array(nodeCount);
  const changedWithin = new Uint8Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) {
    change[node] = changeOf(tree, node, longerNano * LEAST_SHARE_OF_TRACE);
    if (change[node] !== CHANGE_NONE) changedWithin[node] = 1;
    if (changedWithin[node] === 1 && parent[node] !== NO_PARENT) changedWithin[parent[node]] = 1;
  }
  return { change, changedWithin };
}

function changeOf({ a, b }: ComparedTraces, node: number, leastNano: number): number {
  if (b.count[node] === 0) return CHANGE_ONLY_A;
  if (a.count[node] === 0) return CHANGE_ONLY_B;
  const more = b.total[node] - a.total[node];
  const longer = Math.max(a.total[node], b.total[node]);
  if (Math.abs(more) >= leastNano && Math.abs(more) > longer * LEAST_RELATIVE_CHANGE) {
    return more > 0 ? CHANGE_SLOWER : CHANGE_FASTER;
  }
  return a.count[node] !== b.count[node] || a.errors[node] !== b.errors[node] ? CHANGE_COUNT : CHANGE_NONE;
}
