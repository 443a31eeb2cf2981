import type { TraceId } from '@clew/model';
import type { SqlParameters } from '../sql/sql-parameters.ts';
import { startBetween } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import type { StatementRunner } from './statement-runner.ts';

/** The first and last start of one or several traces, nanoseconds since 1970, or unknown. */
export type TraceBounds = { readonly firstStart: bigint; readonly lastStart: bigint } | 'unknown';

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
      'SELECT toString(min(first_start_unix_nano)) AS first, toString(max(last_start_unix_nano)) AS last, ' +
        `toString(count()) AS traces ${source}`,
    ),
  );
  const row = rows[0];
  if (row === undefined || row.traces === '0') return undefined;
  const firstStart = BigInt(row.first);
  const lastStart = BigInt(row.last);
  // Times beyond 2262 are stored as negative: the order of the sort key's buckets says nothing about them.
  return firstStart < 0n || lastStart < 0n ? 'unknown' : { firstStart, lastStart };
}

/** The spans within bounds, pruned by the sort key. */
export function startWithin(bounds: TraceBounds, parameters: SqlParameters): string {
  return bounds === 'unknown' ? 'true' : startBetween(bounds.firstStart, bounds.lastStart, parameters);
}
