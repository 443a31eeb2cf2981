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
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
  /** False when a limit or a time-out cut the answer; `incompleteReason` then says which. */
  readonly complete: boolean;
  readonly incompleteReason?: string;
}

export interface FoundSpan {
  readonly spanId: string;
  readonly name: string;
  readonly service: string;
  readonly kind: number;
  readonly statusCode: number;
  readonly startTimeUnixNano: string;
  readonly durationNano: string;
}

export interface FoundTrace {
  readonly traceId: string;
  /** Empty when no root has arrived. */
  readonly rootService: string;
  readonly rootName: string;
  readonly startTimeUnixNano: string;
  readonly durationNano: string;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Services of the whole trace, most spans first. */
  readonly services: readonly { readonly name: string; readonly spanCount: number; readonly errorCount: number }[];
  /** Number of spans that match the query, in all. */
  readonly matchedCount: number;
  /** The first of them (`spss` at most), longest first. */
  readonly matched: readonly FoundSpan[];
}

export interface SearchAnswer {
  /** Newest first: by start of the newest matching span, then by trace id. */
  readonly traces: readonly FoundTrace[];
  /** Send back as `cursor` for the next page; absent at the end. */
  readonly cursor?: string;
  readonly statistics: ReadStatistics;
}

export interface ServicesAnswer {
  /** `lastSeenDay` is the day of the newest span, UTC, as YYYY-MM-DD. */
  readonly services: readonly { readonly name: string; readonly lastSeenDay: string }[];
}

export interface OperationsAnswer {
  readonly operations: readonly { readonly name: string; readonly kind: number }[];
}

export type AttributeScope = 'span' | 'resource';

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
  readonly endpoints: { readonly otlpGrpc: string; readonly otlpHttp: string; readonly ui: string };
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
