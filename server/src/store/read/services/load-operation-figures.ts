import type { OperationFigures, RedFigures } from '@clew/contract';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { durationQuantiles, NO_QUANTILES, type Quantiles, readQuantiles } from './latency-columns.ts';
import { IS_ERROR, IS_REQUEST_MINUTE, minuteSource } from './minute-source.ts';
import { MAX_OPERATIONS } from './service-limits.ts';
import { type ServicePart, sampled, spansOfService } from './service-part.ts';

interface CountRow {
  readonly name: string;
  readonly kind: number;
  /** Spans, errors: in the period, before it. */
  readonly counts: readonly [number, number, number, number];
  readonly total: number;
  readonly isRequest: number;
}

/** The operations of a service with the most time in all, at most one more than MAX_OPERATIONS. */
export async function loadOperationFigures(part: ServicePart): Promise<readonly OperationFigures[]> {
  const { runner, tenant, service, period, fromSpans } = part;
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const range = { fromMinute: period.beforeMinute, toMinute: period.endMinute, fromSpans };
  const isNow = `minute > ${parameters.int64(period.originMinute)}`;
  const rows = await runner.rows<CountRow>(
    scope.statement(
      `SELECT name, kind, (sumIf(weight, ${isNow}), sumIf(weight, ${isNow} AND ${IS_ERROR}), ` +
        `sumIf(weight, NOT ${isNow}), sumIf(weight, NOT ${isNow} AND ${IS_ERROR})) AS counts, ` +
        `sumIf(duration_weighted, ${isNow}) AS total, max(${IS_REQUEST_MINUTE}) AS isRequest ` +
        `${minuteSource(scope, range, [`service = ${parameters.string(service)}`])} GROUP BY name, kind ` +
        `ORDER BY total DESC, name, kind LIMIT ${parameters.uint64(MAX_OPERATIONS + 1)}`,
    ),
    {},
    'spans and errors of operations',
  );
  const quantiles = rows.length === 0 ? new Map<string, Quantiles>() : await loadQuantiles(part, rows);
  return rows.map(({ name, kind, counts, total, isRequest }): OperationFigures => {
    const red = (spans: number, errors: number, seconds: number, isBefore: 0 | 1): RedFigures | null =>
      spans === 0
        ? null
        : { spans, errors, rate: spans / seconds, ...(quantiles.get(`${isBefore} ${kind} ${name}`) ?? NO_QUANTILES) };
    return {
      ...{ name, kind, isRequest: isRequest > 0, totalNano: total },
      now: red(counts[0], counts[1], period.seconds, 0),
      before: red(counts[2], counts[3], Math.max(1, period.beforeSeconds), 1),
    };
  });
}

async function loadQuantiles(
  part: ServicePart,
  operations: readonly CountRow[],
): Promise<ReadonlyMap<string, Quantiles>> {
  const { runner, period, sample } = part;
  const { scope, conditions } = spansOfService(part, true);
  const { parameters } = scope;
  const names = parameters.strings([...new Set(operations.map(({ name }) => name))]);
  const source = scope.from('spans', [...conditions, ...sampled(part, scope), `name IN ${names}`]);
  const rows = await runner.rows<{ name: string; kind: number; isBefore: number; quantiles: readonly number[] }>(
    scope.statement(
      `SELECT name, kind, start <= ${parameters.time(period.originUnixNano)} AS isBefore, ` +
        `${durationQuantiles(sample.isRounded)} AS quantiles ${source} GROUP BY name, kind, isBefore`,
    ),
    {},
    'durations of operations',
  );
  return new Map(rows.map((row) => [`${row.isBefore} ${row.kind} ${row.name}`, readQuantiles(row.quantiles)]));
}
