import type { TraceId } from '@clew/model';
import type { Read, TraceSummary } from '../span-store.ts';
import { NO_PARENT_SQL } from '../sql/intrinsic-branches.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { ROOT_ORDER_SQL } from '../sql/trace-facts.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { loadTraceBounds, startWithin } from './trace-bounds.ts';

/** A row of `SUMMARY_COLUMNS`. */
export interface SummaryRow {
  readonly id: string;
  readonly rootService: string;
  readonly rootName: string;
  readonly first: string;
  readonly lengthNano: string;
  readonly services: readonly (readonly [name: string, spans: string, errors: string])[];
}

/** Of a group of all rows of a trace. */
export const SUMMARY_COLUMNS = [
  'lower(hex(trace_id)) AS id',
  `argMinIf(service, ${ROOT_ORDER_SQL}, ${NO_PARENT_SQL}) AS rootService`,
  `argMinIf(name, ${ROOT_ORDER_SQL}, ${NO_PARENT_SQL}) AS rootName`,
  'toString(reinterpretAsUInt64(min(toUnixTimestamp64Nano(start)))) AS first',
  'toString(max(toUnixTimestamp64Nano(start) + greatest(duration, 0)) - min(toUnixTimestamp64Nano(start))) AS lengthNano',
  'sumMap([toString(service)], [toUInt64(1)], [toUInt64(status = 2)]) AS counts',
  'arrayMap((name, spans, errors) -> [name, toString(spans), toString(errors)], counts.1, counts.2, counts.3) AS services',
].join(', ');

/** Whole-trace facts of a page of traces; as far as it got where a limit stopped it. */
export async function summarizeTraces(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<Read<ReadonlyMap<TraceId, TraceSummary>>> {
  try {
    return { value: await readSummaries(runner, tenant, traceIds), statistics: runner.statistics() };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: new Map(), statistics: runner.statistics(reason) };
  }
}

/** Whole-trace facts of these traces, in one statement; a trace without spans is absent. */
export async function readSummaries(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceSummary>> {
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return new Map();
  const scope = new TenantScope(tenant);
  const source = scope.from('spans', [startWithin(bounds, scope.parameters), traceIdIn(traceIds, scope.parameters)]);
  const statement = scope.statement(`SELECT ${SUMMARY_COLUMNS} ${source} GROUP BY trace_id`);
  const rows = await runner.rows<SummaryRow>(statement, {}, 'facts of the shown traces');
  return new Map(rows.map((row) => [row.id as TraceId, summaryOf(row)]));
}

export function summaryOf(row: SummaryRow): TraceSummary {
  const services = row.services.map(([name, spans, errors]) => ({
    name,
    spanCount: Number(spans),
    errorCount: Number(errors),
  }));
  services.sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1));
  return {
    traceId: row.id as TraceId,
    rootService: row.rootService,
    rootName: row.rootName,
    startUnixNano: BigInt(row.first),
    durationNano: BigInt(row.lengthNano),
    spanCount: services.reduce((sum, service) => sum + service.spanCount, 0),
    errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
    services,
  };
}
