/**
 * What the Tempo API answers and is asked, as types and as descriptions of their wire form. Only the fields that
 * Grafana's strict JSON parser knows.
 */
import type { AttributeValue } from '@clew/model';
import type { FieldType, MessageShape } from './message-shape.ts';

export interface TempoKeyValue {
  readonly key: string;
  readonly value: AttributeValue;
}

export interface TempoSpan {
  /** 16 hex digits. */
  readonly spanID: string;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  readonly durationNanos: bigint;
  readonly attributes: readonly TempoKeyValue[];
}

export interface TempoSpanSet {
  readonly spans: readonly TempoSpan[];
  /** Number of spans that match, in all. */
  readonly matched: number;
  readonly attributes: readonly TempoKeyValue[];
}

export interface TempoTrace {
  /** Hex, leading zeros trimmed. */
  readonly traceID: string;
  readonly rootServiceName: string;
  readonly rootTraceName: string;
  readonly startTimeUnixNano: bigint;
  readonly durationMs: number;
  /** The first of `spanSets`, for old clients. */
  readonly spanSet?: TempoSpanSet;
  readonly spanSets: readonly TempoSpanSet[];
  readonly serviceStats: ReadonlyMap<string, { readonly spanCount: number; readonly errorCount: number }>;
}

/** Of searches and metrics; cumulative in a stream. */
export interface TempoSearchMetrics {
  readonly inspectedTraces?: number;
  readonly inspectedBytes?: bigint;
  readonly completedJobs?: number;
  readonly totalJobs?: number;
  readonly inspectedSpans?: bigint;
}

export interface TempoSearchResponse {
  readonly traces: readonly TempoTrace[];
  readonly metrics: TempoSearchMetrics;
}

export interface TempoMetadataMetrics {
  readonly inspectedBytes?: bigint;
  readonly totalJobs?: number;
  readonly completedJobs?: number;
}

