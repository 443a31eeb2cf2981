import type { SpanId, TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { MatchedSpan, Read, TimeRange } from '../span-store.ts';
import { compileFilter } from '../sql/compile-filter.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { loadAttributeTypes } from './load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

export interface MatchedSpansRequest {
  readonly tenant: string;
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly traceIds: readonly TraceId[];
  readonly spansPerTrace: number;
}

interface MatchedRow {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly status: number;
  readonly startText: string;
  readonly durationText: string;
}

const MATCHED_COLUMNS = [
  'lower(hex(trace_id)) AS traceId',
  'lower(hex(span_id)) AS spanId',
  'service',
  'name',
  'kind',
  'status',
  'toString(reinterpretAsUInt64(toUnixTimestamp64Nano(start))) AS startText',
  'toString(duration) AS durationText',
].join(', ');

/** The spans that made these traces matches: longest first, then oldest first. */
export async function matchedSpans(
  runner: StatementRunner,
  { tenant, filter, range, traceIds, spansPerTrace }: MatchedSpansRequest,
): Promise<Read<ReadonlyMap<TraceId, readonly MatchedSpan[]>>> {
  const matched = new Map<TraceId, MatchedSpan[]>();
  try {
    const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
    if (bounds === undefined) return { value: matched, statistics: runner.statistics() };
    const types = await loadAttributeTypes(runner, tenant, filter);
    const scope = new TenantScope(tenant);
    const { parameters } = scope;
    const source = spansOfTraces(scope, traceIds, bounds, [
      startInRange(range, parameters),
      compileFilter(filter, { scope, range, traceIds, types }),
    ]);
    const statement = scope.statement(
      `SELECT ${MATCHED_COLUMNS} ${source} ORDER BY trace_id, duration DESC, start, span_id ` +
        `LIMIT ${parameters.uint64(spansPerTrace)} BY trace_id`,
    );
    for (const row of await runner.rows<MatchedRow>(statement)) {
      const traceId = row.traceId as TraceId;
      const spans = matched.get(traceId) ?? [];
      matched.set(traceId, spans);
      spans.push({
        traceId,
        spanId: row.spanId as SpanId,
        service: row.service,
        name: row.name,
        kind: row.kind,
        statusCode: row.status,
        startUnixNano: BigInt(row.startText),
        durationNano: BigInt(row.durationText),
      });
    }
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: matched, statistics: runner.statistics(reason) };
  }
  return { value: matched, statistics: runner.statistics() };
}
