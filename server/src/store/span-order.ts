/** What a store says of the matches of a filter as a whole: their order, their number, what they have. Types only. */
import type { SpanId, TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';

/** What traces are put in order by beside the newest match: duration, error spans or spans of the whole trace. */
export type TraceOrder = 'longest' | 'errors' | 'spans';

/** A trace with its place in an order: descending by value, then trace id. */
export interface OrderedTrace {
  readonly traceId: TraceId;
  /** Nanoseconds, or a number of spans. */
  readonly value: bigint;
}

export interface OrderedTracesRequest {
  /** Of a span in the range; SQL must be able to say it exactly. */
  readonly filter: FieldExpression;
  /** Of starts; half-open, unsigned nanoseconds since 1970. */
  readonly range: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };
  readonly order: TraceOrder;
  /** The last of the page before. */
  readonly after: OrderedTrace | undefined;
  readonly limit: number;
}

/** By start or by duration. */
export type SpanOrder = 'newest' | 'longest';

/** A span with its place in an order: descending by value, then trace id, then span id. */
export interface SpanPosition extends OrderedTrace {
  readonly spanId: SpanId;
}

export interface MatchingSpansRequest {
  /** SQL must be able to say it exactly. */
  readonly filter: FieldExpression;
  /** Of starts; half-open, unsigned nanoseconds since 1970. */
  readonly range: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };
  readonly order: SpanOrder;
  /** The last of the page before. */
  readonly after: SpanPosition | undefined;
  readonly limit: number;
}

/** How much of the range satisfies a filter. */
export interface MatchTotals {
  readonly spanCount: number;
  /** Of these spans. */
  readonly errorCount: number;
  /** With such a span. Estimated (within 1 % or so) above 10,000. */
  readonly traceCount: number;
  readonly isTraceCountExact: boolean;
}

export interface FacetValue {
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'status' | 'kind';
  readonly value: string;
  readonly count: number;
}

/** A key that spans have, with its most frequent values. */
export interface SpanFacet {
  /** Of `intrinsic` the keys are service, name, status and kind. */
  readonly scope: 'intrinsic' | 'span' | 'resource';
  readonly key: string;
  /** Spans that have it. */
  readonly spanCount: number;
  /** Different values. */
  readonly valueCount: number;
  /** Most frequent first. */
  readonly values: readonly FacetValue[];
}

export interface SpanFacets {
  /** Spans that were counted. */
  readonly spanCount: number;
  /** The newest of more. */
  readonly isSample: boolean;
  /** Keys of most spans first. */
  readonly facets: readonly SpanFacet[];
}
