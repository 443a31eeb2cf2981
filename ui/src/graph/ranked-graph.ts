import type { Digraph } from './digraph.ts';

/**
 * Nodes in ranks, every segment between neighbouring ranks: edges that cross ranks are cut by bends, which are
 * vertices after the nodes.
 */
export interface RankedGraph {
  readonly nodeCount: number;
  readonly vertexCount: number;
  readonly rankOf: Int32Array;
  /** Vertices of each rank; their order is their place. */
  readonly ranks: Int32Array[];
  /** Segment i goes from a vertex to one in the next rank. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly weight: Float64Array;
  /** First bend of each edge, or -1; an edge over n ranks has n - 1 bends in a row. Edges within a rank are left out. */
  readonly firstBend: Int32Array;
}

/** More bends than this are not made: the longest edges are then drawn without them, across what is between. */
export const MAX_BENDS = 40_000;

export function cutEdges({ nodeCount, from, to, weight }: Digraph, rank: Int32Array): RankedGraph {
  const spans = from.map((node, edge) => rank[to[edge]] - rank[node]);
  const bent = longestToBend(spans);
  let bends = 0;
  for (const span of spans) if (span <= bent) bends += Math.max(0, span - 1);
  const vertexCount = nodeCount + bends;
  const rankOf = new Int32Array(vertexCount);
  rankOf.set(rank);
  const segments: { readonly from: number[]; readonly to: number[]; readonly weight: number[] } = {
    from: [],
    to: [],
    weight: [],
  };
  const firstBend = new Int32Array(from.length).fill(-1);
  let vertex = nodeCount;
  for (let edge = 0; edge < from.length; edge++) {
    if (spans[edge] > bent) continue;
    let last = from[edge];
    if (spans[edge] > 1) firstBend[edge] = vertex;
    for (let at = 1; at <= spans[edge]; at++) {
      const next = at === spans[edge] ? to[edge] : vertex++;
      if (next !== to[edge]) rankOf[next] = rank[from[edge]] + at;
      segments.from.push(last);
      segments.to.push(next);
      segments.weight.push(weight[edge]);
      last = next;
    }
  }
  return {
    nodeCount,
    vertexCount,
    rankOf,
    ranks: verticesByRank(rankOf),
    from: Int32Array.from(segments.from),
    to: Int32Array.from(segments.to),
    weight: Float64Array.from(segments.weight),
    firstBend,
  };
}

/** The longest span whose edges still get bends. */
function longestToBend(spans: Int32Array): number {
  let bends = 0;
  for (const span of Int32Array.from(spans).sort()) {
    bends += Math.max(0, span - 1);
    if (bends > MAX_BENDS) return span - 1;
  }
  return Number.MAX_SAFE_INTEGER;
}

function verticesByRank(rankOf: Int32Array): Int32Array[] {
  const ranks: number[][] = [];
  for (let vertex = 0; vertex < rankOf.length; vertex++) {
    const rank = rankOf[vertex];
    while (ranks.length <= rank) ranks.push([]);
    ranks[rank].push(vertex);
  }
  return ranks.map((vertices) => Int32Array.from(vertices));
}
