import type { StructuralRelation } from '../tree.ts';
import { type IdTable, NO_ID } from './id-table.ts';
import type { Rows } from './span-table.ts';

/** Those of `right` that stand in the relation to any of `left`, as `relateSpans` of the evaluator has it. */
export function relateRows(ids: IdTable, relation: StructuralRelation, left: Rows, right: Rows): Rows {
  if (left.length === 0 || right.length === 0) return NO_ROWS;
  const { firstRow } = ids;
  const spanId = (row: number): number => ids.ids[row - firstRow];
  const parentId = (row: number): number => ids.parents[row - firstRow];
  switch (relation) {
    case '>': {
      const marked = mark(ids, left, spanId);
      return right.filter((row) => isMarked(marked, parentId(row)));
    }
    case '<': {
      const marked = mark(ids, left, parentId);
      return right.filter((row) => isMarked(marked, spanId(row)));
    }
    case '>>': {
      const marked = mark(ids, left, spanId);
      reach(marked, (id, visit) => ids.forChildren(id, visit));
      return right.filter((row) => isMarked(marked, parentId(row)));
    }
    case '<<': {
      const marked = mark(ids, left, parentId);
      reach(marked, (id, visit) => ids.forParents(id, visit));
      return right.filter((row) => isMarked(marked, spanId(row)));
    }
    case '~':
      return siblings(ids, left, right);
  }
}

export const NO_ROWS: Rows = new Int32Array(0);

function mark(ids: IdTable, rows: Rows, idOf: (row: number) => number): Uint8Array {
  const marked = new Uint8Array(ids.idCount);
  for (const row of rows) {
    const id = idOf(row);
    if (id !== NO_ID) marked[id] = 1;
  }
  return marked;
}

function isMarked(marked: Uint8Array, id: number): boolean {
  return id !== NO_ID && marked[id] === 1;
}

/** Marks everything that can be reached from what is marked. Parent ids may run in circles. */
function reach(marked: Uint8Array, next: (id: number, visit: (further: number) => void) => void): void {
  const open: number[] = [];
  for (let id = 0; id < marked.length; id++) if (marked[id] === 1) open.push(id);
  const visit = (further: number): void => {
    if (marked[further] === 1) return;
    marked[further] = 1;
    open.push(further);
  };
  for (let id = open.pop(); id !== undefined; id = open.pop()) next(id, visit);
}

/** Another span of `left` has the same parent. */
function siblings(ids: IdTable, left: Rows, right: Rows): Rows {
  const counts = new Uint32Array(ids.idCount);
  const isLeft = new Uint8Array(ids.ids.length);
  for (const row of left) {
    const parent = ids.parents[row - ids.firstRow];
    if (parent !== NO_ID) counts[parent]++;
    isLeft[row - ids.firstRow] = 1;
  }
  return right.filter((row) => {
    const parent = ids.parents[row - ids.firstRow];
    return parent !== NO_ID && counts[parent] > isLeft[row - ids.firstRow];
  });
}
