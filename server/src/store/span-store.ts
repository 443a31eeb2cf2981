/**
 * The read side's contract with the store. Types only: query, analyse and api import this, never a class.
 *
 * Every method takes the tenant first (one name, or several joined by `|`: config/read-tenant.ts), and the store puts
 * the filter into every statement in one place (sql/tenant-scope.ts). Every method takes an AbortSignal and MUST stop the engine's work when it fires.
 */
import type {
  AttributeScope,
  DependenciesAnswer,
  QualityAnswer,
  QueryStep,
  ReadStatistics,
  ServiceAnswer,
  ServicesOverviewAnswer,
} from '@clew/contract';
import type { SpanId, TraceColumns, TraceData, TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { ColumnPlan, SpanTable } from '@clew/traceql/columnar';
import type { PlainValue } from '@clew/traceql/evaluate';
import type { MeasuredRead, SpanMeasure } from './span-measure.ts';
import type {
  MatchingSpansRequest,
  MatchTotals,
  OrderedTrace,
  OrderedTracesRequest,
  SpanFacets,
  SpanPosition,
} from './span-order.ts';

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
  /** Of the expressions that were to be shown. */
  readonly values?: readonly PlainValue[];
}

export interface Read<T> {
  readonly value: T;
  readonly statistics: ReadStatistics;
}

/** Traces that may match, newest first, in bounded batches. */
export interface CandidateWalk {
  /**
   * The next candidates, each trace once, about `count` of them; fewer where the range ends, a limit is reached
   * or the walk is stepwise.
   * Past the end: none.
   * @param isNarrowed leaves out, from now on, what lacks what is required; a walk that knows how many candidates a
   * finding takes does so by itself where that costs less.
   */
  next(count: number, isNarrowed?: boolean): Promise<CandidateBatch>;
}

export interface CandidateBatch {
  /** By the start of the newest span that may match, then trace id, both descending. */
  readonly traces: readonly TracePosition[];
  /** Every trace that has not been seen yet lies strictly behind this position. Undefined: nothing is known yet. */
  readonly frontier: TracePosition | undefined;
  readonly isLast: boolean;
  /** The limit that stopped the walk; the traces are then fewer than there are. */
  readonly stoppedBy?: string;
}

/** So many spans of a trace, wherever they lie, satisfy the condition. */
export interface TraceRequirement {
  readonly condition: FieldExpression;
  readonly atLeast: number;
}

/** A span's parent, a child of it, or a span with the same parent id (which may be itself) satisfies the condition. */
export interface LinkRequirement {
  readonly relation: 'parent' | 'child' | 'sibling';
  readonly condition: FieldExpression;
}

export interface CandidateRequest {
  /** Of a span in the range. */
  readonly condition: FieldExpression;
  /** All of them hold of the trace. */
  readonly required: readonly TraceRequirement[];
  /** Holds of the span with the condition. */
  readonly link?: LinkRequirement | undefined;
  /** About how many narrowed candidates there are for each trace that is found. */
  readonly perFinding?: number;
  readonly range: TimeRange;
  /** Only traces with such a span that starts no later than the position's. */
  readonly after: TracePosition | undefined;
  /** Hands out what a slice of time holds as soon as it is known: sooner, in more statements. */
  readonly isStepwise?: boolean;
}

/** How far the matching spans of a trace stand for others that were not sent. */
export interface SampledMatch extends TracePosition {
  readonly matchedCount: number;
  /** Matching spans that stand for more than themselves. */
  readonly sampledCount: number;
  /** How many spans the matching ones stand for. */
  readonly matchedWeight: number;
}

/** What the engine alone can say of a trace and one filter. */
export interface FilterMatch extends SampledMatch {
  readonly summary: TraceSummary;
  /** Longest first, then oldest first. */
  readonly matched: readonly MatchedSpan[];
}

export interface FilterMatchRequest {
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly traceIds: readonly TraceId[];
  readonly spansPerTrace: number;
  /** Values of the spans that are shown; SQL must be able to say them. */
  readonly shown: readonly FieldExpression[];
}

