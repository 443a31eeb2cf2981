/**
 * What the native HTTP API under /api/v1/ answers with, as types: shared by server, CLI and UI.
 * 64-bit numbers travel as decimal strings. Routes and parameter checks are in routes.ts.
 */

import type { OtlpJsonResource, OtlpJsonScope, OtlpJsonSpan } from '@clew/wire/otlp/json-trace-data';

export type {
  OtlpJsonAttribute,
  OtlpJsonResource,
  OtlpJsonScope,
  OtlpJsonSpan,
  OtlpJsonTraceData,
  OtlpJsonValue,
} from '@clew/wire/otlp/json-trace-data';

/** application/problem+json, RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What failed: which value (limit). What to do. */
  readonly detail: string;
  /** Stable, AREA_WHAT_WRONG. */
  readonly code: string;
  /** Where in the query text, for TraceQL errors: 0-based UTF-16 offsets. */
  readonly position?: { readonly from: number; readonly to: number };
}

/** What an answer cost and whether it is whole. */
export interface ReadStatistics {
  /** From tables, as far as the statements told: see `unknownReads`. */
  readonly rowsRead: number;
  /** Uncompressed. */
  readonly bytesRead: number;
  /**
   * Statements whose answers were streamed and did not tell what they read: the two figures above are then without
   * them, and the least it can have been. Absent: none.
   */
  readonly unknownReads?: number;
  readonly elapsedMs: number;
  /** False when a limit or a time-out cut the answer; `incompleteReason` then says which. */
  readonly complete: boolean;
  readonly incompleteReason?: string;
}

/** Spans, those of them that a sampler left to stand for several, and how many all of them stand for. */
export interface Sampling {
  readonly spans: number;
  readonly sampled: number;
  readonly weight: number;
}

/** What a search cost, on what data it rests, and whether it is whole. */
export interface SearchStatistics extends ReadStatistics {
  /**
   * Matching spans of the page's traces, those of them that stand for several (`ot=th:…` in their trace state), and
   * all for how many.
   */
  readonly sampling?: Sampling;
  /** Traces whose spans were looked at to decide whether they match. */
  readonly tracesInspected?: number;
  /** Spans of these traces. */
  readonly spansInspected?: number;
  /** Days that are stored, and how many of them lie outside the range and were not read. */
  readonly partitions?: { readonly stored: number; readonly skipped: number };
  /** Until when spans had been stored when the search began: what arrived later is not in the answer. */
  readonly storedUntilUnixMs?: number;
}

/** A value of a span or spanset, named as it is printed in TraceQL. */
export interface FoundAttribute {
  /** `span.http.route`, `resource.service.name`, `status`, `count()`, `avg(duration)`. */
  readonly name: string;
  readonly type: 'string' | 'int' | 'double' | 'bool' | 'duration' | 'status' | 'kind' | 'nil' | 'other';
  /** Decimal for numbers (durations in nanoseconds), the keyword for status and kind, JSON text for `other`. */
  readonly value: string;
}

export interface FoundSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly kind: number;
  readonly statusCode: number;
  readonly startTimeUnixNano: string;
  readonly durationNano: string;
  /** What the query names or selects of the span; absent where there is nothing. */
  readonly attributes?: readonly FoundAttribute[];
}

/** One set of spans a query found in a trace; by() makes several of one. */
export interface FoundSpanset {
  /** Values of by() and of the aggregates that were compared. */
  readonly attributes: readonly FoundAttribute[];
  readonly matchedCount: number;
  /** The first of them (`spss` at most), longest first. */
  readonly spans: readonly FoundSpan[];
}

export interface FoundTrace {
  readonly traceId: string;
  /** Empty when no root has arrived. */
  readonly rootService: string;
  readonly rootName: string;
  readonly startTimeUnixNano: string;
  /** From the first start to the last end; a span that ends before it starts ends, here, where it starts. */
  readonly durationNano: string;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Services of the whole trace, most spans first. */
  readonly services: readonly { readonly name: string; readonly spanCount: number; readonly errorCount: number }[];
  /** Number of spans that match the query, in all. */
  readonly matchedCount: number;
  /** The first of them (`spss` at most), longest first. */
  readonly matched: readonly FoundSpan[];
  /** The same spans by set, the set with the newest span first, at most 100; one set unless the query has by(). */
  readonly spansets: readonly FoundSpanset[];
}

export interface SearchAnswer {
  /** In the order told; newest first: by start of the newest matching span, then by trace id. */
  readonly traces: readonly FoundTrace[];
  /**
   * Where another order than `newest` was asked for: that, over all pages (`longest`: by duration of the whole trace;
   * `errors`, `spans`: by their number in it), or `newest` nevertheless where the query relates, groups or counts
   * spans: such answers are found trace by trace.
   */
  readonly order?: 'newest' | 'longest' | 'errors' | 'spans';
  /** Send back as `cursor` for the next page; absent at the end. An incomplete answer goes on where it stopped. */
  readonly cursor?: string;
  readonly statistics: SearchStatistics;
  /** What may be wrong with the question, in sentences: an attribute that no span has. */
  readonly notes?: readonly string[];
  /** With `explain=true`. */
  readonly plan?: QueryPlan;
}

