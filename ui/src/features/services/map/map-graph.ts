import type { DependencyEdge, DependencyNode, ServiceFigures } from '@clew/contract';
import { type Health, healthOf } from '../service-health.ts';

/** Something on the map: what sends or receives calls, or a group of such. */
export interface MapNode {
  /** `service:cart`, `database:redis`, `group:shop`. */
  readonly id: string;
  readonly kind: DependencyNode['kind'] | 'group';
  readonly name: string;
  readonly namespace: string;
  readonly health: Health;
  /** Of a service its own requests, of what sends no spans the calls to and from it, a second. */
  readonly rate: number;
  readonly spans: number;
  readonly errors: number;
  /** Ids of a group's nodes; empty of others. */
  readonly members: readonly string[];
  /** Of a group: how many services it has, and how many of them have errors enough to be shown as such. */
  readonly services?: { readonly all: number; readonly unhealthy: number };
}

/** All calls from one node to another. */
export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly rate: number;
  readonly calls: number;
  readonly errors: number;
  /** Nanoseconds; of several calls the longest. */
  readonly p50Nano: number;
  readonly p95Nano: number;
  readonly p99Nano: number;
  /** What it is made of; several where an end is a group. */
  readonly parts: readonly DependencyEdge[];
}

export interface MapGraph {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

export function nodeId({ kind, name }: Pick<DependencyNode, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}

/** Every service and everything that is called by one. Silent services without calls are left out. */
export function buildMapGraph(services: readonly ServiceFigures[], calls: readonly DependencyEdge[]): MapGraph {
  const figures = new Map(services.map((service) => [service.name, service]));
  const ends = new Map<string, DependencyNode>();
  for (const { caller, callee } of calls) {
    ends.set(nodeId(caller), caller);
    ends.set(nodeId(callee), callee);
  }
  for (const { name, now } of services) {
    if (now !== null) ends.set(nodeId({ kind: 'service', name }), { kind: 'service', name });
  }
  const edges = mergeEdges(calls.map((call) => ({ from: nodeId(call.caller), to: nodeId(call.callee), call })));
  const known = new Map<string, MapEdge[]>();
  for (const edge of edges) {
    for (const end of [edge.from, edge.to]) known.set(end, [...(known.get(end) ?? []), edge]);
  }
  const nodes = [...ends].map(([id, { kind, name }]): MapNode => {
    const service = kind === 'service' ? figures.get(name) : undefined;
    const { spans, errors, rate } = service?.now ?? sumOf(known.get(id) ?? []);
    const health = kind === 'service' ? healthOf(service?.now) : errors > 0 ? healthOf({ spans, errors }) : 'unknown';
    return { id, kind, name, namespace: service?.namespace ?? '', health, rate, spans, errors, members: [] };
  });
  return { nodes, edges };
}

function sumOf(edges: readonly MapEdge[]): { readonly spans: number; readonly errors: number; readonly rate: number } {
  const sum = (of: (edge: MapEdge) => number): number => edges.reduce((total, edge) => total + of(edge), 0);
  return { spans: sum(({ calls }) => calls), errors: sum(({ errors }) => errors), rate: sum(({ rate }) => rate) };
}

export interface Call {
  readonly from: string;
  readonly to: string;
  readonly call: DependencyEdge;
}

/** One edge for all calls between two nodes, most calls first. */
export function mergeEdges(calls: readonly Call[]): readonly MapEdge[] {
  const groups = new Map<string, { readonly from: string; readonly to: string; readonly parts: DependencyEdge[] }>();
  for (const { from, to, call } of calls) {
    const id = `${from}\n${to}`;
    const group = groups.get(id) ?? { from, to, parts: [] };
    group.parts.push(call);
    groups.set(id, group);
  }
  const merged = [...groups].map(([id, { from, to, parts }]): MapEdge => {
    const sum = (of: (part: DependencyEdge) => number): number => parts.reduce((total, part) => total + of(part), 0);
    const most = (of: (part: DependencyEdge) => number): number =>
      parts.reduce((top, part) => Math.max(top, of(part)), 0);
    return {
      ...{ id, from, to, parts },
      ...{ rate: sum(({ rate }) => rate), calls: sum(({ calls }) => calls), errors: sum(({ errors }) => errors) },
      ...{ p50Nano: most((part) => part.p50Nano), p95Nano: most((part) => part.p95Nano) },
      p99Nano: most((part) => part.p99Nano),
    };
  });
  return merged.sort((a, b) => b.calls - a.calls || (a.id < b.id ? -1 : 1));
}
