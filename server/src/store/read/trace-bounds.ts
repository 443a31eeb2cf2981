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
}

/** Of so many traces the times of each are asked for and remembered for the statements to come of the same read. */
const MAX_REMEMBERED = 512;
const BOUNDS_COLUMNS =
  'toString(min(first_start_unix_nano)) AS first, toString(max(last_start_unix_nano)) AS last, ' +
  'toString(min(day)) AS firstDay, toString(max(day)) AS lastDay';

/** What lies between traces is left out from so long on, one hour, and so many statements are made at most. */
const LEAST_GAP_NANO = 3_600_000_000_000n;
const MAX_NEAR = 4;

/** Times of single traces as a read has met them; undefined: not stored. */
const remembered = new WeakMap<StatementRunner, Map<TraceId, BoundsRow | undefined>>();

/** The reads whose store is so small that looking up times costs more than looking into all of it. */
const withoutTimes = new WeakSet<StatementRunner>();
const EVERYWHERE: TraceBounds = { starts: 'unknown', firstDay: '1970-01-01', lastDay: '2149-06-06' };

/** Traces of this read are found by the index over their ids alone. */
export function readWithoutTimes(runner: StatementRunner): void {
  withoutTimes.add(runner);
}

/** When these traces started, from the small table beside the spans; undefined when none of them is stored. */
export async function loadTraceBounds(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<TraceBounds | undefined> {
  if (withoutTimes.has(runner)) return EVERYWHERE;
  if (traceIds.length > MAX_REMEMBERED) return boundsOf(await readTimes(runner, tenant, traceIds, 'of all'));
  let known = remembered.get(runner);
  if (known === undefined) remembered.set(runner, (known = new Map()));
  const asked = traceIds.filter((traceId) => known.has(traceId) === false);
  if (asked.length > 0) {
    const rows = await readTimes(runner, tenant, asked, 'of each');
    for (const traceId of asked) known.set(traceId, undefined);
    for (const row of rows) known.set(row.id as TraceId, row);
  }
  return boundsOf(traceIds.flatMap((traceId) => known.get(traceId) ?? []));
}

/** Traces that lie near each other, and when. */
export interface NearTraces {
  readonly traceIds: readonly TraceId[];
  readonly bounds: TraceBounds;
}

/**
 * The stored ones of these traces by when they started. The index over ids takes one granule in a hundred for one that
 * holds an id, so that of two traces with hours between them what lies between costs more than a further statement.
 */
export async function loadNearTraces(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<readonly NearTraces[]> {
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return [];
  const known = remembered.get(runner);
  const times = traceIds.flatMap((traceId) => {
    const row = known?.get(traceId);
    return row === undefined ? [] : [{ traceId, row, first: BigInt(row.first), last: BigInt(row.last) }];
  });
  if (bounds.starts === 'unknown' || times.length === 0) return [{ traceIds, bounds }];
  times.sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  return splitAtGaps(times).flatMap((near) => {
    const ofNear = boundsOf(near.map(({ row }) => row));
    return ofNear === undefined ? [] : [{ traceIds: near.map(({ traceId }) => traceId), bounds: ofNear }];
  });
}

/** @param times by their first start. Exported for its test. */
export function splitAtGaps<T extends { readonly first: bigint; readonly last: bigint }>(
  times: readonly T[],
): readonly (readonly T[])[] {
  const gaps: { readonly at: number; readonly length: bigint }[] = [];
  let last = times.length === 0 ? 0n : times[0].last;
  for (const [at, time] of times.entries()) {
    if (time.first - last >= LEAST_GAP_NANO) gaps.push({ at, length: time.first - last });
    if (time.last > last) last = time.last;
  }
  gaps.sort((a, b) => (a.length > b.length ? -1 : Number(a.length < b.length)));
  const ends = gaps.slice(0, MAX_NEAR - 1).map(({ at }) => at);
  const bounds = [0, ...ends.sort((a, b) => a - b), times.length];
  return bounds.slice(1).map((end, i) => times.slice(bounds[i], end));
}

async function readTimes(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
  which: 'of all' | 'of each',
): Promise<readonly (BoundsRow & { readonly id: string })[]> {
  const scope = new TenantScope(tenant);
  const source = scope.from('trace_times', [traceIdIn(traceIds, scope.parameters)]);
  const [id, group] =
    which === 'of each' ? ['lower(hex(trace_id))', 'GROUP BY trace_id'] : ["''", 'HAVING count() > 0'];
  const statement = scope.statement(`SELECT ${id} AS id, ${BOUNDS_COLUMNS} ${source} ${group}`);
  return runner.rows(statement, {}, 'times of traces');
}

function boundsOf(rows: readonly BoundsRow[]): TraceBounds | undefined {
  const [row] = rows;
  if (row === undefined) return undefined;
  let [first, last, firstDay, lastDay] = [BigInt(row.first), BigInt(row.last), row.firstDay, row.lastDay];
  for (const other of rows) {
    if (BigInt(other.first) < first) first = BigInt(other.first);
    if (BigInt(other.last) > last) last = BigInt(other.last);
    if (other.firstDay < firstDay) firstDay = other.firstDay;
    if (other.lastDay > lastDay) lastDay = other.lastDay;
  }
  // Times beyond 2262 are stored as negative: the order of the sort key's buckets says nothing about them.
  return { starts: first < 0n || last < 0n ? 'unknown' : { first, last }, firstDay, lastDay };
}

/** The spans within bounds, pruned by partition and by the sort key. */
export function startWithin({ starts, firstDay, lastDay }: TraceBounds, parameters: SqlParameters): string {
  // Before the index of every part of every day is looked through.
  const days = `day >= toDate(${parameters.string(firstDay)}) AND day <= toDate(${parameters.string(lastDay)})`;
  return starts === 'unknown' ? days : `${days} AND ${startBetween(starts.first, starts.last, parameters)}`;
}
