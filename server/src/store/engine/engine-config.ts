/**
 * The engine's configuration file. Nothing is left to its defaults that grows with the machine (they are sized for a
 * server of its own: 90 % of the memory, 5 GB of mark cache) or that writes by itself (the system.*_log tables).
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  DEFAULT_QUERY_SECONDS,
  MAX_QUERY_THREADS,
  MAX_STATEMENT_BYTES,
  QUERY_CONNECTIONS,
  QUERY_MEMORY_SHARE,
} from './engine-limits.ts';

const MIB = 1024 * 1024;

/** Every log table that this engine's version knows. */
const SYSTEM_LOGS = [
  'asynchronous_insert_log',
  'asynchronous_metric_log',
  'aggregated_zookeeper_log',
  'background_schedule_pool_log',
  'backup_log',
  'blob_storage_log',
  'crash_log',
  'dead_letter_queue',
  'delta_lake_metadata_log',
  'error_log',
  'filesystem_cache_log',
  'filesystem_read_prefetches_log',
  'iceberg_metadata_log',
  'latency_log',
  'metric_log',
  'opentelemetry_span_log',
  'part_log',
  'processors_profile_log',
  'query_log',
  'query_metric_log',
  'query_thread_log',
  'query_views_log',
  's3queue_log',
  'azure_queue_log',
  'session_log',
  'text_log',
  'trace_log',
  'transactions_info_log',
  'transposed_metric_log',
  'zookeeper_connection_log',
  'zookeeper_log',
] as const;

/** Of a part's rows, uncompressed: what is read at least to have one row. The tables do not say, so this counts. */
const GRANULE_BYTES = 2 * MIB;
/** Of a column's bytes that are compressed, and for one row decompressed, together. */
const MIN_COMPRESS_BLOCK_BYTES = 16 * 1024;
const MAX_COMPRESS_BLOCK_BYTES = 128 * 1024;

/** Of the parts a merge reads, compressed: what it makes of more is ZSTD, of less, and every insert, LZ4. */
export const MIN_ZSTD_PART_BYTES = 32 * MIB;

/**
 * What a merge reads at once of a file. The columns of an insert's part lie granule by granule in one file, and each is read by
 * itself: with the default of 128 KiB a merge reads the file twenty times over (docs/internals/write-path.md).
 */
const MERGE_READ_BYTES = 16 * 1024;
/** Of statements, the engine's default: they read few columns of large parts. */
const QUERY_READ_BYTES = 128 * 1024;

/**
 * Writes the engine's configuration to `configPath`, and what only a profile of users can set beside it: settings of
 * connections do not hold for merges.
 * @param memoryLimitBytes what the engine may allocate in all.
 */
export function writeEngineConfig(configPath: string, memoryLimitBytes: number): void {
  const usersPath = join(dirname(configPath), 'users.xml');
  writeFileSync(usersPath, USERS_CONFIG);
  writeFileSync(configPath, buildEngineConfig(memoryLimitBytes, usersPath));
}

const USERS_CONFIG = `<clickhouse>
    <!-- Written by Clew at every start. -->
    <profiles><default>
        <max_read_buffer_size_local_fs>${MERGE_READ_BYTES}</max_read_buffer_size_local_fs>
    </default></profiles>
    <users><default>
        <password></password>
        <networks><ip>::/0</ip></networks>
        <profile>default</profile>
        <quota>default</quota>
    </default></users>
    <quotas><default></default></quotas>
</clickhouse>
`;

