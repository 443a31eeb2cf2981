import type { SpanId, TraceId } from '@clew/model';
import type { MatchingSpansRequest, SpanPosition } from '../../span-order.ts';
import type { TimeRange } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { newestFirst } from '../time-slices.ts';

interface PositionRow {
  readonly traceId: string;
  readonly spanId: string;
  readonly position: string;
}

const ORDER_COLUMNS = { newest: 'toUnixTimestamp64Nano(start)', longest: 'duration' } as const;

/**
 * Where the next spans of an answer lie, in its order: few columns of many spans. `limit` of them, and those that share
 * the last one's place, since spans that were stored twice cannot be told apart.
 * @throws the engine's error where a limit stops it.
 */
export async function loadMatchingSpans(
  runner: StatementRunner,
  tenant: string,
  request: MatchingSpansRequest,
  types: AttributeTypes,
): Promise<readonly SpanPosition[]> {
  const { range, order, after, limit } = request;
  if (order === 'longest') return loadSlice(runner, tenant, request, types, range, limit);
  // The newest lie in the newest slices: the others need not be read.
  const isLater = after !== undefined && after.value + 1n < range.toUnixNano;
  const found: SpanPosition[] = [];
  for (const slice of newestFirst({ ...range, toUnixNano: isLater ? after.value + 1n : range.toUnixNano })) {
    found.push(...(await loadSlice(runner, tenant, request, types, slice, limit - found.length)));
    if (found.length >= limit) break;
  }
  return found;
}

async function loadSlice(
  runner: StatementRunner,
  tenant: string,
  request: MatchingSpansRequest,
  types: AttributeTypes,
  slice: TimeRange,
  limit: number,
): Promise<readonly SpanPosition[]> {
  const statement = matchingSpansStatement(tenant, request, types, slice, limit);
  const rows = await runner.rows<PositionRow>(statement, {}, 'spans in the order asked for');
  return rows.map(({ traceId, spanId, position }) => ({
    traceId: traceId as TraceId,
    spanId: spanId as SpanId,
    value: BigInt(position),
  }));
}

function matchingSpansStatement(
  tenant: string,
  { filter, order, after }: MatchingSpansRequest,
  types: AttributeTypes,
  slice: TimeRange,
  limit: number,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const column = ORDER_COLUMNS[order];
  const conditions = [startInRange(slice, parameters), compileFilter(filter, { scope, range: slice, types })];
  if (after !== undefined) {
    const traceId = `toFixedString(unhex(${parameters.string(after.traceId)}), 16)`;
    const spanId = `toFixedString(unhex(${parameters.string(after.spanId)}), 8)`;
    conditions.push(`(${column}, trace_id, span_id) < (${parameters.int64(after.value)}, ${traceId}, ${spanId})`);
  }
  return scope.statement(
    `SELECT lower(hex(trace_id)) AS traceId, lower(hex(span_id)) AS spanId, toString(${column}) AS position ` +
      `${scope.from('spans', conditions)} ORDER BY ${column} DESC, trace_id DESC, span_id DESC ` +
      `LIMIT ${parameters.uint64(limit)} WITH TIES`,
  );
}
