import { type Incidence, incidenceOf } from './digraph.ts';
import type { RankedGraph } from './ranked-graph.ts';

const SWEEPS = 8;
/** Between two bends it is so much of the distance of nodes. */
const BEND_GAP = 0.4;
/** A bend wants to lie straight more than a node does. */
const BEND_PULL = 4;

/**
 * The middle of each vertex along its rank: near its neighbours' middles, in the order of the rank, at least `gap`
 * between two nodes, less between bends.
 * @param sizes of the vertices along the rank
 */
export function placeRanks(graph: RankedGraph, sizes: Float64Array, gap: number): Float64Array {
  const { ranks, vertexCount, from, to } = graph;
  const out = incidenceOf(vertexCount, from);
  const into = incidenceOf(vertexCount, to);
  const middle = new Float64Array(vertexCount);
  const isBend = (vertex: number): boolean => vertex >= graph.nodeCount;
  const apart: Apart = (a, b) => (sizes[a] + sizes[b]) / 2 + (isBend(a) && isBend(b) ? gap * BEND_GAP : gap);
  for (const rank of ranks) stack(rank, apart, middle);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (let i = 1; i < ranks.length; i++) {
      const rank = isDown ? i : ranks.length - 1 - i;
      const wanted = wantedMiddles(graph, rank, isDown ? into : out, isDown ? from : to, middle);
      keepApart(ranks[rank], wanted, apart, middle);
    }
  }
  return middle;
}

/** Least distance of the middles of two neighbours. */
type Apart = (vertex: number, next: number) => number;

/** One after the other, the middle of all at 0. */
function stack(rank: Int32Array, apart: Apart, middle: Float64Array): void {
  let total = 0;
  for (let i = 1; i < rank.length; i++) total += apart(rank[i - 1], rank[i]);
  let at = -total / 2;
  for (let i = 0; i < rank.length; i++) {
    if (i > 0) at += apart(rank[i - 1], rank[i]);
    middle[rank[i]] = at;
  }
}

interface Wanted {
  readonly at: number;
  readonly pull: number;
}

function wantedMiddles(
  { ranks, weight, nodeCount }: RankedGraph,
  rank: number,
  { offsets, edges }: Incidence,
  far: Int32Array,
  middle: Float64Array,
): readonly Wanted[] {
  return Array.from(ranks[rank], (vertex): Wanted => {
    let sum = 0;
    let total = 0;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const neighbour = far[edges[i]];
      const pull = (1 + weight[edges[i]]) * (neighbour >= nodeCount ? BEND_PULL : 1);
      sum += pull * middle[neighbour];
      total += pull;
    }
    // What has no neighbour on that side stays about where it is, and gives way easily.
    return total === 0
      ? { at: middle[vertex], pull: 0.1 }
      : { at: sum / total, pull: vertex >= nodeCount ? BEND_PULL : 1 };
  });
}

/**
 * The middles nearest to the wanted ones, by squares, that keep order and distances: with the distances taken out this
 * is isotonic regression, which pooling adjacent violators solves exactly.
 */
function keepApart(rank: Int32Array, wanted: readonly Wanted[], apart: Apart, middle: Float64Array): void {
  const offsets = new Float64Array(rank.length);
  const pools: { at: number; pull: number; count: number }[] = [];
  for (let i = 0; i < rank.length; i++) {
    if (i > 0) offsets[i] = offsets[i - 1] + apart(rank[i - 1], rank[i]);
    let pool = { at: wanted[i].at - offsets[i], pull: wanted[i].pull, count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.at > pool.at; last = pools.at(-1)) {
      pools.pop();
      const pull = last.pull + pool.pull;
      pool = { at: (last.at * last.pull + pool.at * pool.pull) / pull, pull, count: last.count + pool.count };
    }
    pools.push(pool);
  }
  let i = 0;
  for (const { at, count } of pools) {
    for (const end = i + count; i < end; i++) middle[rank[i]] = at + offsets[i];
  }
}