function buildEngineConfig(memoryLimitBytes: number, usersPath: string): string {
  const settings: Readonly<Record<string, number | string>> = {
    max_server_memory_usage: memoryLimitBytes,
    mark_cache_size: 48 * MIB,
    index_mark_cache_size: 8 * MIB,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 8 * MIB,
    primary_index_cache_size: 32 * MIB,
    compiled_expression_cache_size: 16 * MIB,
    query_condition_cache_size: 16 * MIB,
    mmap_cache_size: 64,
    vector_similarity_index_cache_size: MIB,
    text_index_tokens_cache_size: 4 * MIB,
    text_index_header_cache_size: 4 * MIB,
    text_index_postings_cache_size: 4 * MIB,
    max_concurrent_queries: QUERY_CONNECTIONS * 2 + 8,
    max_thread_pool_size: 200,
    thread_pool_queue_size: 2_000,
    max_thread_pool_free_size: 8,
    max_io_thread_pool_size: 16,
    max_io_thread_pool_free_size: 0,
    background_pool_size: 2,
    // By default twice as many merges as threads: each holds buffers for every column of a dozen parts.
    background_merges_mutations_concurrency_ratio: 1,
    background_move_pool_size: 1,
    background_fetches_pool_size: 1,
    background_common_pool_size: 2,
    background_schedule_pool_size: 4,
    background_buffer_flush_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    asynchronous_metrics_update_period_s: 30,
    asynchronous_heavy_metrics_update_period_s: 3_600,
  };
  const lines = Object.entries(settings).map(([name, value]) => `    <${name}>${value}</${name}>`);
  const removed = SYSTEM_LOGS.map((name) => `    <${name} remove="1"/>`);
  return [
    '<clickhouse>',
    '    <!-- Written by Clew at every start. -->',
    '    <logger><level>none</level><console>0</console></logger>',
    `    <users_config>${escapeXml(usersPath)}</users_config>`,
    ...lines,
    '    <merge_tree>',
    // Else every column of a part being written has buffers of a megabyte: docs/internals/insert-memory.md.
    '        <min_columns_to_activate_adaptive_write_buffer>1</min_columns_to_activate_adaptive_write_buffer>',
    // Some 2,000 spans a granule in place of 8,192, and blocks to match: docs/internals/read-path.md.
    `        <index_granularity_bytes>${GRANULE_BYTES}</index_granularity_bytes>`,
    `        <min_compress_block_size>${MIN_COMPRESS_BLOCK_BYTES}</min_compress_block_size>`,
    `        <max_compress_block_size>${MAX_COMPRESS_BLOCK_BYTES}</max_compress_block_size>`,
    // Texts with their lengths in front, not in a stream of their own: 11 % less on disk, merges 8 % cheaper.
    '        <serialization_info_version>basic</serialization_info_version>',
    // Merges would count the different values of every column, for plans that our statements do not need.
    '        <auto_statistics_types>basic</auto_statistics_types>',
    '    </merge_tree>',
    // Columns without a codec of their own. Of an insert no size is known: it gets the default, LZ4.
    '    <compression><case>',
    `        <min_part_size>${MIN_ZSTD_PART_BYTES}</min_part_size><min_part_size_ratio>0</min_part_size_ratio>`,
    '        <method>zstd</method><level>1</level>',
    '    </case></compression>',
    ...removed,
    '</clickhouse>',
    '',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export interface ConnectionSettings {
  readonly dataPath: string;
  readonly configPath: string;
  readonly memoryLimitBytes: number;
  /** Names the connection in system.processes, so that what runs on it can be killed. */
  readonly tag: string;
}

/** Arguments of one engine connection: settings given here hold for every statement on it. */
export function connectionArguments(connection: ConnectionSettings): string[] {
  const settings: Readonly<Record<string, number | string>> = {
    log_comment: connection.tag,
    max_memory_usage: Math.floor(connection.memoryLimitBytes * QUERY_MEMORY_SHARE),
    max_execution_time: DEFAULT_QUERY_SECONDS,
    max_threads: MAX_QUERY_THREADS,
    // By default a thread for each GiB that is free: one, in a memory as small as ours.
    max_threads_min_free_memory_per_thread: 0,
    // As many granules for each thread as by default, of a size that is a fifth of the default's.
    merge_tree_min_bytes_for_concurrent_read: 24 * GRANULE_BYTES,
    max_query_size: MAX_STATEMENT_BYTES,
    max_read_buffer_size_local_fs: QUERY_READ_BYTES,
    // The least and the greatest of each column, by which reads leave out parts of other times. By default only merges write them.
    materialize_statistics_on_insert: 1,
    // A wide group or sort goes to disk before it meets the limit.
    max_bytes_before_external_group_by: Math.floor(connection.memoryLimitBytes * 0.25),
    max_bytes_before_external_sort: Math.floor(connection.memoryLimitBytes * 0.25),
    log_queries: 0,
    log_query_threads: 0,
    log_query_views: 0,
    log_processors_profiles: 0,
    log_profile_events: 0,
    query_profiler_real_time_period_ns: 0,
    query_profiler_cpu_time_period_ns: 0,
    opentelemetry_start_trace_probability: 0,
    memory_profiler_sample_probability: 0,
    // As on a ClickHouse server over HTTP: 64-bit integers keep their digits.
    output_format_json_quote_64bit_integers: 1,
  };
  return [
    `--config-file=${connection.configPath}`,
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ];
}
