import type { ServiceFigures, ServicePeriod } from '@clew/contract';
import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { durationQuantiles, NO_QUANTILES, type Quantiles, readQuantiles } from './latency-columns.ts';
import { inLatencySample, type LatencySample, latencySampleOf } from './latency-sample.ts';
import { loadNamespaces } from './load-namespaces.ts';
import {
  IS_ERROR,
  IS_REQUEST_MINUTE,
  IS_REQUEST_SPAN,
  lacksMinutes,
  minuteSource,
  spansBetween,
} from './minute-source.ts';
import { MAX_SERVICES } from './service-limits.ts';
import { MINUTE_NANO, type Period } from './service-period.ts';
import type { WithinLimits } from './within-limits.ts';

export interface FoundServices {
  readonly services: readonly ServiceFigures[];
  readonly hasMore: boolean;
  readonly sample: LatencySample;
  /** Where counts are read from. */
  readonly fromSpans: boolean;
}

/** Figures of all services, or of one, in a period and the one before it. */
export async function loadServiceFigures(
  runner: StatementRunner,
  tenant: string,
  period: Period,
  within: WithinLimits,
  service?: string,
): Promise<FoundServices> {
  const fromSpans = await lacksMinutes(runner, tenant, period.beforeMinute * MINUTE_NANO);
  const rows = await loadCounts(runner, tenant, { period, service, fromSpans });
  const counted = rows.slice(0, MAX_SERVICES).map((row) => ({ row, isRequests: Number(row.requests) > 0 }));
  const stored = counted.reduce((sum, { row }) => sum + Number(row.stored), 0);
  const sample = latencySampleOf(stored, {
    fromUnixNano: period.beforeMinute * MINUTE_NANO,
    toUnixNano: period.endUnixNano,
  });
  const others = counted.filter(({ isRequests }) => !isRequests).map(({ row }) => row.service);
  const none: ReadonlyMap<string, Quantiles> = new Map();
  const measured = (read: Promise<ReadonlyMap<string, Quantiles>>) => within.try('durations', read, none);
  const names = service === undefined ? undefined : [service];
  const [ofRequests, ofSpans, namespaces] = await Promise.all([
    measured(loadQuantiles(runner, tenant, { period, sample, services: names, onlyRequests: true })),
    others.length === 0
      ? none
      : measured(loadQuantiles(runner, tenant, { period, sample, services: others, onlyRequests: false })),
    loadNamespaces(runner, tenant, period.originUnixNano),
  ]);
  const services = counted.map(({ row, isRequests }) => {
    const quantiles = isRequests ? ofRequests : ofSpans;
    return figuresOf(row, isRequests, period, {
      namespace: namespaces.get(row.service) ?? '',
      now: quantiles.get(`0 ${row.service}`) ?? NO_QUANTILES,
      before: quantiles.get(`1 ${row.service}`) ?? NO_QUANTILES,
    });
  });
  return { services, hasMore: rows.length > MAX_SERVICES, sample, fromSpans };
}

/** The period as the API says it. */
export function servicePeriod(period: Period, sample: LatencySample): ServicePeriod {
  return {
    startUnixNano: period.originUnixNano.toString(),
    endUnixNano: period.endUnixNano.toString(),
    seconds: period.seconds,
    stepNano: (period.stepMinutes * MINUTE_NANO).toString(),
    pointCount: period.pointCount,
    latencyShare: sample.share,
  };
}

interface CountRow {
  readonly service: string;
  /** Requests in both periods. */
  readonly requests: number;
  /** Stored spans in both. */
  readonly stored: number;
  /** Bucket, requests, their errors, spans, their errors. */
  readonly points: readonly (readonly [number, number, number, number, number])[];
  /** Requests, their errors, spans, their errors. */
  readonly before: readonly [number, number, number, number];
}

interface CountsOf {
  readonly period: Period;
  readonly service: string | undefined;
  readonly fromSpans: boolean;
}

