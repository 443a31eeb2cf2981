import type { StoreClient } from '../../server/src/store/client.ts';
import type { QueryApi } from './query-api.ts';

/**
 * The baseline's tables, asked as dashboards ask them: a trace with its time range from the side table, a search for
 * the newest spans that match, one row a trace. The answer stays in SQL: nothing is put together for a UI.
 */
export function createExporterSchemaQuery(client: StoreClient): QueryApi {
  return {
    async countTraceSpans(traceId) {
      const sql = `WITH
          (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = {traceId:String}) AS first,
          (SELECT max(End) + 1 FROM otel_traces_trace_id_ts WHERE TraceId = {traceId:String}) AS last
        SELECT * FROM otel_traces WHERE TraceId = {traceId:String} AND Timestamp >= first AND Timestamp <= last`;
      return (await client.selectJson(sql, { traceId })).rows.length;
    },
    async search({ service, minDurationMs, attribute, startUnixMs, endUnixMs, limit }) {
      const conditions = ['Timestamp >= fromUnixTimestamp64Milli({start:Int64})'];
      conditions.push('Timestamp < fromUnixTimestamp64Milli({end:Int64})');
      if (service !== undefined) conditions.push('ServiceName = {service:String}');
      if (minDurationMs !== undefined) conditions.push('Duration > {minDuration:UInt64}');
      if (attribute !== undefined) conditions.push('SpanAttributes[{key:String}] = {value:String}');
      const sql = `SELECT TraceId AS traceId FROM otel_traces WHERE ${conditions.join(' AND ')}
        ORDER BY Timestamp DESC LIMIT 1 BY TraceId LIMIT {limit:UInt32}`;
      const { rows } = await client.selectJson<{ traceId: string }>(sql, {
        start: BigInt(Math.floor(startUnixMs)),
        end: BigInt(Math.ceil(endUnixMs)),
        service: service ?? '',
        minDuration: BigInt(Math.round((minDurationMs ?? 0) * 1e6)),
        key: attribute?.key ?? '',
        value: attribute?.value ?? '',
        limit,
      });
      return rows.map(({ traceId }) => traceId);
    },
  };
}
