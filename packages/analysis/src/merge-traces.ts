/**
 * Many traces of two sides as one tree of call paths: spans of the same service, name and kind below the same path are
 * one node, with how often, how long and how erroneous they are on each side. Linear in the spans, no recursion.
 */
import { FLAG_ERROR, NO_PARENT, spanIdAt, type TraceColumns, type TraceId } from '@clew/model';
import { pathChange } from './path-change.ts';
import { heaviestSiblingsFirst } from './sibling-order.ts';
import { selfTimes } from './tree-measures.ts';

/** One side's part in a path. */
export interface PathFigures {
  /** Traces that have the path, and spans in it. */
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  /** Nanoseconds of a span; 0 without spans. Percentiles are nearest rank. */
  readonly meanNano: number;
  readonly p50Nano: number;
  readonly p95Nano: number;
  /** Mean self time of a span. */
  readonly selfNano: number;
  /** Of the mean's difference from that of all such spans: its standard error; NaN below two spans. */
  readonly errorOfMean: number;
  /** The longest span; undefined without spans. */
  readonly longest: { readonly traceId: TraceId; readonly spanId: string } | undefined;
}

export interface MergedPath {
  /** Index of the path above, or NO_PARENT. */
  readonly parent: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly a: PathFigures;
  readonly b: PathFigures;
  /** CHANGE_… of node-changes.ts. */
  readonly change: number;
}

export interface MergedTraces {
  /** Depth first; siblings in the order in which they begin below their parent, on average. */
  readonly paths: readonly MergedPath[];
  /** Paths that the fewest traces have, left out to keep to the limit. */
  readonly omittedPaths: number;
  /** Traces merged. */
  readonly tracesA: number;
  readonly tracesB: number;
}

export type MergeSide = 'a' | 'b';

/** Numbers up to which pairs of them make one exact number. */
const MOST_KEYS = 2 ** 26;

/** Merges traces one by one; nothing of a trace is kept but what its spans add to their paths. */
export class TraceMerger {
  readonly #keys = new Map<string, number>();
  readonly #whats: { readonly service: string; readonly name: string; readonly kind: number }[] = [];
  readonly #nodes = new Map<number, number>();
  readonly #parent: number[] = [];
  readonly #key: number[] = [];
  /** By node: time from the parent's start, added up, and of how many spans. */
  readonly #offset: number[] = [];
  readonly #begun: number[] = [];
  readonly #sides: Readonly<Record<MergeSide, SideSums>> = { a: new SideSums(), b: new SideSums() };

  add(side: MergeSide, columns: TraceColumns): void {
    const { spanCount, parent, start } = columns;
    const keyOf = this.#keysOf(columns);
    const self = selfTimes(columns);
    const nodes = new Int32Array(spanCount);
    const sums = this.#sides[side];
    sums.traces++;
    for (let row = 0; row < spanCount; row++) {
      const up = parent[row];
      const node = this.#nodeOf(up === NO_PARENT ? NO_PARENT : nodes[up], keyOf(row));
      nodes[row] = node;
      this.#offset[node] += up === NO_PARENT ? start[row] : start[row] - start[up];
      this.#begun[node]++;
      sums.add(node, columns, row, self[row]);
    }
  }

