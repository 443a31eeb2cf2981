import type { TraceId } from '@clew/model';
import type { SqlParameters } from '../sql/sql-parameters.ts';
import { bucketWithin } from '../sql/start-range.ts';
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

interface TraceTimes {
  readonly first: bigint;
  readonly last: bigint;
  readonly firstDay: string;
  readonly lastDay: string;
}

/** Of so many traces the times of each are asked for and remembered for the statements to come of the same read. */
const MAX_REMEMBERED = 512;

/** What lies between traces is left out from so long on, one hour, and so many statements are made at most. */
const LEAST_GAP_NANO = 3_600_000_000_000n;
const MAX_NEAR = 4;

/** Times of single traces as a read has met them; undefined: not stored. */
const remembered = new WeakMap<StatementRunner, Map<TraceId, TraceTimes | undefined>>();

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
  if (traceIds.length > MAX_REMEMBERED) return boundsOf(await readTimesOfAll(runner, tenant, traceIds));
  let known = remembered.get(runner);
  if (known === undefined) remembered.set(runner, (known = new Map()));
  const asked = traceIds.filter((traceId) => known.has(traceId) === false);
  if (asked.length > 0) {
    const times = await readTimesOfEach(runner, tenant, asked);
    for (const traceId of asked) known.set(traceId, times.get(traceId));
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
    const ofTrace = known?.get(traceId);
    return ofTrace === undefined ? [] : [{ ...ofTrace, traceId }];
  });
  if (bounds.starts === 'unknown' || times.length === 0) return [{ traceIds, bounds }];
  times.sort((a, b) => (a.first < b.first ? -1 : Number(a.first > b.first)));
  return splitAtGaps(times).flatMap((near) => {
    const ofNear = boundsOf(near);
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

/**
 * By trace. Rows come as they are stored, several of a trace that is in several parts, and are put together here: to
 * group and to write texts costs the engine more planning than reading them, a third of the statement.
 */
async function readTimesOfEach(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<ReadonlyMap<TraceId, TraceTimes>> {
  const scope = new TenantScope(tenant);
  const statement = scope.statement(
    'SELECT lower(hex(trace_id)) AS id, first_start_unix_nano AS first, last_start_unix_nano AS last, day ' +
      scope.from('trace_times', [], traceIdIn(traceIds, scope.parameters)),
  );
  const rows = await runner.rows<{ id: string; first: string; last: string; day: string }>(
    statement,
    {},
    'times of traces',
  );
  const times = new Map<TraceId, TraceTimes>();
  for (const { id, first, last, day } of rows) {
    const row = { first: BigInt(first), last: BigInt(last), firstDay: day, lastDay: day };
    const known = times.get(id as TraceId);
    times.set(id as TraceId, known === undefined ? row : together(known, row));
  }
  return times;
}

/** Of more traces than are remembered: at most one row. */
async function readTimesOfAll(
  runner: StatementRunner,
  tenant: string,
  traceIds: readonly TraceId[],
): Promise<readonly TraceTimes[]> {
  const scope = new TenantScope(tenant);
  const statement = scope.statement(
    'SELECT min(first_start_unix_nano) AS first, max(last_start_unix_nano) AS last, ' +
      `min(day) AS firstDay, max(day) AS lastDay ` +
      `${scope.from('trace_times', [traceIdIn(traceIds, scope.parameters)])} HAVING count() > 0`,
  );
  const rows = await runner.rows<{ first: string; last: string; firstDay: string; lastDay: string }>(
    statement,
    {},
    'times of traces',
  );
  return rows.map(({ first, last, ...days }) => ({ ...days, first: BigInt(first), last: BigInt(last) }));
}

function together(one: TraceTimes, other: TraceTimes): TraceTimes {
  let { first, last, firstDay, lastDay } = one;
  if (other.first < first) first = other.first;
  if (other.last > last) last = other.last;
  if (other.firstDay < firstDay) firstDay = other.firstDay;
  if (other.lastDay > lastDay) lastDay = other.lastDay;
  return { first, last, firstDay, lastDay };
}

function boundsOf(times: readonly TraceTimes[]): TraceBounds | undefined {
  if (times.length === 0) return undefined;
  const { first, last, firstDay, lastDay } = times.reduce(together);
  // Times beyond 2262 are stored as negative: the order of the sort key's buckets says nothing about them.
  return { starts: first < 0n || last < 0n ? 'unknown' : { first, last }, firstDay, lastDay };
}

/**
 * `FROM spans …`: the spans of these traces that satisfy the conditions, looked for by partition and by the sort key's
 * buckets. Traces are whole within their bounds, so exact starts would be conditions that leave nothing out. All that
 * is said twice or more exactly than it prunes is paid for in planning: see docs/internals/read-path.md.
 */
export function spansOfTraces(
  scope: TenantScope,
  traceIds: readonly TraceId[],
  bounds: TraceBounds,
  conditions: readonly string[] = [],
): string {
  return sourceOfTraces(scope, traceIds, bounds)(conditions);
}

/** The same for several sources of one statement, whose bounds and ids are bound once. */
export function sourceOfTraces(
  scope: TenantScope,
  traceIds: readonly TraceId[],
  bounds: TraceBounds,
): (conditions?: readonly string[]) => string {
  const within = startWithin(bounds, scope.parameters);
  const isOfTraces = traceIdIn(traceIds, scope.parameters);
  return (conditions = []) => scope.from('spans', [...within, ...conditions], isOfTraces);
}

function startWithin({ starts, firstDay, lastDay }: TraceBounds, parameters: SqlParameters): readonly string[] {
  // Before the index of every part of every day is looked through.
  const days =
    firstDay === lastDay
      ? [`day = ${parameters.date(firstDay)}`]
      : [`day >= ${parameters.date(firstDay)}`, `day <= ${parameters.date(lastDay)}`];
  return starts === 'unknown' ? days : [...days, bucketWithin(starts.first, starts.last, parameters)];
}
