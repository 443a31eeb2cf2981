import { FLAG_ERROR, NO_PARENT } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { MAX_RUNS_APART } from './align-spans.ts';
import { type ComparedColumns, type ComparedTraces, compareTraces } from './compare-traces.ts';
import {
  CHANGE_COUNT,
  CHANGE_FASTER,
  CHANGE_NONE,
  CHANGE_ONLY_A,
  CHANGE_ONLY_B,
  CHANGE_SLOWER,
  nodeChanges,
} from './node-changes.ts';
import { heaviestSiblingsFirst } from './sibling-order.ts';
import { selfTimes } from './tree-measures.ts';

interface Span {
  readonly what: string;
  readonly ms?: number;
  readonly error?: boolean;
  readonly children?: readonly Span[];
}

/** Columns of a tree written down; `what` is "service name", times in milliseconds. */
function columnsOf(...roots: readonly Span[]): ComparedColumns {
  const rows: { span: Span; parent: number }[] = [];
  const open = roots.map((span) => ({ span, parent: NO_PARENT })).reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const row = rows.push(next) - 1;
    for (const child of [...(next.span.children ?? [])].reverse()) open.push({ span: child, parent: row });
  }
  const services = [...new Set(rows.map(({ span }) => span.what.split(' ')[0]))];
  // Dictionaries in another order than the rows': the numbers of two traces must not be compared.
  const names = [...new Set(rows.map(({ span }) => span.what.split(' ')[1]))].reverse();
  return {
    spanCount: rows.length,
    parent: Int32Array.from(rows, ({ parent }) => parent),
    start: new Float64Array(rows.length),
    duration: Float64Array.from(rows, ({ span }) => (span.ms ?? 1) * 1e6),
    names,
    name: Uint32Array.from(rows, ({ span }) => names.indexOf(span.what.split(' ')[1])),
    services,
    service: Uint16Array.from(rows, ({ span }) => services.indexOf(span.what.split(' ')[0])),
    kind: Uint8Array.from(rows, ({ span }) => (span.what.endsWith('>') ? 3 : 1)),
    flags: Uint8Array.from(rows, ({ span }) => (span.error === true ? FLAG_ERROR : 0)),
  };
}

const compare = (a: ComparedColumns, b: ComparedColumns): ComparedTraces =>
  compareTraces(a, selfTimes(a), b, selfTimes(b));

/** A line for each node: indent, what, spans in A and in B. */
function lines(tree: ComparedTraces): string[] {
  return Array.from({ length: tree.nodeCount }, (_, node) => {
    const what = `${tree.services[tree.service[node]]} ${tree.names[tree.name[node]]}`;
    return `${'  '.repeat(tree.depth[node])}${what} ${tree.a.count[node]}:${tree.b.count[node]}`;
  });
}

