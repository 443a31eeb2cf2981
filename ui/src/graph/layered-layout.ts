/**
 * A directed graph drawn in layers: callers before the called, few crossings, nothing overlapping. Own and small, since
 * the layouts to be had take seconds from a hundred nodes on; this one takes milliseconds.
 * The same graph gives the same picture, whatever the order of its nodes and edges.
 */
import {
  DEFAULT_NODE_GAP,
  DEFAULT_RANK_GAP,
  type GraphLayout,
  type LayoutEdge,
  type LayoutGraph,
  type LayoutNode,
  type LayoutOptions,
} from './graph-layout.ts';
import { layoutPart } from './layout-part.ts';
import { packParts } from './pack-parts.ts';

/** Lays out a graph of up to some thousand nodes. */
export function layoutLayered(graph: LayoutGraph, options: LayoutOptions = {}): GraphLayout {
  const nodes = [...new Map(graph.nodes.map((node) => [node.id, node])).values()].sort(byId);
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const parts = connectedParts(nodes, knownEdges(graph.edges, indexOf), indexOf);
  const { area } = options;
  if (area === undefined || options.direction !== undefined) return layoutParts(parts, options);
  const aspect = area.width / Math.max(1, area.height);
  let best: GraphLayout | undefined;
  let largest = 0;
  for (const { preference, ...way } of WAYS) {
    const layout = layoutParts(parts, { ...options, ...way, aspect });
    const scale = preference * Math.min(1, area.width / layout.width, area.height / layout.height);
    if (best !== undefined && scale <= largest) continue;
    [best, largest] = [layout, scale];
  }
  return best ?? layoutParts(parts, options);
}

/** What is tried for an area. Wide distances are easier to follow, and reading goes from left to right. */
const WAYS = [
  { direction: 'right', rankGap: DEFAULT_RANK_GAP, preference: 1 },
  { direction: 'right', rankGap: 44, preference: 0.92 },
  { direction: 'down', rankGap: 40, preference: 0.88 },
  { direction: 'right', rankGap: DEFAULT_RANK_GAP, isShallow: true, preference: 0.7 },
  { direction: 'down', rankGap: 56, isShallow: true, preference: 0.62 },
] as const;

function layoutParts(parts: readonly Part[], options: LayoutOptions): GraphLayout {
  const laid = parts.map((part) => layoutPart(part.nodes, part.edges, options));
  return packParts(laid, { gap: 2 * (options.nodeGap ?? DEFAULT_NODE_GAP), aspect: options.aspect ?? 1.6 });
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function knownEdges(edges: readonly LayoutEdge[], indexOf: ReadonlyMap<string, number>): readonly LayoutEdge[] {
  const known = new Map<string, { readonly edge: LayoutEdge; readonly from: number; readonly to: number }>();
  for (const edge of edges) {
    const from = indexOf.get(edge.from);
    const to = indexOf.get(edge.to);
    const key = `${from} ${to}`;
    if (from !== undefined && to !== undefined && !known.has(key)) known.set(key, { edge, from, to });
  }
  return [...known.values()].sort((a, b) => a.from - b.from || a.to - b.to).map(({ edge }) => edge);
}

interface Part {
  readonly nodes: LayoutNode[];
  readonly edges: LayoutEdge[];
}

/** What is connected, by the first of its nodes. */
function connectedParts(
  nodes: readonly LayoutNode[],
  edges: readonly LayoutEdge[],
  indexOf: ReadonlyMap<string, number>,
): readonly Part[] {
  const parent = nodes.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]];
      root = parent[root];
    }
    return root;
  };
  const at = (id: string): number => rootOf(indexOf.get(id) ?? 0);
  for (const { from, to } of edges) {
    const [a, b] = [at(from), at(to)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, Part>();
  for (const [index, node] of nodes.entries()) {
    const root = rootOf(index);
    const part = parts.get(root) ?? { nodes: [], edges: [] };
    part.nodes.push(node);
    parts.set(root, part);
  }
  for (const edge of edges) parts.get(at(edge.from))?.edges.push(edge);
  return [...parts.values()];
}