export interface SpanRowsRequest {
  readonly columns: ColumnPlan;
  readonly traceIds: readonly TraceId[];
  /** Only of traces of which all of them hold. */
  readonly required: readonly TraceRequirement[];
  /** Only these spans. */
  readonly spanIds?: readonly SpanId[];
  readonly shown?: readonly FieldExpression[];
  /** Also how many spans each stands for. */
  readonly weighted?: boolean;
}

/** Spans of several traces as columns; a trace without rows is absent. */
export interface SpanRows {
  readonly traceIds: readonly TraceId[];
  readonly table: SpanTable;
  /** Signed nanoseconds. */
  readonly starts: BigInt64Array;
  readonly durations: BigInt64Array;
  /** Where `weighted` asks for it: 1, or more for sampled spans. */
  readonly weights?: Float64Array;
  /** What is shown of a span, with `values` as `shown` asks. */
  span(row: number): MatchedSpan;
  /** Whole-trace facts of a trace, by its place in `traceIds`; right only where all its spans are among the rows. */
  summary(trace: number): TraceSummary;
}

/** How much is stored of a tenant, as of a moment ago. */
export interface StoredData {
  /** Days of starts that have spans, as days since 1970, with their number of spans. */
  readonly days: readonly { readonly day: number; readonly spanCount: number }[];
  /** When the newest stored span was received; undefined when there is none. */
  readonly receivedUntilUnixMs: number | undefined;
}

/** A trace by its newest span among those received lately. */
export interface ReceivedTrace extends TracePosition {
  /** Of the span received last. */
  readonly receivedUnixSeconds: number;
  /** Spans received since the asked second. */
  readonly spanCount: number;
}

export interface ReceivedTracesRequest {
  /** Only such spans count. */
  readonly condition: FieldExpression;
  /** Of starts. */
  readonly range: TimeRange;
  /** The second counts. */
  readonly sinceUnixSeconds: number;
  readonly limit: number;
}

export interface ReceivedTraces {
  /** Latest reception first, at most `limit`. */
  readonly traces: readonly ReceivedTrace[];
  /** How many there are in all. */
  readonly traceCount: number;
}

/** The statements of one search: one deadline over all of them, what they read added up. */
export interface SpanSearch {
  /** Whether SQL says the condition exactly. */
  decides(filter: FieldExpression): boolean;

  /** Whether SQL says the value of an expression. */
  reads(expression: FieldExpression): boolean;

  /** Finds more traces than asked for where SQL cannot say a condition exactly, never fewer. */
  candidates(request: CandidateRequest): CandidateWalk;

  /** The next traces in an order of whole-trace facts, over the whole range. Throws where a limit stops it. */
  orderedTraces(request: OrderedTracesRequest): Promise<readonly OrderedTrace[]>;

  /**
   * The next matching spans in their order, over the whole range; a few more than asked for where several share the
   * last place. Throws where a limit stops it.
   */
  matchingSpans(request: MatchingSpansRequest): Promise<readonly SpanPosition[]>;

  /** Traces that spans were received of lately: what a live tail looks at. */
  receivedTraces(request: ReceivedTracesRequest): Promise<ReceivedTraces>;

  /** Of the given traces those with a span in range that satisfies the filter; whole-trace facts from all their spans. */
  filterMatches(request: FilterMatchRequest): Promise<ReadonlyMap<TraceId, FilterMatch>>;

  /**
   * What a pipeline needs of the spans of some traces: all of them, or those that satisfy any of the conditions.
   * Undefined when there are more than MAX_ROWS_AT_ONCE.
   */
  spanRows(request: SpanRowsRequest): Promise<SpanRows | undefined>;

  /** Number of stored spans of each trace; of those only that have, for each condition, a span that satisfies it. */
  spanCounts(
    traceIds: readonly TraceId[],
    required: readonly TraceRequirement[],
  ): Promise<ReadonlyMap<TraceId, number>>;

