import type { SpanTable } from './span-table.ts';

/** No span has it: roots have it as parent. */
export const NO_ID = -1;

/**
 * The span ids of one trace as small numbers, with what hangs under each. Two ids are equal when their words are, so
 * they are told apart by a table of open addressing and never become text.
 */
export class IdTable {
  readonly firstRow: number;
  /** By row − firstRow. */
  readonly ids: Int32Array;
  readonly parents: Int32Array;
  #idCount = 0;
  /** First row (offset) with this parent, and the next one of each row; −1 ends. Made when first needed. */
  #childLists: { readonly first: Int32Array; readonly next: Int32Array } | undefined;
  #spanLists: { readonly first: Int32Array; readonly next: Int32Array } | undefined;
  readonly #slots: Int32Array;
  readonly #words: Int32Array;

  constructor(table: SpanTable, firstRow: number, endRow: number) {
    const count = endRow - firstRow;
    this.firstRow = firstRow;
    this.ids = new Int32Array(count);
    this.parents = new Int32Array(count);
    // At most two ids a row, half full at most.
    const size = 2 ** Math.ceil(Math.log2(Math.max(count * 4, 8)));
    this.#slots = new Int32Array(size).fill(NO_ID);
    this.#words = new Int32Array(count * 4);
    for (let row = 0; row < count; row++) {
      const at = (firstRow + row) * 2;
      this.ids[row] = this.#intern(table.spanIds[at], table.spanIds[at + 1]);
      this.parents[row] = this.#intern(table.parentIds[at], table.parentIds[at + 1]);
    }
  }

  get idCount(): number {
    return this.#idCount;
  }

  /** Calls with the id of every span whose parent this id is. */
  forChildren(id: number, visit: (childId: number) => void): void {
    this.#childLists ??= listsOf(this.parents, this.#idCount);
    const { first, next } = this.#childLists;
    for (let row = first[id]; row >= 0; row = next[row]) visit(this.ids[row]);
  }

  /** Calls with the parent id of every span that has this id; roots are left out. */
  forParents(id: number, visit: (parentId: number) => void): void {
    this.#spanLists ??= listsOf(this.ids, this.#idCount);
    const { first, next } = this.#spanLists;
    for (let row = first[id]; row >= 0; row = next[row]) if (this.parents[row] !== NO_ID) visit(this.parents[row]);
  }

  #intern(low: number, high: number): number {
    if (low === 0 && high === 0) return NO_ID;
    const mask = this.#slots.length - 1;
    let slot = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    slot = (slot ^ (slot >>> 15)) & mask;
    for (let id = this.#slots[slot]; id !== NO_ID; id = this.#slots[slot]) {
      if (this.#words[id * 2] === low && this.#words[id * 2 + 1] === high) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.#idCount++;
    this.#slots[slot] = id;
    this.#words[id * 2] = low;
    this.#words[id * 2 + 1] = high;
    return id;
  }
}

/** Rows by the id they have in a column, as linked lists. */
function listsOf(column: Int32Array, idCount: number): { readonly first: Int32Array; readonly next: Int32Array } {
  const first = new Int32Array(idCount).fill(-1);
  const next = new Int32Array(column.length).fill(-1);
  for (let row = column.length - 1; row >= 0; row--) {
    const id = column[row];
    if (id === NO_ID) continue;
    next[row] = first[id];
    first[id] = row;
  }
  return { first, next };
}
