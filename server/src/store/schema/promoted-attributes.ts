/**
 * Span attributes with a column of their own: measured 5 to 15 times cheaper to search than in a map.
 * Only the exact key with the named type and a non-default value is promoted; everything else stays in the
 * typed maps, so that reading back is exact. The encoder and the SQL compiler both read this table.
 */
export interface PromotedAttribute {
  readonly key: string;
  readonly column: string;
  readonly columnType: 'LowCardinality(String)' | 'String' | 'UInt16';
}

export const PROMOTED_ATTRIBUTES: readonly PromotedAttribute[] = [
  { key: 'http.request.method', column: 'http_request_method', columnType: 'LowCardinality(String)' },
  { key: 'http.route', column: 'http_route', columnType: 'LowCardinality(String)' },
  { key: 'http.response.status_code', column: 'http_response_status_code', columnType: 'UInt16' },
  { key: 'url.path', column: 'url_path', columnType: 'String' },
  { key: 'url.full', column: 'url_full', columnType: 'String' },
  { key: 'server.address', column: 'server_address', columnType: 'LowCardinality(String)' },
  { key: 'user.id', column: 'user_id', columnType: 'String' },
  { key: 'db.system.name', column: 'db_system_name', columnType: 'LowCardinality(String)' },
  { key: 'db.operation.name', column: 'db_operation_name', columnType: 'LowCardinality(String)' },
  { key: 'db.query.text', column: 'db_query_text', columnType: 'String' },
  { key: 'messaging.destination.name', column: 'messaging_destination_name', columnType: 'LowCardinality(String)' },
];
