import { type Digraph, incidenceOf } from './digraph.ts';

const NEW = 0;
const OPEN = 1;
const DONE = 2;

/**
 * Which edges are to be turned round for the graph to have no cycle: 1 for those that close one in a depth-first walk.
 * The walk begins at nodes that nothing leads to, and has no recursion.
 */
export function breakCycles(graph: Digraph): Uint8Array {
  const { nodeCount, from, to } = graph;
  const out = incidenceOf(nodeCount, from);
  const isReversed = new Uint8Array(from.length);
  const state = new Uint8Array(nodeCount);
  const next = out.offsets.slice(0, nodeCount);
  const path = new Int32Array(nodeCount);
  for (const root of walkOrder(graph)) {
    if (state[root] !== NEW) continue;
    let depth = 0;
    path[0] = root;
    state[root] = OPEN;
    while (depth >= 0) {
      const node = path[depth];
      if (next[node] === out.offsets[node + 1]) {
        state[node] = DONE;
        depth--;
        continue;
      }
      const edge = out.edges[next[node]++];
      const target = to[edge];
      if (state[target] === OPEN) isReversed[edge] = 1;
      else if (state[target] === NEW) {
        state[target] = OPEN;
        path[++depth] = target;
      }
    }
  }
  return isReversed;
}

/** Nodes by how much more leaves them than arrives: callers before the called, so that few edges point back. */
function walkOrder({ nodeCount, from, to, weight }: Digraph): readonly number[] {
  const into = new Int32Array(nodeCount);
  const balance = new Float64Array(nodeCount);
  for (let edge = 0; edge < from.length; edge++) {
    into[to[edge]]++;
    balance[from[edge]] += weight[edge];
    balance[to[edge]] -= weight[edge];
  }
  const nodes = Array.from({ length: nodeCount }, (_, node) => node);
  return nodes.sort((a, b) => Number(into[a] > 0) - Number(into[b] > 0) || balance[b] - balance[a] || a - b);
}
