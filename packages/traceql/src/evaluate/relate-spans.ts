import type { SpanId } from '@clew/model';
import type { StructuralRelation } from '../tree.ts';
import type { TraceSpans } from './trace-spans.ts';

/** Positions of spans, ascending: the order of the data. */
export type Positions = readonly number[];

/** The relation seen from the other side. */
export const CONVERSE: Readonly<Record<StructuralRelation, StructuralRelation>> = {
  '>': '<',
  '>>': '<<',
  '<': '>',
  '<<': '>>',
  '~': '~',
};

/**
 * Those of `right` that stand in the relation to any of `left`: are its child, descendant, parent, ancestor, sibling.
 * Spans are related by ids, through all stored spans of the trace. Every span is visited once.
 */
export function relateSpans(
  trace: TraceSpans,
  relation: StructuralRelation,
  left: Positions,
  right: Positions,
): Positions {
  if (left.length === 0 || right.length === 0) return [];
  const idOf = (position: number) => trace.spans[position].span.spanId;
  const parentIdOf = (position: number) => trace.spans[position].span.parentSpanId;
  switch (relation) {
    case '>': {
      const ids = new Set(left.map(idOf));
      return right.filter((position) => ids.has(parentIdOf(position)));
    }
    case '<': {
      const ids = new Set(left.map(parentIdOf));
      return right.filter((position) => ids.has(idOf(position)));
    }
    case '>>': {
      const ids = idsBelow(trace, left.map(idOf));
      return right.filter((position) => ids.has(parentIdOf(position)));
    }
    case '<<': {
      const ids = idsAbove(trace, left.map(parentIdOf));
      return right.filter((position) => ids.has(idOf(position)));
    }
    case '~':
      return siblings(left, right, parentIdOf);
  }
}

/** The ids and those of all descendants. */
function idsBelow(trace: TraceSpans, ids: readonly SpanId[]): ReadonlySet<SpanId> {
  return reach(ids, (id) => (trace.byParentId.get(id) ?? []).map((child) => trace.spans[child].span.spanId));
}

/** The ids and those of all ancestors; an id without a stored span leads nowhere. */
function idsAbove(trace: TraceSpans, ids: readonly SpanId[]): ReadonlySet<SpanId> {
  return reach(ids, (id) => (trace.byId.get(id) ?? []).map((span) => trace.spans[span].span.parentSpanId));
}

/** Everything that can be reached, the beginnings included. Parent ids may run in circles. */
function reach(from: readonly SpanId[], next: (id: SpanId) => readonly SpanId[]): ReadonlySet<SpanId> {
  const reached = new Set<SpanId>(from);
  // A set's iterator also visits what is added on the way.
  for (const id of reached) for (const further of next(id)) reached.add(further);
  return reached;
}

function siblings(left: Positions, right: Positions, parentIdOf: (position: number) => SpanId): Positions {
  const counts = new Map<SpanId, number>();
  for (const position of left) counts.set(parentIdOf(position), (counts.get(parentIdOf(position)) ?? 0) + 1);
  const isLeft = new Set(left);
  return right.filter((position) => {
    const parentId = parentIdOf(position);
    const others = (counts.get(parentId) ?? 0) - (isLeft.has(position) ? 1 : 0);
    return parentId !== '' && others > 0;
  });
}
