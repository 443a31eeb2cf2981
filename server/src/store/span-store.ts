/**
 * The read side's contract with the store. Types only: query, analyse and api import this, never a class.
 *
 * Every method takes the tenant first (one name, or several joined by `|`: config/read-tenant.ts), and the store puts
 * the filter into every statement in one place (sql/tenant-scope.ts). Every method takes an AbortSignal and MUST stop the engine's work when it fires.
 */
import type { AttributeScope, ReadStatistics } from '@clew/contract';
import type { SpanId, TraceColumns, TraceData, TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';

/** Half-open, unsigned nanoseconds since 1970: from ≤ start < to. */
export interface TimeRange {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Wall time the engine may take; the answer is then incomplete, not an error, where a method says so. */
  readonly timeoutMs?: number;
}

/** Position of a trace in newest-first order: start of its newest matching span, then trace id, both descending. */
export interface TracePosition {
  readonly newestMatchUnixNano: bigint;
  readonly traceId: TraceId;
}

export interface TraceMatch extends TracePosition {
  readonly matchedCount: number;
}

/** A trace's whole-trace facts for a result row. */
export interface TraceSummary {
  readonly traceId: TraceId;
  readonly rootService: string;
  readonly rootName: string;
  readonly startUnixNano: bigint;
  readonly durationNano: bigint;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly services: readonly { readonly name: string; readonly spanCount: number; readonly errorCount: number }[];
}

export interface MatchedSpan {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly statusCode: number;
  readonly startUnixNano: bigint;
  readonly durationNano: bigint;
}

export interface Read<T> {
  readonly value: T;
  readonly statistics: ReadStatistics;
}

export interface SpanStore {
  /**
   * Traces with at least one span in `range` that satisfies `filter`, newest first, at most `limit`,
   * strictly after `after`.
   */
  findTraces(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    limit: number,
    after: TracePosition | undefined,
    options?: ReadOptions,
  ): Promise<Read<readonly TraceMatch[]>>;

  /** Whole-trace facts of the given traces; a trace without spans is absent. */
  summarizeTraces(
    tenant: string,
    traceIds: readonly TraceId[],
    options?: ReadOptions,
  ): Promise<Read<ReadonlyMap<TraceId, TraceSummary>>>;

  /** The matching spans of the given traces, longest first, at most `spansPerTrace` each. */
  matchedSpans(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    traceIds: readonly TraceId[],
    spansPerTrace: number,
    options?: ReadOptions,
  ): Promise<Read<ReadonlyMap<TraceId, readonly MatchedSpan[]>>>;

  /** Every stored span of a trace, or undefined when there is none. Duplicate span ids are kept as stored. */
  loadTrace(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceData | undefined>;

  /** The trace as columns in depth-first order, or undefined when there is none. */
  loadTraceColumns(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceColumns | undefined>;

  /** One span with its resource and scope, or undefined. Of several with this id, all are in the answer. */
  loadSpans(
    tenant: string,
    traceId: TraceId,
    spanIds: readonly SpanId[],
    options?: ReadOptions,
  ): Promise<TraceData | undefined>;

  services(
    tenant: string,
    range: TimeRange,
    options?: ReadOptions,
  ): Promise<readonly { readonly name: string; readonly lastSeenDay: string }[]>;

  operations(
    tenant: string,
    service: string,
    range: TimeRange,
    options?: ReadOptions,
  ): Promise<readonly { readonly name: string; readonly kind: number }[]>;

  /** Attribute keys seen in the days of `range` whose key contains `contains` (case-insensitive). */
  attributeKeys(
    tenant: string,
    range: TimeRange,
    contains: string,
    limit: number,
    options?: ReadOptions,
  ): Promise<readonly { readonly scope: AttributeScope; readonly key: string; readonly types: readonly number[] }[]>;

  /** Most frequent values of an attribute or intrinsic among the newest spans of `range` that satisfy `filter`. */
  attributeValues(
    tenant: string,
    field: FieldExpression,
    filter: FieldExpression,
    range: TimeRange,
    prefix: string,
    limit: number,
    options?: ReadOptions,
  ): Promise<
    Read<
      readonly {
        readonly type: 'string' | 'int' | 'double' | 'bool' | 'keyword';
        readonly value: string;
        readonly count: number;
      }[]
    >
  >;

  /** Whether this tenant has any span stored. */
  hasSpans(tenant: string, options?: ReadOptions): Promise<boolean>;
}
