import { NO_PARENT } from '@clew/model';

/** A merged tree as far as showing it needs to know; arrays by node, nodes depth first. */
export interface DiffTree {
  readonly nodeCount: number;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Node after the last descendant. */
  readonly end: Int32Array;
  /** 1 where the node or one below it has changed. */
  readonly changedWithin: Uint8Array;
  /** The nodes depth first with siblings of the largest difference first. */
  readonly largestFirst: Int32Array;
}

/** How the rows are shown. */
export interface DiffOrder {
  readonly onlyChanged: boolean;
  readonly largestFirst: boolean;
}

/** Which nodes are folded, filtered and in which order, and the rows that remain. Mutable: 200,000 nodes in some ms. */
export class DiffRows {
  readonly tree: DiffTree;
  readonly folded: Uint8Array;
  /** The first `visibleCount` entries are the nodes to be seen, in order. */
  readonly visible: Int32Array;
  visibleCount = 0;
  /** Of each node among the visible ones, -1 where it is not. */
  readonly #position: Int32Array;
  #order: DiffOrder = { onlyChanged: false, largestFirst: false };

  constructor(tree: DiffTree) {
    this.tree = tree;
    this.folded = new Uint8Array(tree.nodeCount);
    this.visible = new Int32Array(tree.nodeCount);
    this.#position = new Int32Array(tree.nodeCount);
    this.#rebuild();
  }

  arrange(order: DiffOrder): void {
    if (order.onlyChanged === this.#order.onlyChanged && order.largestFirst === this.#order.largestFirst) return;
    this.#order = order;
    this.#rebuild();
  }

  /** Whether there is anything below the node that the filter lets through. */
  hasChildren(node: number): boolean {
    const { end, changedWithin } = this.tree;
    if (end[node] === node + 1) return false;
    if (!this.#order.onlyChanged) return true;
    for (let below = node + 1; below < end[node]; below = end[below]) {
      if (changedWithin[below] === 1) return true;
    }
    return false;
  }

  setFolded(node: number, folded: boolean): void {
    this.folded[node] = folded ? 1 : 0;
    this.#rebuild();
  }

  /** Folds every node, or none. */
  foldAll(folded: boolean): void {
    this.folded.fill(folded ? 1 : 0);
    this.#rebuild();
  }

  /** Unfolds what is above the node. */
  reveal(node: number): void {
    for (let above = this.tree.parent[node]; above !== NO_PARENT; above = this.tree.parent[above]) {
      this.folded[above] = 0;
    }
    this.#rebuild();
  }

  /** Among the visible rows, of the node or of what it is folded into; -1 when the filter hides all of that. */
  positionOf(node: number): number {
    for (let at = node; at !== NO_PARENT; at = this.tree.parent[at]) {
      if (this.#position[at] !== -1) return this.#position[at];
    }
    return -1;
  }

  #rebuild(): void {
    const { nodeCount, end, changedWithin, largestFirst } = this.tree;
    const { onlyChanged, largestFirst: byDifference } = this.#order;
    this.#position.fill(-1);
    let count = 0;
    for (let at = 0; at < nodeCount; ) {
      const node = byDifference ? largestFirst[at] : at;
      const size = end[node] - node;
      if (onlyChanged && changedWithin[node] === 0) {
        at += size;
        continue;
      }
      this.#position[node] = count;
      this.visible[count++] = node;
      at += this.folded[node] === 1 ? size : 1;
    }
    this.visibleCount = count;
  }
}
