import type { TraceId } from '@clew/model';
import type { TraceSummary } from '../span-store.ts';
import { NO_PARENT_SQL } from '../sql/intrinsic-branches.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import type { StatementRunner } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

/** What a service has of a trace: a row of `FACT_COLUMNS`. Integers of 64 bits come as text by themselves. */
export interface FactRow {
  readonly id: string;
  readonly ofService: string;
  readonly spanCount: string;
  readonly errorCount: string;
  readonly firstStart: string;
  readonly lastEnd: string;
  /** Spans without parent; the first of them is the root if no other service has an earlier one. */
  readonly rootCount: string;
  readonly firstRoot: RootOrder;
}

type RootOrder = readonly [start: string, spanId: string, name: string];

/**
 * Of a group of all rows of a trace and a service. By trace alone the services would have to be gathered in the
 * statement: planning that costs more than the rows it saves. No alias is the name of a column: it would stand for the
 * column in conditions.
 */
export const FACT_COLUMNS = [
  'lower(hex(trace_id)) AS id',
  'service AS ofService',
  'count() AS spanCount',
  'countIf(status = 2) AS errorCount',
  'min(toUnixTimestamp64Nano(start)) AS firstStart',
  'max(toUnixTimestamp64Nano(start) + greatest(duration, 0)) AS lastEnd',
  `countIf(${NO_PARENT_SQL}) AS rootCount`,
  `minIf((toUnixTimestamp64Nano(start), hex(span_id), name), ${NO_PARENT_SQL}) AS firstRoot`,
].join(', ');

export const FACT_GROUP = 'GROUP BY trace_id, service';

/** Whole-trace facts of these traces, in one statement; a trace without spans is absent. */
export async function readSummaries(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceSummary>> {
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return new Map();
  const scope = new TenantScope(tenant);
  const source = spansOfTraces(scope, traceIds, bounds);
  const statement = scope.statement(`SELECT ${FACT_COLUMNS} ${source} ${FACT_GROUP}`);
  const rows = await runner.rows<FactRow>(statement, {}, 'facts of the shown traces');
  return new Map([...byTrace(rows)].map(([traceId, facts]) => [traceId, summaryOf(traceId, facts)]));
}

/** Rows by what trace they are about. */
export function byTrace<R extends FactRow>(rows: readonly R[]): ReadonlyMap<TraceId, readonly [R, ...R[]]> {
  const traces = new Map<TraceId, [R, ...R[]]>();
  for (const row of rows) {
    const facts = traces.get(row.id as TraceId);
    if (facts === undefined) traces.set(row.id as TraceId, [row]);
    else facts.push(row);
  }
  return traces;
}

export function summaryOf(traceId: TraceId, facts: readonly [FactRow, ...FactRow[]]): TraceSummary {
  const [firstRow] = facts;
  let first = BigInt(firstRow.firstStart);
  let last = BigInt(firstRow.lastEnd);
  let root: FactRow | undefined;
  for (const row of facts) {
    if (BigInt(row.firstStart) < first) first = BigInt(row.firstStart);
    if (BigInt(row.lastEnd) > last) last = BigInt(row.lastEnd);
    if (row.rootCount !== '0' && (root === undefined || compareRoots(row, root) < 0)) root = row;
  }
  const services = facts.map(({ ofService, spanCount, errorCount }) => ({
    name: ofService,
    spanCount: Number(spanCount),
    errorCount: Number(errorCount),
  }));
  services.sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1));
  return {
    traceId,
    rootService: root?.ofService ?? '',
    rootName: root?.firstRoot[2] ?? '',
    // The 64 bits as sent; lengths wrap like the encoder's.
    startUnixNano: BigInt.asUintN(64, first),
    durationNano: BigInt.asIntN(64, last - first),
    spanCount: services.reduce((sum, service) => sum + service.spanCount, 0),
    errorCount: services.reduce((sum, service) => sum + service.errorCount, 0),
    services,
  };
}

/** As ROOT_ORDER_SQL: by start, span id, name, service. */
function compareRoots(a: FactRow, b: FactRow): number {
  const [aStart, aId, aName] = a.firstRoot;
  const [bStart, bId, bName] = b.firstRoot;
  if (aStart !== bStart) return BigInt(aStart) < BigInt(bStart) ? -1 : 1;
  if (aId !== bId) return aId < bId ? -1 : 1;
  return compareBytes(aName, bName) || compareBytes(a.ofService, b.ofService);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
