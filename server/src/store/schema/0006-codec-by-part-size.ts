import type { Migration } from './migration.ts';

/** Columns of spans whose bytes are only compressed. span_id stays as it is: random bytes do not get smaller. */
const PLAIN = [
  ...[
    'tenant',
    'retention_days',
    'day',
    'trace_id',
    'parent_span_id',
    'trace_state',
    'flags',
    'service',
    'name',
    'kind',
  ],
  ...['duration', 'status', 'status_message', 'resource_id', 'scope_id'],
  ...['dropped_attributes_count', 'dropped_events_count', 'dropped_links_count'],
  ...['http_request_method', 'http_route', 'http_response_status_code', 'url_path', 'url_full', 'server_address'],
  ...['user_id', 'db_system_name', 'db_operation_name', 'db_query_text', 'messaging_destination_name'],
  ...['attributes_string', 'attributes_int', 'attributes_double', 'attributes_bool', 'attributes_other'],
  ...['event_time', 'event_name', 'event_dropped_attributes_count', 'event_attributes'],
  ...['link_trace_id', 'link_span_id', 'link_trace_state', 'link_flags', 'link_dropped_attributes_count'],
  'link_attributes',
];

/**
 * The compression of spans becomes that of the engine, which goes by the size of a part (engine/engine-config.ts): what an
 * insert writes and the first merge reads again is LZ4, which is cheaper to make; what stays is ZSTD as before. Parts
 * that are there keep theirs. On servers of one's own, whose default is LZ4 for every part, it stays ZSTD(1)
 * (`server-codecs.ts`).
 */
const SPANS = `
ALTER TABLE {database}.spans
    MODIFY COLUMN received CODEC(Delta(4), Default),
    MODIFY COLUMN start CODEC(Delta(8), Default),
${PLAIN.map((column) => `    MODIFY COLUMN ${column} CODEC(Default)`).join(',\n')}`;

/** One row of these is looked up at a time: blocks that are quick to read, whatever the size of the part. */
const TRACE_TIMES = `
ALTER TABLE {database}.trace_times
    MODIFY COLUMN tenant CODEC(LZ4),
    MODIFY COLUMN trace_id CODEC(LZ4),
    MODIFY COLUMN retention_days CODEC(LZ4),
    MODIFY COLUMN day CODEC(LZ4),
    MODIFY COLUMN first_start_unix_nano CODEC(LZ4),
    MODIFY COLUMN last_start_unix_nano CODEC(LZ4),
    MODIFY COLUMN last_end_unix_nano CODEC(LZ4)`;

export const CODEC_BY_PART_SIZE_MIGRATION: Migration = {
  version: 6,
  name: 'codec-by-part-size',
  statements: [SPANS, TRACE_TIMES],
};
