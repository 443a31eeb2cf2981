import { buildTraceColumns } from '@clew/analysis';
import type { TraceColumns, TraceId } from '@clew/model';
import { EVENT_COUNT_SQL, LINK_COUNT_SQL } from '../sql/events-and-links.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { SpanArrays } from './span-arrays.ts';
import type { StatementRunner } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces, type TraceBounds } from './trace-bounds.ts';

/** What SpanArrays reads. */
export const TRACE_COLUMNS_SQL = [
  ...['span_id', 'parent_span_id', 'service', 'name', 'start', 'duration', 'kind', 'status'],
  ...[`${EVENT_COUNT_SQL} AS event_count`, `${LINK_COUNT_SQL} AS link_count`],
].join(', ');

/**
 * A trace as columns: blocks are copied into flat arrays, no object per span. Beyond `maxTraceSpans` the earliest
 * spans are kept and the others counted.
 */
export async function loadTraceColumns(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
): Promise<TraceColumns | undefined> {
  const bounds = await loadTraceBounds(runner, tenant, [traceId]);
  if (bounds === undefined) return undefined;
  const most = runner.limits.maxTraceSpans;
  const spans = new SpanArrays(most);
  // One more than may be kept tells whether there are more.
  for await (const block of runner.blocks(spansStatement(tenant, traceId, bounds, 'LIMIT', most + 1), {}, 'trace')) {
    spans.add(block);
  }
  if (spans.seen === 0) return undefined;
  if (spans.seen <= most) return buildTraceColumns(spans.unordered(traceId, spans.seen));
  return loadEarliest(runner, tenant, traceId, bounds);
}

/** Only a cut needs the engine's order: the earliest spans are the ones to keep. */
async function loadEarliest(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
): Promise<TraceColumns> {
  const most = runner.limits.maxTraceSpans;
  const stored = await countSpans(runner, tenant, traceId, bounds);
  const spans = new SpanArrays(most);
  const statement = spansStatement(tenant, traceId, bounds, 'ORDER BY start, span_id LIMIT', most);
  for await (const block of runner.blocks(statement, {}, 'earliest spans')) spans.add(block);
  return buildTraceColumns(spans.unordered(traceId, stored));
}

function spansStatement(
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
  order: string,
  count: number,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = spansOfTraces(scope, [traceId], bounds);
  return scope.statement(`SELECT ${TRACE_COLUMNS_SQL} ${source} ${order} ${parameters.uint64(count)}`);
}

async function countSpans(
  runner: StatementRunner,
  tenant: string,
  traceId: TraceId,
  bounds: TraceBounds,
): Promise<number> {
  const scope = new TenantScope(tenant);
  const source = spansOfTraces(scope, [traceId], bounds);
  const rows = await runner.rows<{ spans: string }>(scope.statement(`SELECT toString(count()) AS spans ${source}`));
  return Number(rows[0]?.spans ?? 0);
}
