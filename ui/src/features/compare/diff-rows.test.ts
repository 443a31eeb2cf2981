import { heaviestSiblingsFirst, subtreeEnds } from '@clew/analysis';
import { NO_PARENT } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { diffMove } from './diff-move.ts';
import { DiffRows, type DiffTree } from './diff-rows.ts';

/** @param parent of each node in depth-first order. */
function treeOf(parent: readonly number[], changed: readonly number[], weight?: readonly number[]): DiffTree {
  const parents = Int32Array.from(parent);
  const depth = new Int32Array(parent.length);
  const changedWithin = new Uint8Array(parent.length);
  for (const [node, up] of parent.entries()) depth[node] = up === NO_PARENT ? 0 : depth[up] + 1;
  for (const node of changed) for (let at = node; at !== NO_PARENT; at = parent[at]) changedWithin[at] = 1;
  const weights = Float64Array.from(weight ?? parent, (one) => (weight === undefined ? 0 : one));
  return {
    nodeCount: parent.length,
    parent: parents,
    depth,
    end: subtreeEnds({ parent: parents, spanCount: parent.length }),
    changedWithin,
    largestFirst: heaviestSiblingsFirst(parents, weights),
  };
}

const visible = (rows: DiffRows): number[] => [...rows.visible.subarray(0, rows.visibleCount)];

//  0 ─ 1 ─ 2
//    └ 3
//  4
const SMALL = [NO_PARENT, 0, 1, 0, NO_PARENT];

describe('DiffRows', () => {
  it('folds, filters and orders, and says where a node is to be seen', () => {
    const rows = new DiffRows(treeOf(SMALL, [2], [1, 1, 0, 5, 9]));
    expect(visible(rows)).toEqual([0, 1, 2, 3, 4]);
    rows.setFolded(1, true);
    expect(visible(rows)).toEqual([0, 1, 3, 4]);
    expect([rows.positionOf(2), rows.positionOf(4)]).toEqual([1, 3]);
    rows.arrange({ onlyChanged: true, largestFirst: false });
    expect(visible(rows)).toEqual([0, 1]);
    expect([rows.positionOf(3), rows.positionOf(4)]).toEqual([0, -1]);
    rows.reveal(2);
    expect(visible(rows)).toEqual([0, 1, 2]);
    rows.arrange({ onlyChanged: false, largestFirst: true });
    expect(visible(rows)).toEqual([4, 0, 3, 1, 2]);
    expect(rows.positionOf(2)).toBe(4);
  });

  for (const seed of [31, 32, 33]) {
    it(`shows what walking the tree shows, seed ${seed}`, () => {
      let state = seed;
      const random = (): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
      };
      for (let round = 0; round < 30; round++) {
        const parent = Array.from({ length: 40 }, () => NO_PARENT);
        const open: number[] = [];
        for (let node = 0; node < 40; node++) {
          while (open.length > 0 && random() < 0.45) open.pop();
          parent[node] = open.at(-1) ?? NO_PARENT;
          open.push(node);
        }
        const changed = parent.flatMap((_, node) => (random() < 0.1 ? [node] : []));
        const weight = parent.map(() => Math.floor(random() * 5));
        const tree = treeOf(parent, changed, weight);
        const rows = new DiffRows(tree);
        const order = { onlyChanged: random() < 0.5, largestFirst: random() < 0.5 };
        rows.arrange(order);
        for (let node = 0; node < 40; node++) if (random() < 0.2) rows.setFolded(node, true);
        const walked: number[] = [];
        const walk = (above: number): void => {
          const children = parent.flatMap((up, node) => (up === above ? [node] : []));
          if (order.largestFirst) children.sort((x, y) => weight[y] - weight[x] || x - y);
          for (const child of children) {
            if (order.onlyChanged && tree.changedWithin[child] === 0) continue;
            walked.push(child);
            if (rows.folded[child] === 0) walk(child);
          }
        };
        walk(NO_PARENT);
        expect(visible(rows)).toEqual(walked);
        for (const [position, node] of walked.entries()) expect(rows.positionOf(node)).toBe(position);
      }
    });
  }
});

describe('the keys of the tree', () => {
  it('move, fold, unfold and open as in a treegrid', () => {
    const rows = new DiffRows(treeOf(SMALL, []));
    expect(diffMove('ArrowDown', rows, -1, 10)).toEqual({ node: 0 });
    expect(diffMove('ArrowRight', rows, 0, 10)).toEqual({ node: 1 });
    expect(diffMove('ArrowLeft', rows, 1, 10)).toEqual({ node: 1, fold: true });
    expect(diffMove('ArrowLeft', rows, 3, 10)).toEqual({ node: 0 });
    expect(diffMove('ArrowRight', rows, 3, 10)).toEqual({ node: 3 });
    expect(diffMove(' ', rows, 0, 10)).toEqual({ node: 0, fold: true });
    expect(diffMove('Enter', rows, 3, 10)).toEqual({ node: 3, open: true });
    expect(diffMove('End', rows, 0, 10)).toEqual({ node: 4 });
    expect(diffMove('PageUp', rows, 4, 2)).toEqual({ node: 2 });
    expect(diffMove('x', rows, 0, 10)).toBeUndefined();
    rows.setFolded(0, true);
    expect(diffMove('ArrowRight', rows, 0, 10)).toEqual({ node: 0, fold: false });
  });
});
