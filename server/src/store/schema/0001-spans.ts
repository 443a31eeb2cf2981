import type { Migration } from './migration.ts';

const RESOURCES = `
CREATE TABLE IF NOT EXISTS {database}.resources
(
    tenant LowCardinality(String),
    id UInt64,
    day Date,
    service LowCardinality(String),
    attributes_string Map(LowCardinality(String), String),
    attributes_int Map(LowCardinality(String), Int64),
    attributes_double Map(LowCardinality(String), Float64),
    attributes_bool Map(LowCardinality(String), Bool),
    attributes_other Map(LowCardinality(String), String),
    dropped_attributes_count UInt32,
    schema_url LowCardinality(String)
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(day)
ORDER BY (tenant, id, day)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

const SCOPES = `
CREATE TABLE IF NOT EXISTS {database}.scopes
(
    tenant LowCardinality(String),
    id UInt64,
    day Date,
    name LowCardinality(String),
    version LowCardinality(String),
    attributes_string Map(LowCardinality(String), String),
    attributes_int Map(LowCardinality(String), Int64),
    attributes_double Map(LowCardinality(String), Float64),
    attributes_bool Map(LowCardinality(String), Bool),
    attributes_other Map(LowCardinality(String), String),
    dropped_attributes_count UInt32,
    schema_url LowCardinality(String)
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(day)
ORDER BY (tenant, id, day)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

/** Which operations a service has: the catalogue behind pickers and completion. */
const OPERATIONS = `
CREATE TABLE IF NOT EXISTS {database}.operations
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    name LowCardinality(String),
    -- As sent: OTLP enums are open.
    kind Int32,
    day Date
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(day)
ORDER BY (tenant, service, name, kind, day)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

/** Which attribute keys exist, where and with which type. type: OTLP AnyValue field number. */
const ATTRIBUTE_KEYS = `
CREATE TABLE IF NOT EXISTS {database}.attribute_keys
(
    tenant LowCardinality(String),
    scope Enum8('span' = 1, 'resource' = 2, 'event' = 3, 'link' = 4, 'instrumentation' = 5),
    key LowCardinality(String),
    type UInt8,
    day Date
)
ENGINE = ReplacingMergeTree
PARTITION BY toMonday(day)
ORDER BY (tenant, scope, key, type, day)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

const SPANS = `
CREATE TABLE IF NOT EXISTS {database}.spans
(
    tenant LowCardinality(String) CODEC(ZSTD(1)),
    -- Retention class: days to keep, 0 = no limit. In the partition key from the start, since a partition key can not
    -- be changed later; whole partitions are dropped when their time is over.
    retention_days UInt16 CODEC(ZSTD(1)),
    -- Partition: the day of the start where that is plausible, else the day of reception (see encode/day.ts).
    day Date CODEC(ZSTD(1)),
    received DateTime CODEC(Delta(4), ZSTD(1)),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    span_id FixedString(8) CODEC(NONE),
    parent_span_id FixedString(8) CODEC(ZSTD(1)),
    trace_state String CODEC(ZSTD(1)),
    flags UInt32 CODEC(ZSTD(1)),
    service LowCardinality(String) CODEC(ZSTD(1)),
    name LowCardinality(String) CODEC(ZSTD(1)),
    kind Int32 CODEC(ZSTD(1)),
    -- The 64 bits as sent; negative stands for times after 2262.
    start DateTime64(9) CODEC(Delta(8), ZSTD(1)),
    -- end - start, wrapping: end is exact.
    duration Int64 CODEC(ZSTD(1)),
    status Int32 CODEC(ZSTD(1)),
    status_message String CODEC(ZSTD(1)),
    resource_id UInt64 CODEC(ZSTD(1)),
    scope_id UInt64 CODEC(ZSTD(1)),
    dropped_attributes_count UInt32 CODEC(ZSTD(1)),
    dropped_events_count UInt32 CODEC(ZSTD(1)),
    dropped_links_count UInt32 CODEC(ZSTD(1)),
    -- Promoted attributes: see promoted-attributes.ts. Empty or 0 means "not promoted", then look in the maps.
    http_request_method LowCardinality(String) CODEC(ZSTD(1)),
    http_route LowCardinality(String) CODEC(ZSTD(1)),
    http_response_status_code UInt16 CODEC(ZSTD(1)),
    url_path String CODEC(ZSTD(1)),
    url_full String CODEC(ZSTD(1)),
    server_address LowCardinality(String) CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    db_system_name LowCardinality(String) CODEC(ZSTD(1)),
    db_operation_name LowCardinality(String) CODEC(ZSTD(1)),
    db_query_text String CODEC(ZSTD(1)),
    messaging_destination_name LowCardinality(String) CODEC(ZSTD(1)),
    attributes_string Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    attributes_int Map(LowCardinality(String), Int64) CODEC(ZSTD(1)),
    attributes_double Map(LowCardinality(String), Float64) CODEC(ZSTD(1)),
    attributes_bool Map(LowCardinality(String), Bool) CODEC(ZSTD(1)),
    -- Arrays, maps, bytes and empty values: the protobuf bytes of the OTLP AnyValue.
    attributes_other Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    event_time Array(DateTime64(9)) CODEC(ZSTD(1)),
    event_name Array(LowCardinality(String)) CODEC(ZSTD(1)),
    event_dropped_attributes_count Array(UInt32) CODEC(ZSTD(1)),
    -- Values of event and link attributes carry their type as first byte (see tagged-value.ts).
    event_attributes Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    link_trace_id Array(FixedString(16)) CODEC(ZSTD(1)),
    link_span_id Array(FixedString(8)) CODEC(ZSTD(1)),
    link_trace_state Array(String) CODEC(ZSTD(1)),
    link_flags Array(UInt32) CODEC(ZSTD(1)),
    link_dropped_attributes_count Array(UInt32) CODEC(ZSTD(1)),
    link_attributes Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    INDEX trace_id_bloom trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX start_minmax start TYPE minmax GRANULARITY 1,
    INDEX attribute_value_bloom mapValues(attributes_string) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_id_bloom user_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY (retention_days, day)
-- 5-minute buckets of the signed nanoseconds: monotone over all 64 bits, which toStartOfFiveMinutes is not (it wraps
-- before 1970 and after 2106). Repeat the expression in predicates to prune by it (see start-bucket.ts).
ORDER BY (tenant, service, intDiv(toUnixTimestamp64Nano(start), 300000000000), name, start)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

/** When a trace happened, so that reading it by id prunes by time. One row a trace and partition after merges. */
const TRACE_TIMES = `
CREATE TABLE IF NOT EXISTS {database}.trace_times
(
    tenant LowCardinality(String),
    trace_id FixedString(16),
    retention_days UInt16,
    day Date,
    -- Signed nanoseconds since 1970, not DateTime64: ClickHouse 26.7 orders those as unsigned once it has compiled
    -- the aggregation, and spans sent with times beyond 2262 are negative.
    first_start_unix_nano SimpleAggregateFunction(min, Int64),
    last_start_unix_nano SimpleAggregateFunction(max, Int64),
    last_end_unix_nano SimpleAggregateFunction(max, Int64)
)
ENGINE = AggregatingMergeTree
PARTITION BY (retention_days, day)
ORDER BY (tenant, trace_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

const TRACE_TIMES_FROM_SPANS = `
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.trace_times_from_spans TO {database}.trace_times AS
SELECT
    tenant,
    trace_id,
    retention_days,
    day,
    min(toUnixTimestamp64Nano(start)) AS first_start_unix_nano,
    max(toUnixTimestamp64Nano(start)) AS last_start_unix_nano,
    -- Wraps like the encoder; addNanoseconds would throw on a hostile duration and fail the insert for good.
    max(toUnixTimestamp64Nano(start) + duration) AS last_end_unix_nano
FROM {database}.spans
GROUP BY tenant, trace_id, retention_days, day`;

/** Spans and what they refer to. The choices and their measurements: docs/adr/0003-schema.md. */
export const SPANS_MIGRATION: Migration = {
  version: 1,
  name: 'spans',
  statements: [RESOURCES, SCOPES, OPERATIONS, ATTRIBUTE_KEYS, SPANS, TRACE_TIMES, TRACE_TIMES_FROM_SPANS],
};