function loadCounts(
  runner: StatementRunner,
  tenant: string,
  { period, service, fromSpans }: CountsOf,
): Promise<readonly CountRow[]> {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const conditions = service === undefined ? [] : [`service = ${parameters.string(service)}`];
  const range = { fromMinute: period.beforeMinute, toMinute: period.endMinute, fromSpans };
  const origin = parameters.int64(period.originMinute);
  const bucket = `if(minute <= ${origin}, toInt64(-1), intDiv(toInt64(minute) - ${origin} - 1, ${parameters.int64(period.stepMinutes)}))`;
  const grouped =
    `SELECT service, ${bucket} AS bucket, sumIf(weight, ${IS_REQUEST_MINUTE}) AS requests, ` +
    `sumIf(weight, ${IS_REQUEST_MINUTE} AND ${IS_ERROR}) AS request_errors, sum(weight) AS all_spans, ` +
    `sumIf(weight, ${IS_ERROR}) AS all_errors, sum(spans) AS stored_spans ` +
    `${minuteSource(scope, range, conditions)} GROUP BY service, bucket`;
  const list = 'requests, request_errors, all_spans, all_errors';
  return runner.rows<CountRow>(
    scope.statement(
      `SELECT service, sum(g.requests) AS requests, toFloat64(sum(stored_spans)) AS stored, ` +
        `groupArrayIf((bucket, ${list.replaceAll('requests,', 'g.requests,')}), bucket >= 0) AS points, ` +
        `(sumIf(g.requests, bucket < 0), sumIf(request_errors, bucket < 0), sumIf(all_spans, bucket < 0), ` +
        `sumIf(all_errors, bucket < 0)) AS before FROM (${grouped}) AS g ` +
        `GROUP BY service ORDER BY if(requests > 0, requests, sum(all_spans)) DESC, service ` +
        `LIMIT ${parameters.uint64(MAX_SERVICES + 1)}`,
    ),
    { output_format_json_quote_64bit_integers: 0 },
    'spans and errors of services over time',
  );
}

interface QuantilesOf {
  readonly period: Period;
  readonly sample: LatencySample;
  /** Undefined for all. */
  readonly services: readonly string[] | undefined;
  readonly onlyRequests: boolean;
}

/** By `0 service` for the period and `1 service` for the one before. */
async function loadQuantiles(
  runner: StatementRunner,
  tenant: string,
  { period, sample, services, onlyRequests }: QuantilesOf,
): Promise<ReadonlyMap<string, Quantiles>> {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const conditions = [
    spansBetween(scope, period.beforeMinute * MINUTE_NANO, period.endUnixNano),
    ...inLatencySample(sample, parameters),
    ...(onlyRequests ? [IS_REQUEST_SPAN] : []),
    ...(services === undefined ? [] : [`service IN ${parameters.strings(services)}`]),
  ];
  const rows = await runner.rows<{ service: string; isBefore: number; quantiles: readonly number[] }>(
    scope.statement(
      `SELECT service, start <= ${parameters.time(period.originUnixNano)} AS isBefore, ` +
        `${durationQuantiles(sample.isRounded)} AS quantiles ${scope.from('spans', conditions)} GROUP BY service, isBefore`,
    ),
    {},
    'durations of services',
  );
  return new Map(rows.map((row) => [`${row.isBefore} ${row.service}`, readQuantiles(row.quantiles)]));
}

interface Measured {
  readonly namespace: string;
  readonly now: Quantiles;
  readonly before: Quantiles;
}

function figuresOf(row: CountRow, isRequests: boolean, period: Period, measured: Measured): ServiceFigures {
  const [count, failed] = isRequests ? ([1, 2] as const) : ([3, 4] as const);
  const counts = new Float64Array(period.pointCount);
  const errors = new Float64Array(period.pointCount);
  for (const point of row.points) {
    counts[point[0]] = point[count];
    errors[point[0]] = point[failed];
  }
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
  const red = (spans: number, errorSpans: number, seconds: number, quantiles: Quantiles) =>
    spans === 0 ? null : { spans, errors: errorSpans, rate: spans / seconds, ...quantiles };
  const perSecond = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value, i) => (period.bucketSeconds[i] > 0 ? value / period.bucketSeconds[i] : null));
  return {
    name: row.service,
    namespace: measured.namespace,
    counted: isRequests ? 'requests' : 'spans',
    now: red(total(counts), total(errors), period.seconds, measured.now),
    before: red(row.before[count - 1], row.before[failed - 1], Math.max(1, period.beforeSeconds), measured.before),
    rates: perSecond(counts),
    errorRates: perSecond(errors),
  };
}
