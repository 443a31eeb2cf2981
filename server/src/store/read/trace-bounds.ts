import type { TraceId } from '@clew/model';
import type { SqlParameters } from '../sql/sql-parameters.ts';
import { startBetween } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import type { StatementRunner } from './statement-runner.ts';

/**
 * When one or several traces started: first and last start, nanoseconds since 1970, or unknown, and the days of their
 * partitions (YYYY-MM-DD), which for spans sent late are those of their reception.
 */
export interface TraceBounds {
  readonly starts: { readonly first: bigint; readonly last: bigint } | 'unknown';
  readonly firstDay: string;
  readonly lastDay: string;
}

interface BoundsRow {
  readonly first: string;
  readonly last: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly traces: string;
}

/** When these traces started, from the small table beside the spans; undefined when none of them is stored. */
export async function loadTraceBounds(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<TraceBounds | undefined> {
  const scope = new TenantScope(tenant);
  const source = scope.from('trace_times', [traceIdIn(traceIds, scope.parameters)]);
  const rows = await runner.rows<BoundsRow>(
    scope.statement(
      'SELECT toString(min(first_start_unix_nano)) AS first, toString(max(last_start_unix_nano)) AS last, ' +
        `toString(min(day)) AS firstDay, toString(max(day)) AS lastDay, toString(count()) AS traces ${source}`,
    ),
    {},
    'times of traces',
  );
  const row = rows[0];
  if (row === undefined || row.traces === '0') return undefined;
  const first = BigInt(row.first);
  const last = BigInt(row.last);
  const { firstDay, lastDay } = row;
  // Times beyond 2262 are stored as negative: the order of the sort key's buckets says nothing about them.
  return { starts: first < 0n || last < 0n ? 'unknown' : { first, last }, firstDay, lastDay };
}

/** The spans within bounds, pruned by partition and by the sort key. */
export function startWithin({ starts, firstDay, lastDay }: TraceBounds, parameters: SqlParameters): string {
  // Before the index of every part of every day is looked through.
  const days = `day >= toDate(${parameters.string(firstDay)}) AND day <= toDate(${parameters.string(lastDay)})`;
  return starts === 'unknown' ? days : `${days} AND ${startBetween(starts.first, starts.last, parameters)}`;
}