describe('compareTraces', () => {
  it('puts spans of the same place into one node, and what only one trace has beside them', () => {
    const a = columnsOf({ what: 'web GET', children: [{ what: 'auth check' }, { what: 'db SELECT' }] });
    const b = columnsOf({
      what: 'web GET',
      children: [{ what: 'cache get' }, { what: 'auth check', children: [{ what: 'auth token' }] }],
    });
    expect(lines(compare(a, b))).toEqual([
      'web GET 1:1',
      '  cache get 0:1',
      '  auth check 1:1',
      '    auth token 0:1',
      '  db SELECT 1:0',
    ]);
  });

  it('merges a run of repeated siblings into one node with their number, and what is below them', () => {
    const query: Span = { what: 'db SELECT', children: [{ what: 'net write' }, { what: 'net read' }] };
    const a = columnsOf({ what: 'web GET', children: [query, query, query] });
    const b = columnsOf({ what: 'web GET', children: [query] });
    expect(lines(compare(a, b))).toEqual(['web GET 1:1', '  db SELECT 3:1', '    net write 3:1', '    net read 3:1']);
  });

  it('keeps few runs apart, so that the second is compared with the second, and merges many', () => {
    const steps = (rounds: number): ComparedColumns =>
      columnsOf({
        what: 'job run',
        children: Array.from({ length: rounds }, (_, round) => [
          { what: 'db SELECT', ms: round },
          { what: 'cache set' },
        ]).flat(),
      });
    const few = compare(steps(2), steps(2));
    expect(lines(few)).toEqual([
      'job run 1:1',
      ...Array<string[]>(2).fill(['  db SELECT 1:1', '  cache set 1:1']).flat(),
    ]);
    expect(lines(compare(steps(MAX_RUNS_APART + 1), steps(2)))).toEqual([
      'job run 1:1',
      '  db SELECT 5:2',
      '  cache set 5:2',
    ]);
  });

  it('tells kinds apart, and compares the roots even where their names differ', () => {
    const a = columnsOf({ what: 'web GET', children: [{ what: 'web call' }] });
    const b = columnsOf({ what: 'edge FETCH', children: [{ what: 'web call>' }, { what: 'web call' }] });
    expect(lines(compare(a, b))).toEqual(['web GET 1:1', '  web call> 0:1', '  web call 1:1']);
  });

  it('matches several roots by what they are', () => {
    const a = columnsOf({ what: 'web GET' }, { what: 'web POST' });
    const b = columnsOf({ what: 'web POST' }, { what: 'web PUT' });
    expect(lines(compare(a, b))).toEqual(['web GET 1:0', 'web POST 1:1', 'web PUT 0:1']);
  });

  it('takes a chain of 100,000 spans and 100,000 siblings without recursion', () => {
    const chain = (count: number): ComparedColumns => ({
      ...columnsOf({ what: 'a b' }),
      spanCount: count,
      parent: Int32Array.from({ length: count }, (_, row) => row - 1),
      start: new Float64Array(count),
      duration: new Float64Array(count).fill(1),
      name: new Uint32Array(count),
      service: new Uint16Array(count),
      kind: new Uint8Array(count),
      flags: new Uint8Array(count),
    });
    const deep = compare(chain(100_000), chain(99_999));
    expect(deep.nodeCount).toBe(100_000);
    expect(deep.depth[99_999]).toBe(99_999);
    expect([deep.a.count[99_999], deep.b.count[99_999]]).toEqual([1, 0]);
    const wide = (count: number): ComparedColumns => ({ ...chain(count), parent: new Int32Array(count).fill(0, 1) });
    const flat = { ...wide(100_000), parent: wide(100_000).parent.with(0, NO_PARENT) };
    expect(lines(compare(flat, flat))).toEqual(['a b 1:1', '  a b 99999:99999']);
  });

  it('of nothing is nothing', () => {
    expect(compare(columnsOf(), columnsOf()).nodeCount).toBe(0);
    expect(lines(compare(columnsOf(), columnsOf({ what: 'a b' })))).toEqual(['a b 0:1']);
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`agrees with a plain recursive comparison of random trees, seed ${seed}`, () => {
      const random = randomOf(seed);
      for (let round = 0; round < 15; round++) {
        const a = randomRoots(random);
        const b = random() < 0.3 ? a : randomRoots(random);
        const tree = compare(columnsOf(...a), columnsOf(...b));
        expect(lines(tree).toSorted()).toEqual(plainCompare(a, b).toSorted());
        expectWhole(tree, columnsOf(...a), columnsOf(...b));
        // The other way round the same nodes, sides exchanged.
        const turned = compare(columnsOf(...b), columnsOf(...a));
        expect(turned.nodeCount).toBe(tree.nodeCount);
        expect(turned.a.count.toSorted()).toEqual(tree.b.count.toSorted());
      }
    });
  }
});

/** Each span is counted once, in the node below its parent's node, and nodes are in pre-order. */
function expectWhole(tree: ComparedTraces, a: ComparedColumns, b: ComparedColumns): void {
  for (const [columns, side] of [
    [a, tree.a],
    [b, tree.b],
  ] as const) {
    expect(side.count.reduce((sum, count) => sum + count, 0)).toBe(columns.spanCount);
    expect(side.total.reduce((sum, time) => sum + time, 0)).toBe(columns.duration.reduce((sum, time) => sum + time, 0));
    for (let row = 0; row < columns.spanCount; row++) {
      const up = columns.parent[row];
      expect(tree.parent[side.nodeOfRow[row]]).toBe(up === NO_PARENT ? NO_PARENT : side.nodeOfRow[up]);
    }
  }
  for (let node = 0; node < tree.nodeCount; node++) {
    expect(tree.parent[node]).toBeLessThan(node);
    expect(tree.end[node]).toBeGreaterThan(node);
    if (tree.parent[node] !== NO_PARENT) expect(tree.end[node]).toBeLessThanOrEqual(tree.end[tree.parent[node]]);
  }
}

