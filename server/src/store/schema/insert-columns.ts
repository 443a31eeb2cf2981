import { SEPARATE_COLUMNS } from './events-and-links-columns.ts';

/** Columns of a block of spans before schema step 8; later ones have 38. */
const COLUMNS_BEFORE_STEP_8 = 47;

/**
 * Of a block of spans, as the encoder writes them since step 8: all that are stored. `*` in their place is refused where blocks
 * of both forms come together (ClickHouse 26.7).
 */
const STORED = [
  ...['tenant', 'retention_days', 'day', 'received', 'trace_id', 'span_id', 'parent_span_id', 'trace_state', 'flags'],
  ...['service', 'name', 'kind', 'start', 'duration', 'status', 'status_message', 'resource_id', 'scope_id'],
  ...['dropped_attributes_count', 'dropped_events_count', 'dropped_links_count'],
  ...['http_request_method', 'http_route', 'http_response_status_code', 'url_path', 'url_full', 'server_address'],
  ...['user_id', 'db_system_name', 'db_operation_name', 'db_query_text', 'messaging_destination_name'],
  ...['attributes_string', 'attributes_int', 'attributes_double', 'attributes_bool', 'attributes_other'],
  'events_and_links',
];
const WITH_SEPARATE = `(${[...STORED, ...Object.keys(SEPARATE_COLUMNS)].join(', ')})`;

/**
 * What stands behind the table in an insert of these blocks: nothing, or the names of columns if some are of before
 * schema step 8, whose events and links are worked into the column of today.
 * @param chunks Native blocks, of one form each; they begin with the number of their columns.
 */
export function insertColumns(table: string, chunks: readonly Uint8Array[]): string {
  const isOfSpans = table === 'spans' || table.endsWith('.spans');
  return isOfSpans && chunks.some((chunk) => chunk[0] === COLUMNS_BEFORE_STEP_8) ? ` ${WITH_SEPARATE}` : '';
}
