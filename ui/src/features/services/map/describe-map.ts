import { text } from '../../../text/catalogue.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import { formatRate, formatShare } from '../../overview/format-rate.ts';
import { describeHealth } from '../health-mark.tsx';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';

const words = text.services;

export function kindText(node: MapNode): string {
  return node.kind === 'group' ? words.map.members(node.members.length) : words.dependencies.kinds[node.kind];
}

/** How it does: of a group how many of its services do badly, since its health is that of the worst. */
export function describeNodeHealth({ health, errors, spans, services }: MapNode): string {
  if (services === undefined || services.unhealthy === 0) return describeHealth(health, errors, spans);
  return words.map.unhealthy(services.unhealthy, services.all, formatShare(services.unhealthy, services.all));
}

/** A node with what it is, how it does, and how many it has to do with. */
export function describeNode(node: MapNode, { edges }: MapGraph): string {
  const into = edges.filter(({ to }) => to === node.id).length;
  const out = edges.filter(({ from }) => from === node.id).length;
  const health = describeNodeHealth(node);
  return `${words.map.node(node.name, kindText(node), health, formatRate(node.rate))}. ${words.map.neighboursSaid(into, out)}`;
}

export function describeEdge(edge: MapEdge, { nodes }: MapGraph): string {
  const nameOf = (id: string): string => nodes.find((node) => node.id === id)?.name ?? id;
  return words.map.edge(
    nameOf(edge.from),
    nameOf(edge.to),
    formatRate(edge.rate),
    formatShare(edge.errors, edge.calls),
    formatDuration(edge.p95Nano),
  );
}