  /** A number for what a row's span is, the same in all traces. */
  #keysOf({ names, services, name, service, kind }: TraceColumns): (row: number) => number {
    const known = new Map<number, number>();
    return (row) => {
      const local = (name[row] * services.length + service[row]) * 256 + kind[row];
      let key = known.get(local);
      if (key === undefined) {
        const what = { service: services[service[row]], name: names[name[row]], kind: kind[row] };
        const text = JSON.stringify([what.service, what.name, what.kind]);
        key = this.#keys.get(text) ?? this.#whats.push(what) - 1;
        this.#keys.set(text, key);
        known.set(local, key);
      }
      return key;
    };
  }

  #nodeOf(parent: number, key: number): number {
    const place = (parent + 1) * MOST_KEYS + key;
    let node = this.#nodes.get(place);
    if (node === undefined) {
      node = this.#parent.push(parent) - 1;
      this.#nodes.set(place, node);
      this.#key.push(key);
      this.#offset.push(0);
      this.#begun.push(0);
    }
    return node;
  }

  /** @param maxPaths those that most traces have are kept. */
  finish(maxPaths: number): MergedTraces {
    const { a, b } = this.#sides;
    const kept = this.#mostFrequent(maxPaths);
    // Whatever is kept is kept in the order of its number, in which parents come first.
    const place = new Map(kept.map((node, at) => [node, at]));
    const parent = Int32Array.from(kept, (node) => place.get(this.#parent[node]) ?? NO_PARENT);
    const early = Float64Array.from(kept, (node) => -this.#offset[node] / this.#begun[node]);
    const order = heaviestSiblingsFirst(parent, early);
    const rank = new Int32Array(order.length);
    for (const [at, index] of order.entries()) rank[index] = at;
    const [figuresA, figuresB] = [a.figures(this.#parent.length), b.figures(this.#parent.length)];
    const paths = Array.from(order, (index) => {
      const node = kept[index];
      const [inA, inB] = [figuresA(node), figuresB(node)];
      return {
        parent: parent[index] === NO_PARENT ? NO_PARENT : rank[parent[index]],
        ...this.#whats[this.#key[node]],
        a: inA,
        b: inB,
        change: pathChange(inA, a.traces, inB, b.traces),
      };
    });
    return { paths, omittedPaths: this.#parent.length - kept.length, tracesA: a.traces, tracesB: b.traces };
  }

  /** A path is in no more traces than the one above it: with any that is kept, all above it are. */
  #mostFrequent(maxPaths: number): number[] {
    const { a, b } = this.#sides;
    const all = this.#parent.map((_, node) => node);
    if (all.length <= maxPaths) return all;
    const traces = (node: number): number => a.tracesOf(node) + b.tracesOf(node);
    return all
      .sort((x, y) => traces(y) - traces(x) || x - y)
      .slice(0, maxPaths)
      .sort((x, y) => x - y);
  }
}

/** What the spans of one side add up to, by node. */
class SideSums {
  traces = 0;
  readonly #traces: number[] = [];
  readonly #lastTrace: number[] = [];
  readonly #errors: number[] = [];
  readonly #self: number[] = [];
  /** Of the longest span: its duration, its trace, and its id as two words. */
  readonly #longest: number[] = [];
  readonly #longestTrace: TraceId[] = [];
  readonly #longestId: number[] = [];
  /** By span: its node and its duration. */
  readonly #nodeOfSpan: number[] = [];
  readonly #durations: number[] = [];

  add(node: number, columns: TraceColumns, row: number, self: number): void {
    const nano = columns.duration[row];
    if (this.#traces[node] === undefined) {
      this.#traces[node] = 0;
      this.#lastTrace[node] = 0;
      this.#errors[node] = 0;
      this.#self[node] = 0;
    }
    if (this.#lastTrace[node] !== this.traces) {
      this.#lastTrace[node] = this.traces;
      this.#traces[node]++;
    }
    if ((columns.flags[row] & FLAG_ERROR) !== 0) this.#errors[node]++;
    this.#self[node] += self;
    if (this.#longest[node] === undefined || nano > this.#longest[node]) {
      this.#longest[node] = nano;
      this.#longestTrace[node] = columns.traceId;
      this.#longestId[node * 2] = columns.spanId[row * 2];
      this.#longestId[node * 2 + 1] = columns.spanId[row * 2 + 1];
    }
    this.#nodeOfSpan.push(node);
    this.#durations.push(nano);
  }

  tracesOf(node: number): number {
    return this.#traces[node] ?? 0;
  }

  /** The figures of a node; durations are put together by node once. */
  figures(nodeCount: number): (node: number) => PathFigures {
    const begin = new Int32Array(nodeCount + 1);
    for (const node of this.#nodeOfSpan) begin[node + 1]++;
    for (let node = 0; node < nodeCount; node++) begin[node + 1] += begin[node];
    const next = begin.slice();
    const sorted = new Float64Array(this.#durations.length);
    for (const [at, node] of this.#nodeOfSpan.entries()) sorted[next[node]++] = this.#durations[at];
    return (node) => this.#figuresOf(node, sorted.subarray(begin[node], begin[node + 1]).sort());
  }

  #figuresOf(node: number, durations: Float64Array): PathFigures {
    const spans = durations.length;
    if (spans === 0) return NO_FIGURES;
    const meanNano = durations.reduce((sum, one) => sum + one, 0) / spans;
    const squares = durations.reduce((sum, one) => sum + (one - meanNano) ** 2, 0);
    const rank = (part: number): number => durations[Math.max(0, Math.ceil(part * spans) - 1)];
    const spanId = Int32Array.of(this.#longestId[node * 2], this.#longestId[node * 2 + 1]);
    return {
      ...{ traces: this.#traces[node], spans, errors: this.#errors[node], meanNano },
      ...{ p50Nano: rank(0.5), p95Nano: rank(0.95), selfNano: this.#self[node] / spans },
      errorOfMean: spans < 2 ? Number.NaN : Math.sqrt(squares / (spans - 1) / spans),
      longest: { traceId: this.#longestTrace[node], spanId: spanIdAt({ spanId }, 0) },
    };
  }
}

const NO_FIGURES: PathFigures = {
  ...{ traces: 0, spans: 0, errors: 0, meanNano: 0, p50Nano: 0, p95Nano: 0, selfNano: 0 },
  errorOfMean: Number.NaN,
  longest: undefined,
};