export interface TempoTagsResponse {
  readonly tagNames: readonly string[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagsV2Response {
  readonly scopes: readonly { readonly name: string; readonly tags: readonly string[] }[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagValuesResponse {
  readonly tagValues: readonly string[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoTagValue {
  readonly type: 'string' | 'int' | 'float' | 'bool' | 'duration' | 'keyword';
  readonly value: string;
}

export interface TempoTagValuesV2Response {
  readonly tagValues: readonly TempoTagValue[];
  readonly metrics: TempoMetadataMetrics;
}

export interface TempoSample {
  readonly timestampMs: bigint;
  readonly value: number;
}

export interface TempoExemplar {
  readonly labels: readonly TempoKeyValue[];
  readonly value: number;
  readonly timestampMs: bigint;
}

export interface TempoSeries {
  readonly labels: readonly TempoKeyValue[];
  readonly samples: readonly TempoSample[];
  readonly exemplars: readonly TempoExemplar[];
}

export const TEMPO_COMPLETE = 0;
export const TEMPO_PARTIAL = 1;

export interface TempoQueryRangeResponse {
  readonly series: readonly TempoSeries[];
  readonly metrics: TempoSearchMetrics;
  readonly status: number;
  readonly message: string;
}

export interface TempoQueryInstantResponse {
  readonly series: readonly { readonly labels: readonly TempoKeyValue[]; readonly value: number }[];
  readonly metrics: TempoSearchMetrics;
  readonly status: number;
  readonly message: string;
}

const one = (number: number, type: FieldType) => ({ number, type });
const many = (number: number, type: FieldType) => ({ number, type, repeated: true as const });

const KEY_VALUE: MessageShape = { fields: { key: one(1, 'string'), value: one(2, 'any-value') } };
const SPAN: MessageShape = {
  fields: {
    spanID: one(1, 'string'),
    name: one(2, 'string'),
    startTimeUnixNano: one(3, 'uint64'),
    durationNanos: one(4, 'uint64'),
    attributes: many(5, KEY_VALUE),
  },
};
const SPAN_SET: MessageShape = {
  fields: { spans: many(1, SPAN), matched: one(2, 'uint32'), attributes: many(3, KEY_VALUE) },
};
const SERVICE_STATS: MessageShape = { fields: { spanCount: one(1, 'uint32'), errorCount: one(2, 'uint32') } };
export const TRACE_SHAPE: MessageShape = {
  fields: {
    traceID: one(1, 'string'),
    rootServiceName: one(2, 'string'),
    rootTraceName: one(3, 'string'),
    startTimeUnixNano: one(4, 'uint64'),
    durationMs: one(5, 'uint32'),
    spanSet: one(6, SPAN_SET),
    spanSets: many(7, SPAN_SET),
    serviceStats: one(8, { valuesOf: SERVICE_STATS }),
  },
};
const SEARCH_METRICS: MessageShape = {
  fields: {
    inspectedTraces: one(1, 'uint32'),
    inspectedBytes: one(2, 'uint64'),
    completedJobs: one(4, 'uint32'),
    totalJobs: one(5, 'uint32'),
    inspectedSpans: one(7, 'uint64'),
  },
};
const METADATA_METRICS: MessageShape = {
  fields: { inspectedBytes: one(1, 'uint64'), totalJobs: one(2, 'uint32'), completedJobs: one(3, 'uint32') },
};
const SCOPE_TAGS: MessageShape = { fields: { name: one(1, 'string'), tags: many(2, 'string') } };
const TAG_VALUE: MessageShape = { fields: { type: one(1, 'string'), value: one(2, 'string') } };
const SAMPLE: MessageShape = { fields: { value: one(1, 'double'), timestampMs: one(2, 'int64') } };
const EXEMPLAR: MessageShape = {
  fields: { labels: many(1, KEY_VALUE), value: one(2, 'double'), timestampMs: one(3, 'int64') },
};
export const SERIES_SHAPE: MessageShape = {
  fields: { labels: many(1, KEY_VALUE), samples: many(2, SAMPLE), exemplars: many(4, EXEMPLAR) },
};
export const INSTANT_SERIES_SHAPE: MessageShape = { fields: { labels: many(1, KEY_VALUE), value: one(2, 'double') } };
const STATUS = one(3, { names: ['COMPLETE', 'PARTIAL'] });

export const SEARCH_RESPONSE: MessageShape = {
  fields: { traces: many(1, TRACE_SHAPE), metrics: one(2, SEARCH_METRICS) },
};
export const TAGS_RESPONSE: MessageShape = {
  fields: { tagNames: many(1, 'string'), metrics: one(2, METADATA_METRICS) },
};
export const TAGS_V2_RESPONSE: MessageShape = {
  fields: { scopes: many(1, SCOPE_TAGS), metrics: one(2, METADATA_METRICS) },
};
export const TAG_VALUES_RESPONSE: MessageShape = {
  fields: { tagValues: many(1, 'string'), metrics: one(2, METADATA_METRICS) },
};
export const TAG_VALUES_V2_RESPONSE: MessageShape = {
  fields: { tagValues: many(1, TAG_VALUE), metrics: one(2, METADATA_METRICS) },
};
export const QUERY_RANGE_RESPONSE: MessageShape = {
  fields: {
    series: many(1, SERIES_SHAPE),
    metrics: one(2, SEARCH_METRICS),
    status: STATUS,
    message: one(4, 'string'),
  },
};
export const QUERY_INSTANT_RESPONSE: MessageShape = {
  fields: {
    series: many(1, INSTANT_SERIES_SHAPE),
    metrics: one(2, SEARCH_METRICS),
    status: STATUS,
    message: one(4, 'string'),
  },
};

export const SEARCH_REQUEST: MessageShape = {
  fields: {
    Tags: one(1, { valuesOf: 'string' }),
    MinDurationMs: one(2, 'uint32'),
    MaxDurationMs: one(3, 'uint32'),
    Limit: one(4, 'uint32'),
    start: one(5, 'uint32'),
    end: one(6, 'uint32'),
    Query: one(8, 'string'),
    SpansPerSpanSet: one(9, 'uint32'),
  },
};
export const TAGS_REQUEST: MessageShape = {
  fields: {
    scope: one(1, 'string'),
    query: one(2, 'string'),
    start: one(3, 'uint32'),
    end: one(4, 'uint32'),
    maxTagsPerScope: one(5, 'uint32'),
  },
};
export const TAG_VALUES_REQUEST: MessageShape = {
  fields: {
    tagName: one(1, 'string'),
    query: one(2, 'string'),
    start: one(4, 'uint32'),
    end: one(5, 'uint32'),
    maxTagValues: one(6, 'uint32'),
  },
};
export const QUERY_RANGE_REQUEST: MessageShape = {
  fields: {
    query: one(1, 'string'),
    start: one(2, 'uint64'),
    end: one(3, 'uint64'),
    step: one(4, 'uint64'),
    exemplars: one(16, 'uint32'),
    maxSeries: one(17, 'uint32'),
    instant: one(18, 'bool'),
  },
};
export const QUERY_INSTANT_REQUEST: MessageShape = {
  fields: { query: one(1, 'string'), start: one(2, 'uint64'), end: one(3, 'uint64') },
};