/** A matching span as a row of its own. */
export interface FoundSpanRow extends FoundSpan {
  readonly traceId: string;
}

/** GET /api/v1/search/spans */
export interface SpansAnswer {
  readonly spans: readonly FoundSpanRow[];
  /**
   * As asked for, over all pages (`longest`: by the span's own duration), or `newest-traces` where the query relates,
   * groups or counts spans: trace by trace, newest first, of each its longest matching spans.
   */
  readonly order: 'newest' | 'longest' | 'newest-traces';
  /** Matching spans of the page's traces that are not shown; 0 but for `newest-traces`. */
  readonly omittedSpanCount: number;
  /** Send back as `cursor` for the next page; absent at the end. */
  readonly cursor?: string;
  readonly statistics: SearchStatistics;
  readonly notes?: readonly string[];
}

/** GET /api/v1/search/totals */
export interface TotalsAnswer {
  /** Absent where the query relates, groups or counts spans, and where a limit stopped it. */
  readonly totals?: {
    readonly spanCount: number;
    /** Of these spans. */
    readonly errorCount: number;
    /** With such a span; estimated above 10,000. */
    readonly traceCount: number;
    readonly isTraceCountExact: boolean;
  };
  readonly statistics: ReadStatistics;
}

/** A key that matching spans have. */
export interface FoundFacet {
  /** As TraceQL writes it: `resource.service.name`, `name`, `status`, `kind`, `span.http.route`. */
  readonly name: string;
  /** Spans that have it, of those counted. */
  readonly spanCount: number;
  /** Different values. */
  readonly valueCount: number;
  /** Most frequent first, ten at most. */
  readonly values: readonly {
    readonly type: 'string' | 'int' | 'double' | 'bool' | 'status' | 'kind';
    readonly value: string;
    readonly count: number;
  }[];
}

/** GET /api/v1/search/facets */
export interface FacetsAnswer {
  /** Service, name, status, kind, then keys of most spans first; absent where the query is no plain filter. */
  readonly facets?: readonly FoundFacet[];
  /** Spans that were counted. */
  readonly spanCount: number;
  /** They are the newest of more. */
  readonly isSample: boolean;
  readonly statistics: ReadStatistics;
}

/** One trace of a live tail. */
export interface TailTrace extends FoundTrace {
  /** It was told of before, and more of it matches now, has an error, or its root has arrived. */
  readonly again: boolean;
}

/**
 * GET /api/v1/tail sends these as server-sent events: `kind` is the event's name, its data the rest as JSON
 * (`trace`: a TailTrace; `problem`: a Problem, and the tail goes on).
 */
export type TailEvent =
  | { readonly kind: 'trace'; readonly trace: TailTrace }
  /** Traces that are not shown: more than `rate` a second matched, or more got new spans than are looked at. */
  | { readonly kind: 'skipped'; readonly traceCount: number; readonly reason: 'rate' | 'not-looked-at' }
  | { readonly kind: 'problem'; readonly problem: Problem };

/** How a query was answered. */
export interface QueryPlan {
  /** The query in its canonical form. */
  readonly query: string;
  /** sql: the engine alone; rows: single columns of candidate traces; whole-traces: all of candidate traces. */
  readonly tier: 'sql' | 'rows' | 'whole-traces';
  /** Why this tier, and what narrows the candidates: sentences. */
  readonly reasons: readonly string[];
  /** In the order in which they were begun. */
  readonly steps: readonly QueryStep[];
}

/** A statement that was run for a query. */
export interface QueryStep {
  /** What it is for. */
  readonly name: string;
  readonly sql: string;
  /** Values of the placeholders; long lists are cut. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Absent: not known. An answer that was streamed does not tell what was read for it. */
  readonly rowsRead?: number;
  /** Uncompressed. Absent: not known. */
  readonly bytesRead?: number;
  /** Rows of its answer. */
  readonly rowsAnswered: number;
  readonly elapsedMs: number;
}

/** GET /api/v1/metrics: series of one value a bucket. */
export interface MetricsAnswer {
  /** Start of the first bucket, which does not belong to it: bucket i holds the starts of spans with
   * startUnixNano + i × stepNano < start ≤ startUnixNano + (i + 1) × stepNano. */
  readonly startUnixNano: string;
  readonly stepNano: string;
  /** Buckets of the answer. */
  readonly pointCount: number;
  readonly series: readonly FoundSeries[];
  readonly statistics: MetricsStatistics;
  /** What may be wrong with the question or should be known of the numbers, in sentences. */
  readonly notes?: readonly string[];
  /** With `explain=true`. */
  readonly plan?: QueryPlan;
}

