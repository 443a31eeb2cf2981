import type { TraceId } from '@clew/model';
import type { SqlParameters } from '../sql/sql-parameters.ts';
import { startBetween } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import type { StatementRunner } from './statement-runner.ts';

/** Signed 64-bit nanoseconds as stored: the first and last start of one or several traces. */
export interface TraceBounds {
  readonly firstStart: bigint;
  readonly lastStart: bigint;
}

/** When these traces started, from the small table beside the spans; undefined when none of them is stored. */
export async function loadTraceBounds(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<TraceBounds | undefined> {
  const scope = new TenantScope(tenant);
  const source = scope.from('trace_times', [traceIdIn(traceIds, scope.parameters)]);
  const rows = await runner.rows<{ first: string; last: string; traces: string }>(
    scope.statement(
      'SELECT toString(toUnixTimestamp64Nano(min(first_start))) AS first, ' +
        `toString(toUnixTimestamp64Nano(max(last_start))) AS last, toString(count()) AS traces ${source}`,
    ),
  );
  const row = rows[0];
  if (row === undefined || row.traces === '0') return undefined;
  return { firstStart: BigInt(row.first), lastStart: BigInt(row.last) };
}

/** The spans within bounds, pruned by the sort key. */
export function startWithin({ firstStart, lastStart }: TraceBounds, parameters: SqlParameters): string {
  return startBetween(firstStart, lastStart, parameters);
}
