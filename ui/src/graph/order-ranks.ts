import { type Incidence, incidenceOf } from './digraph.ts';
import type { RankedGraph } from './ranked-graph.ts';

const SWEEPS = 12;

/** Orders the vertices of each rank so that few segments cross: sweeps by barycentre, the best order is kept. */
export function orderRanks(graph: RankedGraph): void {
  const { ranks, vertexCount, from, to } = graph;
  const out = incidenceOf(vertexCount, from);
  const into = incidenceOf(vertexCount, to);
  const place = new Float64Array(vertexCount);
  startByWalk(graph, out, place);
  let best = ranks.map((rank) => rank.slice());
  let fewest = countCrossings(graph, out, place);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (let i = 1; i < ranks.length; i++) {
      const rank = isDown ? i : ranks.length - 1 - i;
      sortByNeighbours(graph, rank, isDown ? into : out, isDown ? from : to, place);
    }
    const crossings = countCrossings(graph, out, place);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = ranks.map((rank) => rank.slice());
  }
  for (const [i, rank] of best.entries()) ranks[i].set(rank);
}

/** Segments that cross, over all pairs of neighbouring ranks. */
export function countSegmentCrossings(graph: RankedGraph): number {
  const place = new Float64Array(graph.vertexCount);
  for (const rank of graph.ranks) setPlaces(rank, place);
  return countCrossings(graph, incidenceOf(graph.vertexCount, graph.from), place);
}

/** The order in which a depth-first walk meets the vertices keeps what belongs together side by side. */
function startByWalk({ ranks, vertexCount, to }: RankedGraph, out: Incidence, place: Float64Array): void {
  const isMet = new Uint8Array(vertexCount);
  const met: number[][] = ranks.map(() => []);
  for (const [rank, vertices] of ranks.entries()) {
    for (const root of vertices) {
      const stack = [[root, rank]];
      for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
        const [vertex, at] = top;
        if (isMet[vertex] === 1) continue;
        isMet[vertex] = 1;
        met[at].push(vertex);
        for (let i = out.offsets[vertex + 1] - 1; i >= out.offsets[vertex]; i--) stack.push([to[out.edges[i]], at + 1]);
      }
    }
  }
  for (const [rank, vertices] of met.entries()) {
    ranks[rank].set(vertices);
    setPlaces(ranks[rank], place);
  }
}

function setPlaces(rank: Int32Array, place: Float64Array): void {
  for (let at = 0; at < rank.length; at++) place[rank[at]] = at;
}

function sortByNeighbours(
  { ranks, weight }: RankedGraph,
  rank: number,
  { offsets, edges }: Incidence,
  far: Int32Array,
  place: Float64Array,
): void {
  const vertices = ranks[rank];
  const wanted = new Float64Array(vertices.length);
  for (let at = 0; at < vertices.length; at++) {
    const vertex = vertices[at];
    let sum = 0;
    let total = 0;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const pull = 1 + weight[edges[i]];
      sum += pull * place[far[edges[i]]];
      total += pull;
    }
    wanted[at] = total === 0 ? place[vertex] : sum / total;
  }
  // Places are those of the order before: what is wanted is found by it.
  vertices.set(Array.from(vertices).sort((a, b) => wanted[place[a]] - wanted[place[b]] || place[a] - place[b]));
  setPlaces(vertices, place);
}

function countCrossings({ ranks, to }: RankedGraph, out: Incidence, place: Float64Array): number {
  let crossings = 0;
  for (let rank = 0; rank + 1 < ranks.length; rank++) {
    const tree = new Int32Array(ranks[rank + 1].length + 1);
    let seen = 0;
    for (const vertex of ranks[rank]) {
      const places: number[] = [];
      for (let i = out.offsets[vertex]; i < out.offsets[vertex + 1]; i++) places.push(place[to[out.edges[i]]]);
      // Segments of one vertex do not cross each other: all are counted before any is put in.
      for (const at of places) crossings += seen - sumUpTo(tree, at + 1);
      for (const at of places) addAt(tree, at + 1);
      seen += places.length;
    }
  }
  return crossings;
}

function sumUpTo(tree: Int32Array, at: number): number {
  let sum = 0;
  for (let i = at; i > 0; i -= i & -i) sum += tree[i];
  return sum;
}

function addAt(tree: Int32Array, at: number): void {
  for (let i = at; i < tree.length; i += i & -i) tree[i]++;
}
