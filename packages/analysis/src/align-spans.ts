/** Two trees of keyed spans as one tree of nodes: see compare-traces.ts for what meets what. */

/** Runs of one key below one span that stay apart; of more, all are one node. */
export const MAX_RUNS_APART = 4;

const NONE = -1;

/** Rows in an order in which a parent stands before its children; -1 for no parent. */
export interface KeyedSpans {
  readonly parent: Int32Array;
  readonly key: Int32Array;
}

export interface NodesInOrder {
  readonly nodeCount: number;
  readonly parent: Int32Array<ArrayBuffer>;
  readonly nodeOfA: Int32Array<ArrayBuffer>;
  readonly nodeOfB: Int32Array<ArrayBuffer>;
}

/**
 * Built breadth first: a node is expanded when all its spans are known. Node 0 is above the roots, and within `Side`
 * span 0 is too, so that roots are children like others; row r is span r + 1.
 */
export class AlignedNodes {
  readonly #a: Side;
  readonly #b: Side;
  #nodeCount = 1;
  readonly #parent: Int32Array;
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;
  /** Runs of a key below the span at hand, valid where #runsOf has that span's mark. */
  readonly #runs: Int32Array;
  readonly #runsOf: Int32Array;
  #mark = 0;
  /** Most runs of a key below one span of the node at hand, valid where #mostOf has the node. */
  readonly #most: Int32Array;
  readonly #mostOf: Int32Array;
  /** Node of a key's k-th run, valid where its parent is the node at hand. */
  readonly #nodeOfRun: Int32Array;

  constructor(a: KeyedSpans, b: KeyedSpans, keyCount: number) {
    const most = a.key.length + b.key.length + 1;
    this.#a = new Side(a, most);
    this.#b = new Side(b, most);
    this.#parent = new Int32Array(most).fill(NONE);
    this.#firstChild = new Int32Array(most).fill(NONE);
    this.#nextSibling = new Int32Array(most).fill(NONE);
    this.#runs = new Int32Array(keyCount);
    this.#runsOf = new Int32Array(keyCount);
    this.#most = new Int32Array(keyCount);
    this.#mostOf = new Int32Array(keyCount).fill(NONE);
    this.#nodeOfRun = new Int32Array(keyCount * MAX_RUNS_APART);
    for (let node = 0; node < this.#nodeCount; node++) {
      this.#countRuns(this.#a, node);
      this.#countRuns(this.#b, node);
      this.#placeChildren(this.#a, node);
      this.#placeChildren(this.#b, node);
    }
  }

  #countRuns(side: Side, node: number): void {
    for (let span = side.firstSpan[node]; span !== NONE; span = side.nextSpan[span]) {
      this.#mark++;
      let before = NONE;
      for (let child = side.firstChild[span]; child !== NONE; child = side.nextSibling[child]) {
        const key = side.key[child - 1];
        if (key === before) continue;
        before = key;
        const runs = this.#nextRun(key) + 1;
        if (this.#mostOf[key] !== node) {
          this.#mostOf[key] = node;
          this.#most[key] = runs;
        } else if (runs > this.#most[key]) this.#most[key] = runs;
      }
    }
  }

  #placeChildren(side: Side, node: number): void {
    for (let span = side.firstSpan[node]; span !== NONE; span = side.nextSpan[span]) {
      this.#mark++;
      let before = NONE;
      let placed = NONE;
      for (let child = side.firstChild[span]; child !== NONE; child = side.nextSibling[child]) {
        const key = side.key[child - 1];
        if (key !== before) {
          before = key;
          const run = this.#nextRun(key);
          placed = this.#nodeOf(node, key, this.#most[key] > MAX_RUNS_APART ? 0 : run, placed);
        }
        side.add(placed, child);
      }
    }
  }

  /** How many runs of the key have been met below the span at hand; counts one more. */
  #nextRun(key: number): number {
    if (this.#runsOf[key] !== this.#mark) {
      this.#runsOf[key] = this.#mark;
      this.#runs[key] = 0;
    }
    return this.#runs[key]++;
  }

  /** The node of a run; a new one stands after the sibling that was met before it. */
  #nodeOf(parent: number, key: number, run: number, after: number): number {
    const slot = key * MAX_RUNS_APART + run;
    const known = this.#nodeOfRun[slot];
    if (known !== 0 && this.#parent[known] === parent) return known;
    const node = this.#nodeCount++;
    this.#nodeOfRun[slot] = node;
    this.#parent[node] = parent;
    if (after === NONE) {
      this.#nextSibling[node] = this.#firstChild[parent];
      this.#firstChild[parent] = node;
    } else {
      this.#nextSibling[node] = this.#nextSibling[after];
      this.#nextSibling[after] = node;
    }
    return node;
  }

  /** The nodes depth first, without the one above the roots. */
  inPreOrder(): NodesInOrder {
    const nodeCount = this.#nodeCount - 1;
    const place = new Int32Array(this.#nodeCount).fill(NONE);
    const parent = new Int32Array(nodeCount);
    let node = this.#firstChild[0];
    for (let at = 0; node !== NONE; at++) {
      place[node] = at;
      parent[at] = place[this.#parent[node]];
      let next = this.#firstChild[node];
      while (next === NONE && node > 0) {
        next = this.#nextSibling[node];
        node = this.#parent[node];
      }
      node = next;
    }
    return { nodeCount, parent, nodeOfA: this.#a.nodesByRow(place), nodeOfB: this.#b.nodesByRow(place) };
  }
}

/** One trace's spans with their children, and the spans of each node in order. */
class Side {
  readonly key: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /** By node. */
  readonly firstSpan: Int32Array;
  readonly #lastSpan: Int32Array;
  /** By span: the next of the same node. */
  readonly nextSpan: Int32Array;
  readonly #nodeOf: Int32Array;

  constructor({ parent, key }: KeyedSpans, mostNodes: number) {
    const spans = key.length + 1;
    this.key = key;
    this.firstChild = new Int32Array(spans).fill(NONE);
    this.nextSibling = new Int32Array(spans).fill(NONE);
    for (let row = key.length - 1; row >= 0; row--) {
      this.nextSibling[row + 1] = this.firstChild[parent[row] + 1];
      this.firstChild[parent[row] + 1] = row + 1;
    }
    this.firstSpan = new Int32Array(mostNodes).fill(NONE);
    this.#lastSpan = new Int32Array(mostNodes).fill(NONE);
    this.nextSpan = new Int32Array(spans).fill(NONE);
    this.#nodeOf = new Int32Array(spans);
    this.add(0, 0);
  }

  add(node: number, span: number): void {
    if (this.firstSpan[node] === NONE) this.firstSpan[node] = span;
    else this.nextSpan[this.#lastSpan[node]] = span;
    this.#lastSpan[node] = span;
    this.#nodeOf[span] = node;
  }

  /** @param place of each node. */
  nodesByRow(place: Int32Array): Int32Array<ArrayBuffer> {
    const nodes = new Int32Array(this.key.length);
    for (let row = 0; row < nodes.length; row++) nodes[row] = place[this.#nodeOf[row + 1]];
    return nodes;
  }
}