/** The definition in the plainest words: recursive, with objects, quadratic. */
function plainCompare(a: readonly Span[], b: readonly Span[]): string[] {
  const found: string[] = [];
  const visit = (parentsA: readonly Span[], parentsB: readonly Span[], depth: number): void => {
    const keys = new Set([...parentsA, ...parentsB].flatMap((span) => (span.children ?? []).map(({ what }) => what)));
    for (const key of keys) {
      const runsOf = (span: Span): Span[][] => {
        const runs: Span[][] = [];
        for (const [at, child] of (span.children ?? []).entries()) {
          if (child.what !== key) continue;
          if (span.children?.[at - 1]?.what === key) runs.at(-1)?.push(child);
          else runs.push([child]);
        }
        return runs;
      };
      const allA = parentsA.map(runsOf);
      const allB = parentsB.map(runsOf);
      const most = Math.max(...[...allA, ...allB].map((runs) => runs.length));
      const groups = most > MAX_RUNS_APART ? 1 : most;
      for (let at = 0; at < groups; at++) {
        const pick = (runs: Span[][]): Span[] => (most > MAX_RUNS_APART ? runs.flat() : (runs[at] ?? []));
        const inA = allA.flatMap(pick);
        const inB = allB.flatMap(pick);
        found.push(`${'  '.repeat(depth)}${key} ${inA.length}:${inB.length}`);
        visit(inA, inB, depth + 1);
      }
    }
  };
  const named = a.length === 1 && b.length === 1 ? [{ ...b[0], what: a[0].what }] : b;
  visit([{ what: '', children: a }], [{ what: '', children: named }], 0);
  return found;
}

function randomRoots(random: () => number): Span[] {
  const spans = (depth: number, most: number): Span[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => ({
      what: `s${Math.floor(random() * 2)} n${Math.floor(random() * 2)}`,
      ms: Math.floor(random() * 50),
      error: random() < 0.2,
      children: depth === 0 ? [] : spans(depth - 1, random() < 0.15 ? 14 : 3),
    }));
  return spans(3, 3);
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('nodeChanges', () => {
  it('says what became of each node, and where something below it changed', () => {
    const a = columnsOf({
      what: 'web GET',
      ms: 1000,
      children: [
        { what: 'db slow', ms: 100 },
        { what: 'db fast', ms: 300 },
        { what: 'db gone' },
        { what: 'db same', ms: 100, children: [{ what: 'x y' }] },
        { what: 'db noise', ms: 1 },
        { what: 'db fails', ms: 50 },
      ],
    });
    const b = columnsOf({
      what: 'web GET',
      ms: 1050,
      children: [
        { what: 'db slow', ms: 200 },
        { what: 'db fast', ms: 100 },
        { what: 'db new' },
        { what: 'db same', ms: 109, children: [{ what: 'x y' }] },
        { what: 'db noise', ms: 5 },
        { what: 'db fails', ms: 50, error: true },
      ],
    });
    const tree = compare(a, b);
    const { change, changedWithin } = nodeChanges(tree, 1050e6);
    const found = Object.fromEntries(
      Array.from(change, (one, node) => [tree.names[tree.name[node]], [one, changedWithin[node]]]),
    );
    expect(found).toEqual({
      GET: [CHANGE_NONE, 1],
      slow: [CHANGE_SLOWER, 1],
      fast: [CHANGE_FASTER, 1],
      gone: [CHANGE_ONLY_A, 1],
      new: [CHANGE_ONLY_B, 1],
      same: [CHANGE_NONE, 0],
      y: [CHANGE_NONE, 0],
      noise: [CHANGE_NONE, 0],
      fails: [CHANGE_COUNT, 1],
    });
  });
});

describe('heaviestSiblingsFirst', () => {
  it('orders siblings by weight and keeps what is below each with it', () => {
    //          0
    //    1     4     5
    //   2 3          6
    const parent = Int32Array.of(NO_PARENT, 0, 1, 1, 0, 0, 5, NO_PARENT);
    const weight = Float64Array.of(1, 2, 1, 5, 9, 2, 0, 3);
    expect([...heaviestSiblingsFirst(parent, weight)]).toEqual([7, 0, 4, 1, 3, 2, 5, 6]);
  });
});
