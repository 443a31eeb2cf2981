/** A directed graph over nodes 0 … nodeCount - 1, as columns; edge i goes from[i] → to[i]. No loops. */
export interface Digraph {
  readonly nodeCount: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** More pulls harder; at least 0. */
  readonly weight: Float64Array;
}

/** Edges of each node: those of node n are `edges[offsets[n]]` up to before `edges[offsets[n + 1]]`. */
export interface Incidence {
  readonly offsets: Int32Array;
  readonly edges: Int32Array;
}

/** Edges by the node that `ends` names of each, in the order of the edges. */
export function incidenceOf(nodeCount: number, ends: Int32Array): Incidence {
  const offsets = new Int32Array(nodeCount + 1);
  for (const node of ends) offsets[node + 1]++;
  for (let node = 0; node < nodeCount; node++) offsets[node + 1] += offsets[node];
  const next = offsets.slice(0, nodeCount);
  const edges = new Int32Array(ends.length);
  for (let edge = 0; edge < ends.length; edge++) edges[next[ends[edge]]++] = edge;
  return { offsets, edges };
}
