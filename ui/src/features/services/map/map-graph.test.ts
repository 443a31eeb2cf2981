import type { DependencyEdge, DependencyNode, ServiceFigures } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { describeNode } from './describe-map.ts';
import { egoGraph } from './ego-graph.ts';
import { groupGraph, groupNames, limitGraph, MAX_READABLE_NODES } from './group-graph.ts';
import { buildMapGraph, type MapGraph } from './map-graph.ts';

const service = (name: string, namespace = '', errors = 0): ServiceFigures => ({
  ...{ name, namespace, counted: 'requests', before: null, rates: [], errorRates: [] },
  now: { spans: 100, errors, rate: name.length, p50Nano: 1, p95Nano: 2, p99Nano: 3 },
});
const end = (id: string): DependencyNode => {
  const [kind, name] = id.includes(':') ? id.split(':') : ['service', id];
  return { kind: kind as DependencyNode['kind'], name };
};
const call = (caller: string, callee: string, calls = 10, errors = 0): DependencyEdge => ({
  ...{ caller: end(caller), callee: end(callee), calls, errors, rate: calls / 10 },
  ...{ p50Nano: calls, p95Nano: 2 * calls, p99Nano: 3 * calls },
  ...{ measuredAt: 'callee', seen: calls, exampleTraceId: 'a' },
});
const ids = ({ nodes }: MapGraph): readonly string[] => nodes.map(({ id }) => id).sort();
const edges = (graph: MapGraph): readonly string[] =>
  graph.edges.map(({ from, to, calls }) => `${from} ${to} ${calls}`).sort();

describe('the graph of the service map', () => {
  it('has services with and without calls, and what sends no spans', () => {
    const silent = { ...service('old'), now: null };
    const graph = buildMapGraph(
      [service('cart', '', 60), service('alone'), silent],
      [call('cart', 'database:redis', 4, 4)],
    );
    expect(ids(graph)).toEqual(['database:redis', 'service:alone', 'service:cart']);
    expect(graph.nodes.map(({ id, health }) => `${id} ${health}`).sort()).toEqual([
      'database:redis bad',
      'service:alone ok',
      'service:cart bad',
    ]);
    expect(edges(graph)).toEqual(['service:cart database:redis 4']);
  });
});

describe('the health of a group', () => {
  const grouped = (errors: readonly number[]) => {
    const services = errors.map((share, at) => service(`shop-${at}`, 'shop', share));
    const graph = buildMapGraph(services, []);
    const [node] = groupGraph(graph, groupNames(graph), new Set()).nodes;
    return { node, said: describeNode(node, { nodes: [node], edges: [] }) };
  };

  it('is that of its worst service, and says how many do badly', () => {
    const { node, said } = grouped([60, ...Array.from({ length: 11 }, () => 0)]);
    expect(node).toMatchObject({ health: 'bad', services: { all: 12, unhealthy: 1 } });
    expect(said).toContain('shop, 12 services, 1 of 12 services unhealthy (8.3 %)');
  });

  it('is told as it is where all do well', () => {
    const { node, said } = grouped([0, 0]);
    expect(node.services).toEqual({ all: 2, unhealthy: 0 });
    expect(said).toContain('shop, 2 services, Healthy');
  });
});

describe('groups of the map', () => {
  const services = [
    service('web', 'front'),
    service('api', 'front', 2),
    service('pay-in'),
    service('pay-out'),
    service('solo'),
  ];
  const calls = [
    ...[call('web', 'api', 5), call('api', 'pay-in', 3), call('web', 'pay-out', 2), call('pay-in', 'database:pg')],
    ...[call('solo', 'external:x'), call('web', 'external:x')],
  ];
  const graph = buildMapGraph(services, calls);
  const names = groupNames(graph);

  it('are namespaces, else first words that several share; what has to do with one group only belongs to it', () => {
    expect(Object.fromEntries(names)).toEqual({
      ...{ 'service:web': 'front', 'service:api': 'front', 'service:pay-in': 'pay', 'service:pay-out': 'pay' },
      'database:pg': 'pay',
    });
  });

  it('have the calls of their services together, and the worst health', () => {
    const grouped = groupGraph(graph, names, new Set());
    expect(ids(grouped)).toEqual(['external:x', 'group:front', 'group:pay', 'service:solo']);
    expect(edges(grouped)).toEqual([
      'group:front external:x 10',
      'group:front group:pay 5',
      'service:solo external:x 10',
    ]);
    expect(grouped.nodes.find(({ id }) => id === 'group:front')).toMatchObject({
      health: 'warn',
      spans: 200,
      errors: 2,
    });
    expect(grouped.edges.find(({ to }) => to === 'group:pay')).toMatchObject({ p95Nano: 6, rate: 0.5 });
  });

  it('that are open show their services', () => {
    const grouped = groupGraph(graph, names, new Set(['pay']));
    expect(ids(grouped)).toContain('service:pay-in');
    expect(edges(grouped)).toContain('group:front service:pay-in 3');
  });

  it('take up the smallest where there are still too many to read', () => {
    const many = Array.from({ length: 400 }, (_, i) => service(`s${'x'.repeat(i % 50)}${i}`));
    const limited = limitGraph(buildMapGraph(many, []), 'others', ({ id }) => id === 'service:s0');
    expect(limited.nodes).toHaveLength(MAX_READABLE_NODES);
    expect(ids(limited)).toContain('service:s0');
    expect(limited.nodes.find(({ id }) => id === 'group:others')?.members).toHaveLength(251);
  });
});

describe('the neighbours of a service', () => {
  const calls = [
    ...[call('a', 'b'), call('b', 'c'), call('c', 'd'), call('d', 'e'), call('x', 'b'), call('a', 'c')],
    ...[call('c', 'a'), call('c', 'database:pg')],
  ];
  const graph = buildMapGraph([], calls);

  it('are its callers and what it calls, without the calls among them', () => {
    const ego = egoGraph(graph, 'service:b', 1);
    expect(ego && ids(ego)).toEqual(['service:a', 'service:b', 'service:c', 'service:x']);
    expect(ego && edges(ego)).toEqual(['service:a service:b 10', 'service:b service:c 10', 'service:x service:b 10']);
  });

  it('reach two steps in both directions', () => {
    const ego = egoGraph(graph, 'service:b', 2);
    expect(ego && ids(ego)).toEqual(['database:pg', 'service:a', 'service:b', 'service:c', 'service:d', 'service:x']);
    expect(ego && edges(ego)).not.toContain('service:d service:e 10');
  });

  it('are none of what is not there', () => {
    expect(egoGraph(graph, 'service:nobody', 1)).toBeUndefined();
  });
});
