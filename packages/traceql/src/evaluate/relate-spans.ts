import type { SpanId } from '@clew/model';
import { limitError } from '../traceql-error.ts';
import type { StructuralRelation, TextRange } from '../tree.ts';
import type { TraceSpans } from './trace-spans.ts';

/** Positions of spans, ascending: the order of the data. */
export type Positions = readonly number[];

/**
 * Ids that the operators of one query may visit in one trace, for each of its spans and beyond that. One spanset visits
 * each span once an operator; but where by() has made many, each of them may be related through the whole trace.
 */
export const MAX_VISITS_PER_SPAN = 10;
export const MAX_VISITS = 1_000_000;

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
 * Spans are related by ids, through all stored spans of the trace. Every id is visited once.
 * @param at the operator, for errors.
 * @throws TraceqlError TRACEQL_LIMIT above MAX_VISITS.
 */
export function relateSpans(
  trace: TraceSpans,
  relation: StructuralRelation,
  left: Positions,
  right: Positions,
  at: TextRange = { from: 0, to: 0 },
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
      const ids = reach(trace, left.map(idOf), idsBelow(trace), at);
      return right.filter((position) => ids.has(parentIdOf(position)));
    }
    case '<<': {
      const ids = reach(trace, left.map(parentIdOf), idsAbove(trace), at);
      return right.filter((position) => ids.has(idOf(position)));
    }
    case '~':
      return siblings(left, right, parentIdOf);
  }
}

/** The ids of the spans with this parent id. */
function idsBelow(trace: TraceSpans): (id: SpanId) => readonly SpanId[] {
  return (id) => (trace.byParentId.get(id) ?? []).map((child) => trace.spans[child].span.spanId);
}

/** The parent ids of the spans with this id; an id without a stored span leads nowhere. */
function idsAbove(trace: TraceSpans): (id: SpanId) => readonly SpanId[] {
  return (id) => (trace.byId.get(id) ?? []).map((span) => trace.spans[span].span.parentSpanId);
}

/** Everything that can be reached, the beginnings included. Parent ids may run in circles. */
function reach(
  trace: TraceSpans,
  from: readonly SpanId[],
  next: (id: SpanId) => readonly SpanId[],
  at: TextRange,
): ReadonlySet<SpanId> {
  const limit = MAX_VISITS + MAX_VISITS_PER_SPAN * trace.spans.length;
  const reached = new Set<SpanId>(from);
  // A set's iterator also visits what is added on the way.
  for (const id of reached) {
    if (trace.countVisits(1) > limit) {
      const message = `relating spans within each of so many groups takes more than ${limit} steps in one trace (limit).`;
      throw limitError(message, at, 'Relate spans before by().');
    }
    for (const further of next(id)) reached.add(further);
  }
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
