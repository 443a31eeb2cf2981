/**
 * One metrics function over spans that satisfy a filter, as one statement: rows are series, with their buckets and
 * values as arrays.
 */
import type { MetricsAggregate } from '@clew/traceql';
import type { BucketGrid, SpanMeasure, SpanSample } from '../../span-measure.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import type { SqlParameters } from '../../sql/sql-parameters.ts';
import { startBetween } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { type Aggregation, aggregationOf, approximated } from './aggregation.ts';
import { type GroupKey, tryGroupKey } from './group-key.ts';
import { type MeasuredValue, tryMeasuredValue } from './measured-value.ts';

export type FunctionAggregate = MetricsAggregate & { kind: 'metrics-function' };

export interface MeasureStatementRequest extends SpanMeasure {
  readonly tenant: string;
  readonly aggregate: FunctionAggregate;
  readonly types: AttributeTypes | undefined;
  /** Whether quantiles may be off by 1 %. */
  readonly isApproximate: boolean;
}

/** What values and filters are compiled for. */
export function compileContext(
  scope: TenantScope,
  { grid, types }: Pick<MeasureStatementRequest, 'grid' | 'types'>,
): CompileContext {
  const end = grid.originUnixNano + grid.stepNano * BigInt(grid.count);
  const range = { fromUnixNano: grid.originUnixNano + 1n, toUnixNano: end + 1n };
  return { scope, range, ...(types && { types }) };
}

/** Conditions on the rows of spans that are counted: range, filter, sample; undefined when SQL cannot say the filter. */
export function trySpanConditions(
  context: CompileContext,
  { filter, sample }: Pick<MeasureStatementRequest, 'filter' | 'sample'>,
): string[] | undefined {
  const { scope, range } = context;
  const { sql, exact } = compileBounds(filter, context);
  if (!exact) return undefined;
  const conditions = [startBetween(range.fromUnixNano, range.toUnixNano - 1n, scope.parameters), sql];
  if (sample !== undefined) conditions.push(inSample(sample));
  return conditions;
}

const HASH_RANGE = 2 ** 32;

function inSample({ of, share }: SpanSample): string {
  const hash = of === 'traces' ? 'cityHash64(trace_id)' : 'cityHash64(trace_id, span_id)';
  return `bitAnd(${hash}, ${HASH_RANGE - 1}) < ${Math.round(share * HASH_RANGE)}`;
}

/** How many spans a row stands for; `span_weight` is the name of SPAN_WEIGHT_SQL in the statement. */
export function rowWeight({ extrapolate, sample }: Pick<SpanMeasure, 'extrapolate' | 'sample'>): string {
  const weight = extrapolate ? 'span_weight' : '1.';
  return sample === undefined ? weight : `(${weight} / ${sample.share})`;
}

/** The bucket of a row in range, UInt32. */
export function bucketOf(grid: BucketGrid, parameters: SqlParameters): string {
  if (grid.count === 1) return 'toUInt32(0)';
  const first = parameters.int64(grid.originUnixNano + 1n);
  return `toUInt32(intDiv(toUnixTimestamp64Nano(start) - ${first}, ${parameters.int64(grid.stepNano)}))`;
}

/** What the rows of spans are grouped by, and what is measured of them. */
export interface MeasuredGroups {
  readonly keys: readonly GroupKey[];
  /** Absent for rate and count_over_time. */
  readonly value?: MeasuredValue;
  readonly bucket: string;
  /** FROM … WHERE … */
  readonly source: string;
}

/** Undefined when the filter, the function or its by() asks for what one statement over spans cannot read. */
export function tryMeasuredGroups(scope: TenantScope, request: MeasureStatementRequest): MeasuredGroups | undefined {
  const { aggregate } = request;
  const context = compileContext(scope, request);
  const keys = aggregate.by.map((field) => tryGroupKey(field, context));
  const value = aggregate.field && tryMeasuredValue(aggregate.field, context, request.perDoubling);
  const conditions = trySpanConditions(context, request);
  if (conditions === undefined || !keys.every((key) => key !== undefined)) return undefined;
  if (aggregate.field !== undefined && value === undefined) return undefined;
  if (value?.when !== undefined) conditions.push(value.when);
  if (aggregate.function === 'histogram_over_time' && value !== undefined) keys.push(histogramKey(value));
  const bucket = bucketOf(request.grid, scope.parameters);
  return { keys, ...(value && { value }), bucket, source: scope.from('spans', conditions) };
}

