import type { SpanRows, SpanRowsRequest } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { compileBounds, compileFilter } from '../../sql/compile-filter.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { loadResources } from '../load-catalogue.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { loadTraceBounds, sourceOfTraces, type TraceBounds } from '../trace-bounds.ts';
import { RowBuffer, type RowValues } from './row-buffer.ts';
import { ValueColumns } from './value-columns.ts';

/** Rows in memory at once, 100 to 200 bytes each. */
export const MAX_ROWS_AT_ONCE = 500_000;
/** Fewer candidate traces are read faster than it takes to ask first which of them have what is required. */
const MIN_TRACES_TO_NARROW = 128;
/** The year 2262: everything that is stored and can be ordered. */
const ALL_TIME = { fromUnixNano: 0n, toUnixNano: 2n ** 63n - 1n };

/**
 * Spans of these traces as typed columns, in one statement; no object per span is made. Undefined when there are more
 * than MAX_ROWS_AT_ONCE.
 */
export async function loadSpanRows(
  runner: StatementRunner,
  tenant: string,
  request: SpanRowsRequest,
  types: AttributeTypes,
): Promise<SpanRows | undefined> {
  const { traceIds, columns } = request;
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return new RowBuffer(columns, NO_VALUES).finish(new Map());
  const scope = new TenantScope(tenant);
  const context: CompileContext = { scope, range: ALL_TIME, traceIds, types };
  const values: RowValues = {
    groups: columns.groups.map((expression, at) => ValueColumns.beside(`g${at}`, expression, context)),
    numbers: columns.numbers.map((expression, at) => new ValueColumns(`n${at}`, expression, context)),
    shown: (request.shown ?? []).map((expression, at) => ValueColumns.beside(`v${at}`, expression, context)),
  };
  const rows = new RowBuffer(columns, values, request.weighted === true);
  const statement = rowsStatement(request, context, bounds, values);
  for await (const block of runner.blocks(statement, {}, 'spans of candidate traces, as columns')) {
    if (rows.count + block.rowCount > MAX_ROWS_AT_ONCE) return undefined;
    rows.add(block);
  }
  return rows.finish(await loadResources(runner, tenant, rows.resourceIds()));
}

const NO_VALUES: RowValues = { groups: [], numbers: [], shown: [] };

function rowsStatement(
  { columns, traceIds, required, spanIds, weighted }: SpanRowsRequest,
  context: CompileContext,
  bounds: TraceBounds,
  { groups, numbers, shown }: RowValues,
): TenantStatement {
  const { scope } = context;
  const { parameters } = scope;
  const conditions = columns.conditions.map((condition) => compileFilter(condition, context));
  const list = [
    ...['trace_id', 'span_id', 'parent_span_id', 'start', 'duration', 'service', 'name', 'kind', 'status'],
    ...conditions.map((condition, at) => `CAST(${condition}, 'UInt8') AS c${at}`),
    ...groups.flatMap((value) => value.select()),
    ...numbers.flatMap((value) => value.select(['int', 'double'])),
    ...shown.flatMap((value) => value.select()),
    ...([...groups, ...shown].some(({ resourceKey }) => resourceKey !== undefined) ? ['resource_id'] : []),
    ...(weighted === true ? [`${SPAN_WEIGHT_SQL} AS span_weight`] : []),
  ];
  const source = sourceOfTraces(scope, traceIds, bounds);
  const where: string[] = [];
  if (!columns.needsAllSpans) where.push(conditions.map((_, at) => `c${at}`).join(' OR '));
  if (spanIds !== undefined) {
    where.push(`span_id IN (SELECT toFixedString(unhex(arrayJoin(${parameters.strings(spanIds)})), 8))`);
  }
  if (required.length > 0 && traceIds.length >= MIN_TRACES_TO_NARROW) {
    const having = required.map(({ condition, atLeast }) => {
      return `countIf(${compileBounds(condition, context).sql}) >= ${parameters.uint64(atLeast)}`;
    });
    const traces = `SELECT trace_id ${source()} GROUP BY trace_id HAVING ${having.join(' AND ')}`;
    where.push(`trace_id IN (${traces})`);
  }
  const limit = parameters.uint64(MAX_ROWS_AT_ONCE + 1);
  return scope.statement(`SELECT ${list.join(', ')} ${source(where)} ORDER BY trace_id LIMIT ${limit}`);
}
