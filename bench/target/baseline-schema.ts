/**
 * The table that most people have who keep OpenTelemetry traces in ClickHouse: columns, types, codecs, indexes and
 * sort key as the OpenTelemetry Collector's ClickHouse exporter makes them by default, in our own words.
 */
const CODEC = 'CODEC(ZSTD(1))';
const NAME = `LowCardinality(String) ${CODEC}`;
const TEXT_MAP = 'Map(LowCardinality(String), String)';

/** What a ClickHouse server does by itself, where the engine of this program is set up otherwise. */
const SERVER_DEFAULTS =
  'index_granularity = 8192, index_granularity_bytes = 10485760, min_compress_block_size = 65536, ' +
  'max_compress_block_size = 1048576';

export const BASELINE_TABLES = ['otel_traces', 'otel_traces_trace_id_ts'];

export const BASELINE_SCHEMA = [
  `CREATE TABLE otel_traces
(
    Timestamp DateTime64(9) CODEC(Delta, ZSTD(1)),
    TraceId String ${CODEC},
    SpanId String ${CODEC},
    ParentSpanId String ${CODEC},
    TraceState String ${CODEC},
    SpanName ${NAME},
    SpanKind ${NAME},
    ServiceName ${NAME},
    ResourceAttributes ${TEXT_MAP} ${CODEC},
    ScopeName String ${CODEC},
    ScopeVersion String ${CODEC},
    SpanAttributes ${TEXT_MAP} ${CODEC},
    Duration UInt64 ${CODEC},
    StatusCode ${NAME},
    StatusMessage String ${CODEC},
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes ${TEXT_MAP}) ${CODEC},
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes ${TEXT_MAP}) ${CODEC},
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX idx_res_attr_key mapKeys(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_res_attr_value mapValues(ResourceAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attr_key mapKeys(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_span_attr_value mapValues(SpanAttributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX idx_duration Duration TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(Timestamp)
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))
SETTINGS ${SERVER_DEFAULTS}, ttl_only_drop_parts = 1`,
  `CREATE TABLE otel_traces_trace_id_ts
(
    TraceId String ${CODEC},
    Start DateTime CODEC(Delta, ZSTD(1)),
    End DateTime CODEC(Delta, ZSTD(1)),
    INDEX idx_trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toDate(Start)
ORDER BY (TraceId, Start)
SETTINGS ${SERVER_DEFAULTS}, ttl_only_drop_parts = 1`,
  `CREATE MATERIALIZED VIEW otel_traces_trace_id_ts_mv TO otel_traces_trace_id_ts AS
SELECT TraceId, min(Timestamp) AS Start, max(Timestamp) AS End FROM otel_traces WHERE TraceId != '' GROUP BY TraceId`,
];