  /** All spans of the traces. The caller bounds their number. */
  wholeTraces(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceData>>;

  summaries(traceIds: readonly TraceId[]): Promise<ReadonlyMap<TraceId, TraceSummary>>;

  /** Which attribute keys are stored with this name or one like it; for telling of mistakes. */
  attributeKeys(limit: number): Promise<readonly { readonly scope: string; readonly key: string }[]>;

  /** Undefined when it is not known yet: it is looked at beside the search. */
  stored(): Promise<StoredData | undefined>;

  /** Why a limit stopped a statement, or undefined when the error is another one. */
  limitReason(error: unknown): string | undefined;

  /** Lets what is still to be read take this long at least, whatever the deadline says. */
  allowAtLeast(milliseconds: number): void;

  /** Statements so far, with `explain`. */
  readonly steps: readonly QueryStep[];
  /** @param cut why something may be missing beside what the engine says. */
  statistics(cut?: string): ReadStatistics;
}

export interface SearchOptions extends ReadOptions {
  /** Keep the statements for `steps`. */
  readonly explain?: boolean;
}

/** What is asked of services. */
export interface ServicesRequest {
  readonly range: TimeRange;
  /** What has passed of the range is what rates are of. */
  readonly nowUnixNano: bigint;
  /** Buckets wanted; there are at most so many. */
  readonly points: number;
}

export interface ServiceRequest extends ServicesRequest {
  readonly service: string;
}

export type DependenciesRequest = Omit<ServicesRequest, 'points'>;

/** Traces as columns, by id. */
export interface SeveralTraces {
  readonly traces: readonly TraceColumns[];
  /** Whether traces were left out to keep to the limit of spans. */
  readonly isCut: boolean;
}

export interface SpanStore {
  /** Begins a search: its time runs from here. */
  openSearch(tenant: string, options?: SearchOptions): SpanSearch;

  /** Every stored span of a trace, or undefined when there is none. Duplicate span ids are kept as stored. */
  loadTrace(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceData | undefined>;

  /** The trace as columns in depth-first order, or undefined when there is none. */
  loadTraceColumns(tenant: string, traceId: TraceId, options?: ReadOptions): Promise<TraceColumns | undefined>;

  /** The given traces as columns, as many of them as have no more than `maxSpans` in all. */
  loadSeveralTraces(
    tenant: string,
    traceIds: readonly TraceId[],
    maxSpans: number,
    options?: ReadOptions,
  ): Promise<Read<SeveralTraces>>;

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

  /** How much satisfies a filter that SQL can say exactly; undefined where a limit stopped it. */
  matchTotals(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    options?: ReadOptions,
  ): Promise<Read<MatchTotals | undefined>>;

  /** Keys and values of the newest spans that satisfy a filter. */
  spanFacets(
    tenant: string,
    filter: FieldExpression,
    range: TimeRange,
    options?: ReadOptions,
  ): Promise<Read<SpanFacets>>;

  /**
   * A metrics function over the spans that satisfy a filter. A limit that stops it is told in the statistics; the
   * series are then none.
   * @throws an error with the code STORE_NOT_MEASURABLE for what only whole traces tell.
   */
  measureSpans(tenant: string, measure: SpanMeasure, options?: SearchOptions): Promise<MeasuredRead>;

  /** Rate, errors and durations of every service, against the period before. */
  servicesOverview(tenant: string, request: ServicesRequest, options?: ReadOptions): Promise<ServicesOverviewAnswer>;

  /** The same of one service and of what it consists of. */
  service(tenant: string, request: ServiceRequest, options?: ReadOptions): Promise<ServiceAnswer>;

  /** Who calls whom, from a sample of the traces where there are many. */
  dependencies(tenant: string, request: DependenciesRequest, options?: ReadOptions): Promise<DependenciesAnswer>;

  /** What is odd about the spans of a range. What a limit stopped is absent, and told in the statistics. */
  dataQuality(
    tenant: string,
    range: TimeRange,
    options?: ReadOptions,
  ): Promise<Read<Omit<QualityAnswer, 'statistics'>>>;

  /** Whether this tenant has any span stored. */
  hasSpans(tenant: string, options?: ReadOptions): Promise<boolean>;
}