/** Undefined as of `tryMeasuredGroups`. */
export function tryMeasureStatement(request: MeasureStatementRequest): TenantStatement | undefined {
  const { aggregate, extrapolate, maxSeries } = request;
  const scope = new TenantScope(request.tenant);
  const groups = tryMeasuredGroups(scope, request);
  if (groups === undefined) return undefined;
  const value = groups.value && roundedValue(groups.value, request);
  const aggregation = withCounts(
    aggregationOf(aggregate.function, rowWeight(request), value, aggregate.quantiles),
    extrapolate,
  );
  return seriesStatement(scope, groupStatement(scope, { ...groups, aggregation }), {
    labelCount: groups.keys.length,
    value: aggregation.value,
    maxSeries,
  });
}

/** Rows of `grouped` put together to series: those with the largest weight. */
export function seriesStatement(
  scope: TenantScope,
  grouped: string,
  { labelCount, value, maxSeries }: { labelCount: number; value: string; maxSeries: number },
): TenantStatement {
  const labels = Array.from({ length: labelCount }, (_, i) => `l${i}`);
  const list = labels.map((label) => `${label}, `).join('');
  return scope.statement(
    `SELECT ${list}groupArray(g_bucket) AS buckets, groupArray(${value}) AS values, ` +
      'sum(weight) AS total, sum(spans) AS spans, sum(sampled) AS sampled ' +
      `FROM (${grouped}) ${labelCount === 0 ? 'HAVING count() > 0' : `GROUP BY ${labels.join(', ')}`} ` +
      `ORDER BY ${['total DESC', ...labels].join(', ')} LIMIT ${scope.parameters.uint64(maxSeries + 1)}`,
  );
}

function roundedValue(measured: MeasuredValue, { aggregate, isApproximate }: MeasureStatementRequest): MeasuredValue {
  const rounds = isApproximate && aggregate.function === 'quantile_over_time';
  return rounds ? { ...measured, value: approximated(measured.value) } : measured;
}

/** How many rows there were, and how many of them stand for more than themselves. */
function withCounts(aggregation: Aggregation, extrapolate: boolean): Aggregation {
  const counts = [
    ['spans', 'count()'],
    ['sampled', extrapolate ? `countIf((${SPAN_WEIGHT_SQL} AS span_weight) > 1)` : 'sum(toUInt64(0))'],
  ].map(([name, inner]) => ({ name, inner, merge: `sum(a_${name})`, final: `a_${name}` }));
  return { ...aggregation, columns: [...aggregation.columns, ...counts] };
}

function histogramKey({ power, isDuration }: MeasuredValue): GroupKey {
  return {
    inSpan: power,
    label: (span) => `concat('d', toString(${span}${isDuration ? ' / 1000000000.' : ''}))`,
  };
}

interface GroupParts {
  readonly keys: readonly GroupKey[];
  readonly bucket: string;
  /** FROM … WHERE … */
  readonly source: string;
  readonly aggregation: Aggregation;
}

/** Rows of bucket, labels and aggregates. Labels that lie in resources are joined to rows grouped by resource. */
export function groupStatement(scope: TenantScope, { keys, bucket, source, aggregation }: GroupParts): string {
  const inSpan = keys.flatMap(({ inSpan }, i) => (inSpan === undefined ? [] : [`${inSpan} AS k${i}`]));
  const ofResources = keys.filter(({ inResource }) => inResource !== undefined);
  const isJoined = ofResources.length > 0;
  const resource = isJoined ? [`${resourceOf(ofResources)} AS g_resource`] : [];
  const groups = [`${bucket} AS g_bucket`, ...inSpan, ...resource];
  const names = groups.map((group) => group.slice(group.lastIndexOf(' ') + 1));
  const inner =
    `SELECT ${[...groups, ...aggregation.columns.map(({ name, inner }) => `${inner} AS a_${name}`)].join(', ')} ` +
    `${source} GROUP BY ${names.join(', ')}`;

  const labels = keys.map((key, i) => `${key.label(`k${i}`, `r${i}`)} AS l${i}`);
  const columns = aggregation.columns.map(({ name, merge, final }) => `${isJoined ? merge : final} AS ${name}`);
  const outer = `SELECT ${['g_bucket', ...labels, ...columns].join(', ')} FROM (${inner}) AS measured`;
  if (!isJoined) return outer;
  const described = keys.flatMap(({ inResource }, i) => (inResource === undefined ? [] : [`${inResource} AS r${i}`]));
  return (
    `${outer} LEFT JOIN (SELECT ${['id', ...described].join(', ')} ${scope.from('resources')} LIMIT 1 BY id) ` +
    `AS described ON measured.g_resource = described.id GROUP BY ${['g_bucket', ...keys.map((_, i) => `l${i}`)].join(', ')}`
  );
}

/** Where every key asks the resource of some spans only, the others need not be told apart by it. */
function resourceOf(keys: readonly GroupKey[]): string {
  const conditions = keys.map(({ resourceWhen }) => resourceWhen);
  if (conditions.some((condition) => condition === undefined)) return 'resource_id';
  return `if(${conditions.join(' OR ')}, resource_id, 0)`;
}
