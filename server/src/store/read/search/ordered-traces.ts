import type { TraceId } from '@clew/model';
import type { OrderedTrace, OrderedTracesRequest } from '../../span-order.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { spansOfTraces } from '../../sql/whole-traces.ts';
import type { StatementRunner } from '../statement-runner.ts';

/**
 * The first traces of an order of whole-trace facts, among all that have a matching span in the range: one statement
 * over all of them, so that the order is that of the whole answer and not of a page.
 * @throws the engine's error where a limit stops it: half an order is none.
 */
export async function loadOrderedTraces(
  runner: StatementRunner,
  tenant: string,
  request: OrderedTracesRequest,
  types: AttributeTypes,
): Promise<readonly OrderedTrace[]> {
  const rows = await runner.rows<{ readonly id: string; readonly value: string }>(
    orderedTracesStatement(tenant, request, types),
    { max_rows_in_set: runner.limits.maxOrderedTraces, set_overflow_mode: 'throw' },
    'traces in the order asked for',
  );
  return rows.map(({ id, value }) => ({ traceId: id as TraceId, value: BigInt(value) }));
}

function orderedTracesStatement(
  tenant: string,
  { filter, range, order, after, limit }: OrderedTracesRequest,
  types: AttributeTypes,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const context = { scope, range, types };
  const matching = scope.from('spans', [startInRange(range, parameters), compileFilter(filter, context)]);
  const isFound = `trace_id IN (SELECT trace_id ${matching})`;
  const counted = (fact: string): string => {
    return `SELECT trace_id, ${fact} AS fact FROM (${spansOfTraces('trace_id, status', isFound, context)}) GROUP BY trace_id`;
  };
  const facts =
    order === 'longest'
      ? // Where a span ends before it begins, its start is the later of both.
        'SELECT trace_id, greatest(max(last_end_unix_nano), max(last_start_unix_nano)) - min(first_start_unix_nano) ' +
        `AS fact ${scope.from('trace_times', [isFound])} GROUP BY trace_id`
      : counted(order === 'errors' ? 'toInt64(countIf(status = 2))' : 'toInt64(count())');
  const behind =
    after === undefined
      ? ''
      : ' WHERE (fact, trace_id) < ' +
        `(${parameters.int64(after.value)}, toFixedString(unhex(${parameters.string(after.traceId)}), 16))`;
  return scope.statement(
    `SELECT lower(hex(trace_id)) AS id, toString(fact) AS value FROM (${facts})${behind} ` +
      `ORDER BY fact DESC, trace_id DESC LIMIT ${parameters.uint64(limit)}`,
  );
}
