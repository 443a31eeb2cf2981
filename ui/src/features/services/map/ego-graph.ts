import type { MapEdge, MapGraph } from './map-graph.ts';

/**
 * What is around a node: its callers and what it calls, with two hops also their callers and what these call. Undefined
 * when there is no such node.
 */
export function egoGraph(graph: MapGraph, focus: string, hops: 1 | 2): MapGraph | undefined {
  if (!graph.nodes.some(({ id }) => id === focus)) return undefined;
  const kept = new Map<string, MapEdge>();
  const shown = new Set([focus]);
  for (const [near, far] of [
    ['to', 'from'],
    ['from', 'to'],
  ] as const) {
    let edge = new Set([focus]);
    for (let hop = 0; hop < hops; hop++) {
      const next = new Set<string>();
      for (const one of graph.edges) {
        if (!edge.has(one[near])) continue;
        kept.set(one.id, one);
        next.add(one[far]);
      }
      for (const id of next) shown.add(id);
      edge = next;
    }
  }
  return { nodes: graph.nodes.filter(({ id }) => shown.has(id)), edges: [...kept.values()] };
}
