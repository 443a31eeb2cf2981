import {
  type InstrumentationScope,
  type Resource,
  type Span,
  type SpanId,
  serviceName,
  type TraceData,
  type TraceId,
} from '@clew/model';
import { compareText } from '../compare-statics.ts';
import { buildTraceFacts, type TraceFacts } from '../trace-facts.ts';
import { buildNestedSet, type NestedSet } from './nested-set.ts';

/** A span with its surroundings. */
export interface SpanInContext {
  readonly span: Span;
  readonly scope: InstrumentationScope;
  readonly resource: Resource;
}

/** All spans of one trace, each known by its position; what relates them is looked up once, when first needed. */
export class TraceSpans {
  readonly traceId: TraceId;
  /** In the order of the data. */
  readonly spans: readonly SpanInContext[];
  readonly facts: TraceFacts;
  #byId: ReadonlyMap<SpanId, readonly number[]> | undefined;
  #byParentId: ReadonlyMap<SpanId, readonly number[]> | undefined;
  #firstById: ReadonlyMap<SpanId, number> | undefined;
  #nestedSet: NestedSet | undefined;
  #visits = 0;

  constructor(traceId: TraceId, spans: readonly SpanInContext[], facts: TraceFacts) {
    this.traceId = traceId;
    this.spans = spans;
    this.facts = facts;
  }

  /** Positions of the spans with an id: several where a span was stored twice. */
  get byId(): ReadonlyMap<SpanId, readonly number[]> {
    this.#byId ??= positionsBy(this.spans, ({ span }) => span.spanId);
    return this.#byId;
  }

  /** Positions of the spans with a parent id; roots are not in it. */
  get byParentId(): ReadonlyMap<SpanId, readonly number[]> {
    this.#byParentId ??= positionsBy(this.spans, ({ span }) => span.parentSpanId);
    return this.#byParentId;
  }

  /** Of the spans with an id the one that stands for them: by start, service, name. */
  firstWithId(id: SpanId): number | undefined {
    this.#firstById ??= this.#findFirsts();
    return this.#firstById.get(id);
  }

  /** Counts the steps of what walks along the tree; the number of all so far. */
  countVisits(visits: number): number {
    this.#visits += visits;
    return this.#visits;
  }

  get nestedSet(): NestedSet {
    this.#nestedSet ??= buildNestedSet(this);
    return this.#nestedSet;
  }

  /** The order of spans that does not depend on the order of the data: by start, id, service, name. */
  compare(a: number, b: number): number {
    const left = this.spans[a];
    const right = this.spans[b];
    const startA = BigInt.asIntN(64, left.span.startTimeUnixNano);
    const startB = BigInt.asIntN(64, right.span.startTimeUnixNano);
    if (startA !== startB) return startA < startB ? -1 : 1;
    return (
      compareText(left.span.spanId, right.span.spanId) ||
      compareText(serviceName(left.resource), serviceName(right.resource)) ||
      compareText(left.span.name, right.span.name) ||
      a - b
    );
  }

  #findFirsts(): ReadonlyMap<SpanId, number> {
    const firsts = new Map<SpanId, number>();
    for (const [position, { span }] of this.spans.entries()) {
      const known = firsts.get(span.spanId);
      if (known === undefined || this.compare(position, known) < 0) firsts.set(span.spanId, position);
    }
    return firsts;
  }
}

function positionsBy(
  spans: readonly SpanInContext[],
  idOf: (span: SpanInContext) => SpanId,
): ReadonlyMap<SpanId, readonly number[]> {
  const positions = new Map<SpanId, number[]>();
  for (const [position, span] of spans.entries()) {
    const id = idOf(span);
    if (id === '') continue;
    const known = positions.get(id);
    if (known === undefined) positions.set(id, [position]);
    else known.push(position);
  }
  return positions;
}

/** All spans of the data, in its order. */
export function listSpans(data: TraceData): SpanInContext[] {
  return data.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => ({ span, scope, resource }))),
  );
}

/** The traces in the data, each with all its spans, in the order in which they first occur. */
export function splitTraces(data: TraceData, spans: readonly SpanInContext[] = listSpans(data)): TraceSpans[] {
  const facts = buildTraceFacts(data);
  const spansOf = new Map<TraceId, SpanInContext[]>();
  for (const inContext of spans) {
    const { traceId } = inContext.span;
    const known = spansOf.get(traceId);
    if (known === undefined) spansOf.set(traceId, [inContext]);
    else known.push(inContext);
  }
  const traces: TraceSpans[] = [];
  for (const [traceId, of] of spansOf) {
    const known = facts.get(traceId);
    if (known !== undefined) traces.push(new TraceSpans(traceId, of, known));
  }
  return traces;
}
