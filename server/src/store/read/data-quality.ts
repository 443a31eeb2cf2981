/** What is odd about the spans of a range, for those who look after their senders. */
import type { QualityAnswer, ServiceQuality } from '@clew/contract';
import type { Read, TimeRange } from '../span-store.ts';
import { SPAN_WEIGHT_SQL } from '../sql/span-weight.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';

export type DataQuality = Omit<QualityAnswer, 'statistics'>;

const MAX_SERVICES = 200;
/** Spans of whole traces that are looked at, about. */
const SAMPLE_SPANS = 200_000;
/** A clock this much ahead is wrong; less is the way to us. */
const FUTURE_SECONDS = 60;
const LATE_SECONDS = 3_600;
/** Parents begin before their children: those of the range's first spans lie before it. */
const PARENTS_EARLIER_NANO = 600_000_000_000n;

/** In one statement by service, and one over a sample of whole traces, both in bounded memory. */
export async function loadDataQuality(
  runner: StatementRunner,
  tenant: string,
  range: TimeRange,
): Promise<Read<DataQuality>> {
  const { spanCount, services } = await loadServiceQuality(runner, tenant, range);
  try {
    const sample = spanCount === 0 ? undefined : await loadSample(runner, tenant, range, spanCount);
    return { value: { spanCount, services, ...(sample && { sample }) }, statistics: runner.statistics() };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: { spanCount, services }, statistics: runner.statistics(reason) };
  }
}

type ServiceRow = Readonly<Record<Exclude<keyof ServiceQuality, 'service'>, string>> & { readonly service: string };

async function loadServiceQuality(
  runner: StatementRunner,
  tenant: string,
  range: TimeRange,
): Promise<{ readonly spanCount: number; readonly services: readonly ServiceQuality[] }> {
  const scope = new TenantScope(tenant);
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  const startSecond = 'intDiv(toUnixTimestamp64Nano(start), 1000000000)';
  const endSecond = 'intDiv(toUnixTimestamp64Nano(start) + duration, 1000000000)';
  const rows = await runner.rows<ServiceRow & { readonly total: string }>(
    scope.statement(
      `SELECT service, toString(spans) AS spanCount, toString(sum(spans) OVER ()) AS total, ` +
        `${['cutBySender', 'negativeDuration', 'fromTheFuture', 'late', 'sampled', 'weight', 'maxWeight']
          .map((name) => `toString(${name}_) AS ${name}`)
          .join(', ')} FROM (` +
        `SELECT service, count() AS spans, ` +
        `countIf(dropped_attributes_count + dropped_events_count + dropped_links_count > 0) AS cutBySender_, ` +
        `countIf(duration < 0) AS negativeDuration_, ` +
        `countIf(${startSecond} > toInt64(toUnixTimestamp(received)) + ${FUTURE_SECONDS}) AS fromTheFuture_, ` +
        `countIf(${endSecond} + ${LATE_SECONDS} < toInt64(toUnixTimestamp(received))) AS late_, ` +
        `countIf((${SPAN_WEIGHT_SQL} AS span_weight) > 1) AS sampled_, ` +
        `sum(span_weight) AS weight_, max(span_weight) AS maxWeight_ ${source} GROUP BY service` +
        `) ORDER BY spans DESC, service LIMIT ${MAX_SERVICES}`,
    ),
    {},
    'spans by service',
  );
  const services = rows.map((row) => ({
    service: row.service,
    spanCount: Number(row.spanCount),
    cutBySender: Number(row.cutBySender),
    negativeDuration: Number(row.negativeDuration),
    fromTheFuture: Number(row.fromTheFuture),
    late: Number(row.late),
    sampled: Number(row.sampled),
    weight: Number(row.weight),
    maxWeight: Number(row.maxWeight),
  }));
  return { spanCount: Number(rows[0]?.total ?? 0), services };
}

type Sample = NonNullable<DataQuality['sample']>;

/**
 * Every id of the sampled traces meets its span and those that name it as their parent. Spans before the range are
 * looked at as parents only.
 */
async function loadSample(
  runner: StatementRunner,
  tenant: string,
  range: TimeRange,
  spanCount: number,
): Promise<Sample | undefined> {
  const oneInTraces = Math.max(1, Math.ceil(spanCount / SAMPLE_SPANS));
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const earlier = range.fromUnixNano > PARENTS_EARLIER_NANO ? range.fromUnixNano - PARENTS_EARLIER_NANO : 0n;
  const source = scope.from('spans', [
    startInRange({ ...range, fromUnixNano: earlier }, parameters),
    `cityHash64(trace_id) % ${parameters.uint64(oneInTraces)} = 0`,
  ]);
  const isCounted = `start >= ${parameters.time(range.fromUnixNano)}`;
  const rows = await runner.rows<Readonly<Record<Exclude<keyof Sample, 'oneInTraces'>, string>>>(
    scope.statement(
      `SELECT toString(sum(counted)) AS spanCount, toString(uniqExactIf(trace_id, counted > 0)) AS traceCount, ` +
        `toString(sumIf(children, own = 0)) AS withoutParent, ` +
        `toString(uniqExactIf(trace_id, own = 0 AND children > 0)) AS tracesWithoutParent, ` +
        `toString(sumIf(arrayCount(at -> at < begin, starts), own > 0)) AS beforeParent, ` +
        `toString(sum(greatest(counted, 1) - 1)) AS duplicates FROM (` +
        `SELECT trace_id, id, countIf(role = 0) AS own, countIf(role = 0 AND is_counted) AS counted, ` +
        `countIf(role = 1 AND is_counted) AS children, minIf(start, role = 0) AS begin, ` +
        `groupArrayIf(start, role = 1 AND is_counted) AS starts FROM (` +
        `SELECT trace_id, start, ${isCounted} AS is_counted, ` +
        `arrayJoin([(span_id, 0), (parent_span_id, 1)]) AS edge, edge.1 AS id, edge.2 AS role ${source}` +
        `) WHERE id != toFixedString('', 8) GROUP BY trace_id, id)`,
    ),
    {},
    'sampled traces',
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    oneInTraces,
    spanCount: Number(row.spanCount),
    traceCount: Number(row.traceCount),
    withoutParent: Number(row.withoutParent),
    tracesWithoutParent: Number(row.tracesWithoutParent),
    beforeParent: Number(row.beforeParent),
    duplicates: Number(row.duplicates),
  };
}