export interface FoundSeries {
  /** Of by(), named as printed in TraceQL; else `__name__`. Further `p`, `__bucket`, `__meta_type`, `__meta_error`. */
  readonly labels: readonly FoundAttribute[];
  /** One a bucket; null where there is none, or none that JSON can say. Seconds for durations. */
  readonly values: readonly (number | null)[];
  /** Absent without. */
  readonly exemplars?: readonly FoundExemplar[];
}

/** A span that a series counts. */
export interface FoundExemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly startTimeUnixNano: string;
  /** What was measured of it; null for a span that has only been counted. */
  readonly value: number | null;
}

export interface MetricsStatistics extends ReadStatistics {
  /** What was counted: stored spans one by one, or sums a minute that are kept of them. */
  readonly source: 'spans' | 'minutes';
  /**
   * Spans counted, those of them that stand for several (`ot=th:…` in their trace state), and all for how many. Absent
   * where whole traces were evaluated.
   */
  readonly sampling?: Sampling;
  /** The share of the stored spans that was looked at, where the query asked for a sample. */
  readonly sampledShare?: number;
  /** Until when spans had been stored when the query began: what arrived later is not in the answer. */
  readonly storedUntilUnixMs?: number;
}

export interface ServicesAnswer {
  /** `lastSeenDay` is the day of the newest span, UTC, as YYYY-MM-DD. */
  readonly services: readonly { readonly name: string; readonly lastSeenDay: string }[];
}

export interface OperationsAnswer {
  readonly operations: readonly { readonly name: string; readonly kind: number }[];
}

export type AttributeScope = 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

export interface AttributesAnswer {
  readonly attributes: readonly {
    readonly scope: AttributeScope;
    readonly key: string;
    readonly types: readonly ('string' | 'int' | 'double' | 'bool' | 'other')[];
  }[];
}

export interface AttributeValuesAnswer {
  /** Most frequent first, from the newest stored spans. */
  readonly values: readonly {
    readonly type: 'string' | 'int' | 'double' | 'bool' | 'keyword';
    readonly value: string;
    readonly count: number;
  }[];
  readonly statistics: ReadStatistics;
}

/** GET /api/v1/status: what the UI's live counter and the CLI's `doctor` read. */
export interface StatusAnswer {
  readonly version: string;
  readonly startedUnixMs: number;
  /** Spans since the start of this process. */
  readonly spans: {
    readonly received: number;
    readonly accepted: number;
    readonly refused: number;
    readonly stored: number;
  };
  /** Spans accepted per second over the last ten seconds. */
  readonly acceptedPerSecond: number;
  readonly journal: { readonly entries: number; readonly bytes: number; readonly oldestAgeMs: number };
  /** False only when the store has answered that it never held a span of this tenant. */
  readonly hasSpans: boolean;
  readonly endpoints: {
    readonly otlpGrpc: string;
    readonly otlpHttp: string;
    readonly ui: string;
    /** Where Grafana's Tempo data source finds this Clew; empty when the port was taken by somebody else. */
    readonly tempo: string;
  };
  /** What the store holds, of all tenants; absent until it has been looked at. */
  readonly storage?: StorageStatus;
}

/** As of the last round of housekeeping. Days as "2026-11-20". On several nodes every copy counts. */
export interface StorageStatus {
  /** Live data on disk, and the journal where it is on the same disk. */
  readonly bytes: number;
  readonly spans: number;
  readonly oldestDay: string | null;
  readonly newestDay: string | null;
  /** store.maxDiskBytes; null for none. */
  readonly limitBytes: number | null;
  /** On the disk with the least. */
  readonly freeBytes: number;
  /** What will be dropped next. */
  readonly nextDrop?: {
    readonly reason: 'retention' | 'disk';
    readonly day: string;
    /** The class: days kept, 0 for ever. */
    readonly retentionDays: number;
    readonly spans: number;
    readonly bytes: number;
    /** For the disk at the present rate; null when it does not grow. */
    readonly atUnixMs: number | null;
  };
  /** Sentences for an operator. */
  readonly warnings: readonly string[];
}

/** One span of GET /api/v1/traces/{traceId}/spans/{spanId}: OTLP JSON of the span with its surroundings. */
export interface SpanAnswer {
  readonly resource: OtlpJsonResource;
  readonly resourceSchemaUrl: string;
  readonly scope: OtlpJsonScope;
  readonly scopeSchemaUrl: string;
  readonly span: OtlpJsonSpan;
}

/** Media type of a trace as columns: GET /api/v1/traces/{traceId} with this in Accept. */
export const TRACE_COLUMNS_MEDIA_TYPE = 'application/vnd.clew.trace-columns';

/** Some spans of a trace with one value each: packages/wire/src/columns/span-values.ts. */
export const SPAN_VALUES_MEDIA_TYPE = 'application/vnd.clew.span-values';
