import type { Migration } from './migration.ts';

/** As in sql/span-weight.ts; written out, since a step of the schema that has been released is never changed. */
const SPAN_WEIGHT =
  "if(trace_state = '', 1., toFloat64(72057594037927936) / toFloat64(72057594037927936 - reinterpretAsUInt64(reverse(" +
  "unhex(concat('00', rpad(extract(trace_state, " +
  "'(?:^|,)[ \\\\t]*ot=(?:[^,;]*;)*th:([0-9a-f]{1,14})[ \\\\t]*(?:[;,]|$)'), 14, '0')))))))";

/**
 * Sums of spans a minute, by what is cheap to tell apart: what metrics over long ranges read in place of the spans.
 * A histogram of durations as a further key would be dear: ten thousand rows an insert in place of two.
 */
const SPAN_MINUTES = `
CREATE TABLE IF NOT EXISTS {database}.span_minutes
(
    tenant LowCardinality(String),
    retention_days UInt16,
    -- As of the spans, so that both are dropped together.
    day Date,
    -- End of the minute, in minutes since 1970: starts with minute - 1 < start <= minute. 0 for starts at or before 1970.
    minute UInt32 CODEC(Delta(4), ZSTD(1)),
    service LowCardinality(String),
    name LowCardinality(String),
    kind Int32,
    status Int32,
    is_root UInt8,
    spans SimpleAggregateFunction(sum, UInt64),
    -- Of these with a weight of more than one.
    sampled SimpleAggregateFunction(sum, UInt64),
    weight SimpleAggregateFunction(sum, Float64),
    -- Nanoseconds. Sums as doubles: of 64-bit numbers they would wrap.
    duration_sum SimpleAggregateFunction(sum, Float64),
    duration_weighted SimpleAggregateFunction(sum, Float64),
    duration_min SimpleAggregateFunction(min, Int64),
    duration_max SimpleAggregateFunction(max, Int64)
)
ENGINE = AggregatingMergeTree
PARTITION BY (retention_days, day)
ORDER BY (tenant, minute, service, name, kind, status, is_root)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
    merge_selector_base = 12`;

const SPAN_MINUTES_FROM_SPANS = `
CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.span_minutes_from_spans TO {database}.span_minutes AS
SELECT
    tenant,
    retention_days,
    day,
    toUInt32(if(toUnixTimestamp64Nano(start) > 0, intDiv(toUnixTimestamp64Nano(start) - 1, 60000000000) + 1, 0)) AS minute,
    service,
    name,
    kind,
    status,
    parent_span_id = toFixedString('', 8) AS is_root,
    count() AS spans,
    countIf((${SPAN_WEIGHT} AS span_weight) > 1) AS sampled,
    sum(span_weight) AS weight,
    sum(toFloat64(duration)) AS duration_sum,
    sum(span_weight * toFloat64(duration)) AS duration_weighted,
    min(duration) AS duration_min,
    max(duration) AS duration_max
FROM {database}.spans
GROUP BY tenant, retention_days, day, minute, service, name, kind, status, is_root`;

/** Up to which start there may be spans that were stored before the view was there: the minutes lack those. */
const SINCE = `
CREATE TABLE IF NOT EXISTS {database}.span_minutes_since
(
    tenant LowCardinality(String),
    newest_start_unix_nano SimpleAggregateFunction(max, Int64)
)
ENGINE = AggregatingMergeTree
ORDER BY tenant
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`;

/** After the view: what is stored between the two is in both. Run again, it only moves the bound up. */
const SINCE_NOW = `
INSERT INTO {database}.span_minutes_since (tenant, newest_start_unix_nano)
SELECT tenant, max(last_start_unix_nano) FROM {database}.trace_times GROUP BY tenant`;

export const SPAN_MINUTES_MIGRATION: Migration = {
  version: 4,
  name: 'span-minutes',
  statements: [SPAN_MINUTES, SPAN_MINUTES_FROM_SPANS, SINCE, SINCE_NOW],
};
