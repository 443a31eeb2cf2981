import type { TraceData, TraceId } from '@clew/model';
import { FixedStringColumn } from '../../native/fixed-string-column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { TimeRange, TraceRequirement } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { loadResources, loadScopes } from '../load-catalogue.ts';
import { type GroupedSpans, resourceSpansOf, spansOf } from '../load-trace.ts';
import { SPAN_COLUMNS, SpanReader } from '../span-reader.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from '../trace-bounds.ts';

/** The year 2262: everything that is stored and can be ordered. */
const ALL_TIME: TimeRange = { fromUnixNano: 0n, toUnixNano: 2n ** 63n - 1n };

/** Number of stored spans of each of these traces of which all requirements hold. */
export async function loadSpanCounts(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
  required: readonly TraceRequirement[],
  types: AttributeTypes,
): Promise<ReadonlyMap<TraceId, number>> {
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return new Map();
  const scope = new TenantScope(tenant);
  const source = spansOfTraces(scope, traceIds, bounds);
  const context = { scope, range: ALL_TIME, traceIds, types };
  const conditions = required.map(({ condition, atLeast }) => {
    return `countIf(${compileBounds(condition, context).sql}) >= ${scope.parameters.uint64(atLeast)}`;
  });
  const having = conditions.length === 0 ? '' : ` HAVING ${conditions.join(' AND ')}`;
  const rows = await runner.rows<{ id: string; spans: string }>(
    scope.statement(
      `SELECT lower(hex(trace_id)) AS id, toString(count()) AS spans ${source} GROUP BY trace_id${having}`,
    ),
    {},
    'sizes of candidate traces',
  );
  return new Map(rows.map(({ id, spans }) => [id as TraceId, Number(spans)]));
}

/** All spans of these traces, as objects (about 2 kB each): the caller bounds their number. */
export async function loadWholeTraces(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceData>> {
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return new Map();
  const scope = new TenantScope(tenant);
  const source = spansOfTraces(scope, traceIds, bounds);
  const statement = scope.statement(`SELECT ${SPAN_COLUMNS.join(', ')} ${source}`);
  const grouped = new Map<TraceId, GroupedSpans>();
  const resourceIds = new Set<string>();
  const scopeIds = new Set<string>();
  for await (const block of runner.blocks(statement, {}, 'candidate traces, whole')) {
    const reader = new SpanReader(block);
    const traceIdColumn = block.column('trace_id', FixedStringColumn);
    const resourceIdColumn = block.column('resource_id', Int64Column);
    const scopeIdColumn = block.column('scope_id', Int64Column);
    for (let row = 0; row < block.rowCount; row++) {
      const traceId = traceIdColumn.hex(row) as TraceId;
      const resourceId = resourceIdColumn.bigint(row).toString();
      const scopeId = scopeIdColumn.bigint(row).toString();
      resourceIds.add(resourceId);
      scopeIds.add(scopeId);
      let trace = grouped.get(traceId);
      if (trace === undefined) grouped.set(traceId, (trace = new Map()));
      spansOf(trace, resourceId, scopeId).push(reader.read(row));
    }
  }
  if (grouped.size === 0) return new Map();
  const [resources, scopes] = await Promise.all([
    loadResources(runner, tenant, [...resourceIds]),
    loadScopes(runner, tenant, [...scopeIds]),
  ]);
  return new Map(
    [...grouped].map(([traceId, trace]): [TraceId, TraceData] => [
      traceId,
      { resourceSpans: [...trace].map(([id, spans]) => resourceSpansOf(resources.get(id), spans, scopes)) },
    ]),
  );
}
