import { assignRanks, shallowRanks } from './assign-ranks.ts';
import { breakCycles } from './break-cycles.ts';
import type { Digraph } from './digraph.ts';
import { type Point, routeAside, routeEdge, routeLoop } from './edge-path.ts';
import {
  DEFAULT_NODE_GAP,
  DEFAULT_RANK_GAP,
  type GraphLayout,
  type LayoutEdge,
  type LayoutNode,
  type LayoutOptions,
  type PlacedNode,
  type RoutedEdge,
} from './graph-layout.ts';
import { orderRanks } from './order-ranks.ts';
import { placeRanks } from './place-ranks.ts';
import { cutEdges, type RankedGraph } from './ranked-graph.ts';

/** Room of a bend along its rank, pixels. */
const BEND_SIZE = 4;
/** What an edge back is drawn beside the edge there, pixels. */
const BACK_SHIFT = 5;

/** Lays out nodes that are connected; the left upper corner is at 0, 0. */
export function layoutPart(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  options: LayoutOptions,
): GraphLayout {
  const isDown = options.direction === 'down';
  const links = edges.filter(({ from, to }) => from !== to);
  const { graph, rank, isReversed } = rankedNodes(nodes, links, options.isShallow === true);
  const ranked = cutEdges(graph, rank);
  orderRanks(ranked);
  const sizes = new Float64Array(ranked.vertexCount).fill(BEND_SIZE);
  for (const [index, node] of nodes.entries()) sizes[index] = isDown ? node.width : node.height;
  const middle = placeRanks(ranked, sizes, options.nodeGap ?? DEFAULT_NODE_GAP);
  const bands = rankBands(ranked, nodes, isDown, options.rankGap ?? DEFAULT_RANK_GAP);

  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let vertex = 0; vertex < ranked.vertexCount; vertex++) {
    lowest = Math.min(lowest, middle[vertex] - sizes[vertex] / 2);
    highest = Math.max(highest, middle[vertex] + sizes[vertex] / 2);
  }
  const placed = nodes.map((node, index): PlacedNode => {
    const band = bands[ranked.rankOf[index]];
    const along = Math.round(middle[index] - lowest - sizes[index] / 2);
    const across = Math.round(band.from + (band.to - band.from - (isDown ? node.height : node.width)) / 2);
    return { ...node, x: isDown ? along : across, y: isDown ? across : along, rank: ranked.rankOf[index] };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  const routed = links.flatMap((edge, index): RoutedEdge[] => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const back = isReversed[index] === 1;
    if (from.rank === to.rank) {
      return [{ from: edge.from, to: edge.to, isBack: false, ...routeAside(exitOf(from), exitOf(to), isDown) }];
    }
    const points = edgePoints({ first: back ? to : from, last: back ? from : to, back, isDown }, bendsOf(index));
    return [{ from: edge.from, to: edge.to, isBack: back, ...routeEdge(back ? points.reverse() : points, isDown) }];
  });
  for (const { from, to } of edges) {
    const node = from === to ? byId.get(from) : undefined;
    if (node !== undefined) routed.push({ from, to, isBack: true, ...routeLoop(node) });
  }
  const [along, across] = [Math.ceil(highest - lowest), bands[bands.length - 1].to];
  const direction = isDown ? 'down' : 'right';
  return { direction, nodes: placed, edges: routed, width: isDown ? along : across, height: isDown ? across : along };

  function exitOf({ x, y, width, height }: PlacedNode): Point {
    return isDown ? { x: x + width / 2, y: y + height } : { x: x + width, y: y + height / 2 };
  }

  /** Where an edge passes the ranks between its ends, in order of the ranks. */
  function bendsOf(edge: number): Point[] {
    const first = ranked.firstBend[edge];
    if (first === -1) return [];
    const count = Math.abs(ranked.rankOf[graph.to[edge]] - ranked.rankOf[graph.from[edge]]) - 1;
    return Array.from({ length: count }, (_, i) => first + i).flatMap((bend) => {
      const band = bands[ranked.rankOf[bend]];
      const along = middle[bend] - lowest;
      return [band.from, band.to].map((across) => (isDown ? { x: along, y: across } : { x: across, y: along }));
    });
  }
}

interface RankedNodes {
  /** Every edge leads to a higher rank, or aside within one. */
  readonly graph: Digraph;
  readonly rank: Int32Array;
  /** 1 for edges that lead the other way in truth. */
  readonly isReversed: Uint8Array;
}

function rankedNodes(nodes: readonly LayoutNode[], links: readonly LayoutEdge[], isShallow: boolean): RankedNodes {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const given: Digraph = {
    nodeCount: nodes.length,
    from: Int32Array.from(links, (edge) => indexOf.get(edge.from) ?? 0),
    to: Int32Array.from(links, (edge) => indexOf.get(edge.to) ?? 0),
    weight: Float64Array.from(links, (edge) => Math.max(0, edge.weight)),
  };
  const closing = breakCycles(given);
  const acyclic = turned(given, closing);
  if (!isShallow) return { graph: acyclic, rank: assignRanks(acyclic), isReversed: closing };
  const rank = shallowRanks(acyclic);
  const isReversed = closing.map((_, edge) => Number(rank[given.from[edge]] > rank[given.to[edge]]));
  return { graph: turned(given, isReversed), rank, isReversed };
}

function turned({ from, to, ...graph }: Digraph, isReversed: Uint8Array): Digraph {
  return {
    ...graph,
    from: from.map((node, edge) => (isReversed[edge] === 1 ? to[edge] : node)),
    to: to.map((node, edge) => (isReversed[edge] === 1 ? from[edge] : node)),
  };
}

/** Where each rank lies across: as wide as its widest node. */
function rankBands(
  { ranks, nodeCount }: RankedGraph,
  nodes: readonly LayoutNode[],
  isDown: boolean,
  gap: number,
): readonly { readonly from: number; readonly to: number }[] {
  let at = 0;
  return ranks.map((rank) => {
    let size = 0;
    for (const vertex of rank) {
      if (vertex < nodeCount) size = Math.max(size, isDown ? nodes[vertex].height : nodes[vertex].width);
    }
    const band = { from: at, to: at + size };
    at = band.to + gap;
    return band;
  });
}

interface Ends {
  /** In the lower rank. */
  readonly first: PlacedNode;
  readonly last: PlacedNode;
  readonly back: boolean;
  readonly isDown: boolean;
}

function edgePoints({ first, last, back, isDown }: Ends, bends: readonly Point[]): Point[] {
  const shift = back ? BACK_SHIFT : 0;
  const start = isDown
    ? { x: first.x + first.width / 2 + shift, y: first.y + first.height }
    : { x: first.x + first.width, y: first.y + first.height / 2 + shift };
  const end = isDown
    ? { x: last.x + last.width / 2 + shift, y: last.y }
    : { x: last.x, y: last.y + last.height / 2 + shift };
  return [start, ...bends, end];
}
