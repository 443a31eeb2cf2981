import { describe, expect, it } from 'vitest';
import type { GraphLayout, LayoutEdge, LayoutGraph, LayoutNode } from './graph-layout.ts';
import { layoutLayered } from './layered-layout.ts';

const SEEDS = Array.from({ length: 8 }, (_, i) => 1 + i * 7919);

/** A random graph with cycles, loops, double edges, unknown nodes and nodes of many sizes. */
function randomGraph(seed: number): LayoutGraph {
  const next = randomOf(seed);
  const count = 1 + Math.floor(next() * 60);
  const nodes = Array.from({ length: count }, (_, i): LayoutNode => {
    return { id: `n${i}`, width: 20 + Math.floor(next() * 200), height: 16 + Math.floor(next() * 50) };
  });
  const edges = Array.from({ length: Math.floor(next() * count * 3) }, (): LayoutEdge => {
    const end = (): string => `n${Math.floor(next() * (count + 1))}`;
    return { from: end(), to: end(), weight: next() * 10 };
  });
  return { nodes, edges };
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(values: readonly T[], next: () => number): readonly T[] {
  return values
    .map((value) => ({ value, key: next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);
}

function overlaps({ nodes }: GraphLayout): readonly string[] {
  const found: string[] = [];
  for (const [i, a] of nodes.entries()) {
    for (const b of nodes.slice(i + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      if (!apart) found.push(`${a.id} ${b.id}`);
    }
  }
  return found;
}

describe.each(['right', 'down'] as const)('a layered layout that leads %s', (direction) => {
  it.each(SEEDS)('has every node once, within its size, none over another (seed %i)', (seed) => {
    const graph = randomGraph(seed);
    const layout = layoutLayered(graph, { direction });
    expect(layout.nodes.map(({ id }) => id).sort()).toEqual(graph.nodes.map(({ id }) => id).sort());
    expect(overlaps(layout)).toEqual([]);
    for (const node of layout.nodes) {
      expect(Math.min(node.x, node.y)).toBeGreaterThanOrEqual(-1);
      expect(node.x + node.width).toBeLessThanOrEqual(layout.width + 1);
      expect(node.y + node.height).toBeLessThanOrEqual(layout.height + 1);
    }
  });

  it.each(SEEDS)('leads every edge that closes no cycle from a rank to a higher one (seed %i)', (seed) => {
    const layout = layoutLayered(randomGraph(seed), { direction });
    const nodes = new Map(layout.nodes.map((node) => [node.id, node]));
    for (const { from, to, isBack, path } of layout.edges) {
      const [a, b] = [nodes.get(from), nodes.get(to)];
      if (a === undefined || b === undefined) throw new Error(`edge ${from} → ${to} of unknown nodes`);
      if (from !== to) expect(b.rank > a.rank).toBe(!isBack);
      expect(path).toMatch(/^M-?[\d.]+ -?[\d.]+([LC] ?(-?[\d.]+ -?[\d.]+ ?)+)+$/);
    }
  });

  it.each(SEEDS)('is the same whatever the order of nodes and edges (seed %i)', (seed) => {
    const graph = randomGraph(seed);
    const once = new Map(graph.edges.map((edge) => [`${edge.from} ${edge.to}`, edge]));
    const next = randomOf(seed + 1);
    const edges = [...once.values()];
    const layout = layoutLayered({ nodes: graph.nodes, edges }, { direction });
    const again = { nodes: shuffled(graph.nodes, next), edges: shuffled(edges, next) };
    expect(layoutLayered(again, { direction })).toEqual(layout);
  });
});

describe('a layered layout', () => {
  const node = (id: string): LayoutNode => ({ id, width: 100, height: 30 });
  const edge = (from: string, to: string): LayoutEdge => ({ from, to, weight: 1 });

  it('of nothing is empty', () => {
    expect(layoutLayered({ nodes: [], edges: [] })).toMatchObject({ nodes: [], edges: [], width: 0, height: 0 });
  });

  it('puts a chain on one line, without a bend', () => {
    const layout = layoutLayered({ nodes: ['a', 'b', 'c'].map(node), edges: [edge('a', 'b'), edge('b', 'c')] });
    expect(layout.nodes.map(({ id, x, y }) => [id, x, y])).toEqual([
      ['a', 0, 0],
      ['b', 172, 0],
      ['c', 344, 0],
    ]);
    expect(layout.edges.map(({ path }) => path)).toEqual(['M100 15L172 15', 'M272 15L344 15']);
  });

  it('crosses nothing in a tree', () => {
    const nodes = Array.from({ length: 63 }, (_, i) => node(`t${String((i * 37) % 63).padStart(2, '0')}`));
    const edges = Array.from({ length: 62 }, (_, i) => {
      const name = (n: number): string => `t${String((n * 37) % 63).padStart(2, '0')}`;
      return edge(name(Math.floor(i / 2)), name(i + 1));
    });
    const layout = layoutLayered({ nodes, edges });
    const middle = new Map(layout.nodes.map((placed) => [placed.id, { rank: placed.rank, y: placed.y }]));
    const ends = layout.edges.map(({ from, to }) => {
      const [a, b] = [middle.get(from), middle.get(to)];
      return { rank: a?.rank ?? 0, from: a?.y ?? 0, to: b?.y ?? 0 };
    });
    const crossing = ends.flatMap((a, i) =>
      ends.slice(i + 1).filter((b) => a.rank === b.rank && (a.from - b.from) * (a.to - b.to) < 0),
    );
    expect(crossing).toEqual([]);
  });

  it.each(SEEDS)('with few ranks overlaps nothing and draws every call once (seed %i)', (seed) => {
    const graph = randomGraph(seed);
    const layout = layoutLayered(graph, { isShallow: true });
    expect(overlaps(layout)).toEqual([]);
    const known = new Set(graph.nodes.map(({ id }) => id));
    const calls = graph.edges.filter(({ from, to }) => known.has(from) && known.has(to));
    const wanted = [...new Set(calls.map(({ from, to }) => `${from} ${to}`))].sort();
    expect(layout.edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual(wanted);
    const ranks = (all: GraphLayout): number => Math.max(...all.nodes.map(({ rank }) => rank));
    expect(ranks(layout)).toBeLessThanOrEqual(ranks(layoutLayered(graph)));
  });

  it('chooses the direction in which it is seen largest in an area', () => {
    const nodes = Array.from({ length: 12 }, (_, i) => node(`s${String(i).padStart(2, '0')}`));
    const edges = nodes.slice(1).map(({ id }, i) => edge(nodes[i].id, id));
    const wide = layoutLayered({ nodes, edges }, { area: { width: 1_500, height: 300 } });
    const high = layoutLayered({ nodes, edges }, { area: { width: 300, height: 900 } });
    expect(wide.width).toBeGreaterThan(wide.height);
    expect(high.height).toBeGreaterThan(high.width);
    expect(high.width).toBe(100);
  });

  it('lays out a deep chain with calls back to its start without recursion', () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `s${String(i).padStart(4, '0')}`);
    const edges = names.slice(1).flatMap((name, i) => [edge(names[i], name), edge(name, names[0])]);
    edges.push(edge('entry', names[0]));
    const layout = layoutLayered({ nodes: ['entry', ...names].map(node), edges });
    expect(layout.nodes.find(({ id }) => id === 's0999')?.rank).toBe(1_000);
    expect(layout.edges.filter(({ isBack }) => isBack)).toHaveLength(999);
  });
});
