import { type Health, worstHealth } from '../service-health.ts';
import { type Call, type MapGraph, type MapNode, mergeEdges } from './map-graph.ts';

/** More nodes than this are not drawn unasked: a map of them could not be read. */
export const MAX_READABLE_NODES = 150;

/** Which nodes make a group, and its name. Groups of one are none. */
export function groupNames(graph: MapGraph): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  const prefixes = countPrefixes(graph.nodes);
  for (const node of graph.nodes) {
    if (node.kind !== 'service') continue;
    const prefix = prefixOf(node.name);
    const name = node.namespace !== '' ? node.namespace : (prefixes.get(prefix) ?? 0) > 1 ? prefix : undefined;
    if (name !== undefined) wanted.set(node.id, name);
  }
  // What sends no spans belongs to the only group that it has to do with.
  const around = new Map<string, Set<string | undefined>>();
  for (const { from, to } of graph.edges) {
    for (const [peer, service] of [
      [from, to],
      [to, from],
    ]) {
      if (peer.startsWith('service:')) continue;
      around.set(peer, (around.get(peer) ?? new Set()).add(wanted.get(service)));
    }
  }
  for (const [peer, names] of around) {
    const [only] = names;
    if (names.size === 1 && only !== undefined) wanted.set(peer, only);
  }
  const sizes = new Map<string, number>();
  for (const name of wanted.values()) sizes.set(name, (sizes.get(name) ?? 0) + 1);
  return new Map([...wanted].filter(([, name]) => (sizes.get(name) ?? 0) > 1));
}

function countPrefixes(nodes: readonly MapNode[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, name, namespace } of nodes) {
    if (kind !== 'service' || namespace !== '') continue;
    counts.set(prefixOf(name), (counts.get(prefixOf(name)) ?? 0) + 1);
  }
  return counts;
}

/** The first word of a name: `shop` of `shop-cart`, `shop.cart`, `shop/cart` and `shop_cart`. */
function prefixOf(name: string): string {
  return /^[^-._/:]+/.exec(name)?.[0] ?? name;
}

/** Puts the nodes of each group into one, but of those that are open; the calls inside of a group are then not shown. */
export function groupGraph(graph: MapGraph, names: ReadonlyMap<string, string>, open: ReadonlySet<string>): MapGraph {
  const groupOf = (id: string): string | undefined => {
    const name = names.get(id);
    return name === undefined || open.has(name) ? undefined : name;
  };
  return collapse(graph, groupOf);
}

/**
 * Puts the nodes with the smallest rates into one group where there are more than can be read.
 * @param kept is never put into it.
 */
export function limitGraph(graph: MapGraph, othersName: string, kept: (node: MapNode) => boolean): MapGraph {
  if (graph.nodes.length <= MAX_READABLE_NODES) return graph;
  const small = graph.nodes
    .filter((node) => node.kind !== 'group' && !kept(node))
    .sort((a, b) => a.rate - b.rate || (a.id < b.id ? -1 : 1))
    .slice(0, graph.nodes.length - MAX_READABLE_NODES + 1);
  if (small.length < 2) return graph;
  const ids = new Set(small.map(({ id }) => id));
  return collapse(graph, (id) => (ids.has(id) ? othersName : undefined));
}

function collapse(graph: MapGraph, groupOf: (id: string) => string | undefined): MapGraph {
  const groups = new Map<string, MapNode[]>();
  const nodes: MapNode[] = [];
  for (const node of graph.nodes) {
    const name = groupOf(node.id);
    if (name === undefined) nodes.push(node);
    else groups.set(name, [...(groups.get(name) ?? []), node]);
  }
  for (const [name, members] of groups) nodes.push(groupNode(name, members));
  const endOf = (id: string): string => {
    const name = groupOf(id);
    return name === undefined ? id : `group:${name}`;
  };
  const calls = graph.edges.flatMap(({ from, to, parts }): Call[] => {
    const ends = { from: endOf(from), to: endOf(to) };
    const isInside = ends.from === ends.to && ends.from.startsWith('group:');
    return isInside ? [] : parts.map((call) => ({ ...ends, call }));
  });
  return { nodes, edges: mergeEdges(calls) };
}

function groupNode(name: string, nodes: readonly MapNode[]): MapNode {
  const sum = (of: (node: MapNode) => number): number => nodes.reduce((total, node) => total + of(node), 0);
  const services = nodes.filter(({ kind }) => kind === 'service');
  const health: Health = worstHealth(services.map((node) => node.health));
  const unhealthy = services.filter((node) => node.health === 'warn' || node.health === 'bad').length;
  return {
    ...{ id: `group:${name}`, kind: 'group', name, namespace: '', health },
    ...{ rate: sum(({ rate }) => rate), spans: sum(({ spans }) => spans), errors: sum(({ errors }) => errors) },
    services: { all: services.length, unhealthy },
    members: nodes.flatMap((node) => (node.kind === 'group' ? node.members : [node.id])),
  };
}
