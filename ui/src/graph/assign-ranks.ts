import { type Digraph, incidenceOf } from './digraph.ts';

/**
 * The rank of each node of a graph without cycles: every edge leads to a higher one. By longest paths; nodes with more
 * edges out than in then move up to what they lead to, which shortens edges.
 */
export function assignRanks({ nodeCount, from, to }: Digraph): Int32Array {
  const out = incidenceOf(nodeCount, from);
  const waiting = new Int32Array(nodeCount);
  for (const node of to) waiting[node]++;
  const into = waiting.slice();
  const rank = new Int32Array(nodeCount);
  const order = new Int32Array(nodeCount);
  let end = 0;
  for (let node = 0; node < nodeCount; node++) if (waiting[node] === 0) order[end++] = node;
  for (let at = 0; at < end; at++) {
    const node = order[at];
    for (let i = out.offsets[node]; i < out.offsets[node + 1]; i++) {
      const target = to[out.edges[i]];
      rank[target] = Math.max(rank[target], rank[node] + 1);
      if (--waiting[target] === 0) order[end++] = target;
    }
  }
  for (let at = end - 1; at >= 0; at--) {
    const node = order[at];
    const count = out.offsets[node + 1] - out.offsets[node];
    if (count <= into[node]) continue;
    let nearest = Number.MAX_SAFE_INTEGER;
    for (let i = out.offsets[node]; i < out.offsets[node + 1]; i++) {
      nearest = Math.min(nearest, rank[to[out.edges[i]]]);
    }
    rank[node] = nearest - 1;
  }
  let lowest = Number.MAX_SAFE_INTEGER;
  for (const one of rank) lowest = Math.min(lowest, one);
  return rank.map((one) => one - lowest);
}

/** The rank of each node as the least number of edges from one that nothing leads to. Edges may lead to any rank. */
export function shallowRanks({ nodeCount, from, to }: Digraph): Int32Array {
  const out = incidenceOf(nodeCount, from);
  const isCalled = new Uint8Array(nodeCount);
  for (const node of to) isCalled[node] = 1;
  const rank = new Int32Array(nodeCount).fill(-1);
  const order = new Int32Array(nodeCount);
  let end = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (isCalled[node] === 1) continue;
    rank[node] = 0;
    order[end++] = node;
  }
  for (let at = 0; at < end; at++) {
    const node = order[at];
    for (let i = out.offsets[node]; i < out.offsets[node + 1]; i++) {
      const target = to[out.edges[i]];
      if (rank[target] !== -1) continue;
      rank[target] = rank[node] + 1;
      order[end++] = target;
    }
  }
  return rank;
}
