import type { TraceId } from '@clew/model';
import type { ReceivedTrace, ReceivedTraces, ReceivedTracesRequest } from '../../span-store.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import type { StatementRunner } from '../statement-runner.ts';

interface ReceivedRow {
  readonly id: string;
  readonly newest: string;
  readonly lastReceived: number;
  readonly spans: string;
  readonly total: string;
}

/**
 * Traces that spans were received of since a second, the latest first. The range of starts is what keeps this cheap:
 * time of reception is no part of the sort key.
 */
export async function loadReceivedTraces(
  runner: StatementRunner,
  tenant: string,
  { condition, range, sinceUnixSeconds, limit }: ReceivedTracesRequest,
): Promise<ReceivedTraces> {
  const types = await loadAttributeTypes(runner, tenant, condition);
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = scope.from('spans', [
    startInRange(range, parameters),
    `received >= toDateTime(${parameters.int64(BigInt(sinceUnixSeconds))})`,
    compileFilter(condition, { scope, range, types }),
  ]);
  const rows = await runner.rows<ReceivedRow>(
    scope.statement(
      'SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest, ' +
        'toUnixTimestamp(max(received)) AS lastReceived, toString(count()) AS spans, ' +
        `toString(count() OVER ()) AS total ${source} GROUP BY trace_id ` +
        `ORDER BY max(received) DESC, max(start) DESC, trace_id DESC LIMIT ${parameters.uint64(limit)}`,
    ),
    {},
    'traces that spans were received of',
  );
  return { traces: rows.map(receivedTrace), traceCount: Number(rows[0]?.total ?? 0) };
}

function receivedTrace({ id, newest, lastReceived, spans }: ReceivedRow): ReceivedTrace {
  return {
    traceId: id as TraceId,
    newestMatchUnixNano: BigInt(newest),
    receivedUnixSeconds: lastReceived,
    spanCount: Number(spans),
  };
}
