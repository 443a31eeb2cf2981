import type { Span, SpanId } from '@clew/model';

/** What must be known of a trace's spans, which are named by their positions. */
export interface SpanTree {
  readonly spans: readonly { readonly span: Span }[];
  readonly byParentId: ReadonlyMap<SpanId, readonly number[]>;
  firstWithId(id: SpanId): number | undefined;
  compare(a: number, b: number): number;
}

/** Numbers of the spans' places in the tree, by position; all 0 for spans that no root leads to. */
export interface NestedSet {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** `left` of the parent; −1 for roots. */
  readonly parent: Int32Array;
}

/**
 * Walks the trees under the roots depth first, counting from 1 on entering and on leaving a span. Roots by start and
 * id, children likewise. Where several spans have one id, the children hang under the first of them.
 */
export function buildNestedSet(trace: SpanTree): NestedSet {
  const count = trace.spans.length;
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  const parent = new Int32Array(count);
  const inOrder = (positions: readonly number[]) => positions.toSorted((a, b) => trace.compare(a, b));
  const childrenOf = (position: number): readonly number[] => {
    const { spanId } = trace.spans[position].span;
    return trace.firstWithId(spanId) === position ? inOrder(trace.byParentId.get(spanId) ?? []) : [];
  };
  const roots = [...trace.spans.keys()].filter((position) => trace.spans[position].span.parentSpanId === '');
  let number = 0;
  const open: { readonly position: number; readonly children: readonly number[]; next: number }[] = [];
  const enter = (position: number, parentLeft: number) => {
    number += 1;
    left[position] = number;
    parent[position] = parentLeft;
    open.push({ position, children: childrenOf(position), next: 0 });
  };
  for (const root of inOrder(roots)) {
    enter(root, -1);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const child = top.children[top.next];
      if (child === undefined) {
        number += 1;
        right[top.position] = number;
        open.pop();
      } else {
        top.next += 1;
        enter(child, left[top.position]);
      }
    }
  }
  return { left, right, parent };
}
