import { buildConjunction, type FieldExpression } from '@clew/traceql';
import type {
  BucketGrid,
  Measured,
  MeasuredRead,
  MeasuredSeries,
  SeriesLabel,
  SpanMeasure,
} from '../../span-measure.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import type { AttributeTypesMemory } from '../search/attribute-types-memory.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';
import type { CompareRequest } from './compare-statements.ts';
import { readExemplars, tryExemplarStatement } from './exemplar-statement.ts';
import { labelName } from './label-name.ts';
import { tryMeasureCompare } from './measure-compare.ts';
import {
  compileContext,
  type FunctionAggregate,
  type MeasureStatementRequest,
  tryMeasureStatement,
  trySpanConditions,
} from './measure-statement.ts';
import { AMBIGUOUS, tryMinutesStatement } from './minutes-statement.ts';
import { readLabel } from './read-label.ts';

/** Quantiles are of the exact values up to so many spans; of more, values are rounded by at most 1 %. */
export const MAX_EXACT_QUANTILE_VALUES = 2_000_000;

/** Thrown for what one statement over spans cannot say: the caller decides it over whole traces. */
export class NotMeasurableError extends Error {
  readonly code = 'STORE_NOT_MEASURABLE';

  constructor(what: string) {
    super(`metrics: ${what} cannot be read in one statement. Evaluate it over whole traces.`);
    this.name = 'NotMeasurableError';
  }
}

/**
 * A metrics function over the spans that satisfy a filter.
 * @throws NotMeasurableError
 */
export async function measureSpans(
  runner: StatementRunner,
  tenant: string,
  measure: SpanMeasure,
  memory: AttributeTypesMemory,
): Promise<MeasuredRead> {
  try {
    const value = await measureFunction(runner, tenant, measure, memory);
    return { value, statistics: runner.statistics(), steps: runner.steps };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: NOTHING, statistics: runner.statistics(reason), steps: runner.steps };
  }
}

const NOTHING: Measured = {
  series: [],
  exemplars: [],
  source: 'spans',
  hasMoreSeries: false,
  notes: [],
  sampling: { spans: 0, sampled: 0, weight: 0 },
};

async function measureFunction(
  runner: StatementRunner,
  tenant: string,
  measure: SpanMeasure,
  memory: AttributeTypesMemory,
): Promise<Measured> {
  const { aggregate } = measure;
  const typesOf = (...expressions: readonly FieldExpression[]) =>
    memory.load(runner, tenant, buildConjunction([measure.filter, ...expressions]));
  if (aggregate.kind === 'compare') {
    const types = await typesOf(aggregate.selection.expression);
    return measureCompare(runner, { ...measure, tenant, aggregate, types });
  }
  const fields = aggregate.field === undefined ? aggregate.by : [aggregate.field, ...aggregate.by];
  const types = await typesOf(...fields);
  const request = { ...measure, tenant, aggregate, types, isApproximate: false };
  const [measured, exemplars] = await Promise.all([
    measureMinutesOrSpans(runner, request),
    measure.maxExemplars === 0 ? [] : loadExemplars(runner, request),
  ]);
  return { ...measured, exemplars };
}

async function loadExemplars(
  runner: StatementRunner,
  request: MeasureStatementRequest,
): Promise<Measured['exemplars']> {
  const { aggregate } = request;
  const statement = tryExemplarStatement(request);
  if (statement === undefined) return [];
  const exemplars: Measured['exemplars'][number][] = [];
  for await (const block of runner.blocks(statement, {}, 'spans to show beside the series')) {
    for (const { tagged, ...exemplar } of readExemplars(block, labelCount(aggregate))) {
      exemplars.push({ ...exemplar, labels: labelsOf(tagged, aggregate, 0) });
    }
  }
  return exemplars.sort((a, b) => (a.startUnixNano < b.startUnixNano ? -1 : 1));
}

async function measureMinutesOrSpans(runner: StatementRunner, request: MeasureStatementRequest): Promise<Measured> {
  const { aggregate } = request;
  const ofMinutes = await tryMeasureMinutes(runner, request);
  if (ofMinutes !== undefined) return ofMinutes;

  const isApproximate = aggregate.function === 'quantile_over_time' && (await hasMoreSpans(runner, request));
  const statement = tryMeasureStatement({ ...request, isApproximate });
  if (statement === undefined) throw new NotMeasurableError('a field of the query');
  const rows = await readSeries(runner, statement, aggregate, `${aggregate.function} of spans`);
  return { ...measuredOf(rows, request), source: 'spans', notes: isApproximate ? [APPROXIMATE_NOTE] : [] };
}

async function measureCompare(runner: StatementRunner, request: CompareRequest): Promise<Measured> {
  const compared = await tryMeasureCompare(runner, request);
  if (compared === undefined) throw new NotMeasurableError('a condition of compare()');
  return compared;
}

/** Undefined where the sums a minute do not tell, or not all of the range is in them. */
async function tryMeasureMinutes(
  runner: StatementRunner,
  request: MeasureStatementRequest,
): Promise<Measured | undefined> {
  const statement = tryMinutesStatement(request);
  if (statement === undefined) return undefined;
  if (request.grid.originUnixNano < (await loadMinutesSince(runner, request.tenant))) return undefined;
  const { aggregate } = request;
  const rows = await readSeries(runner, statement, aggregate, `${aggregate.function} of sums a minute`);
  if (rows.some(({ labels }) => labels.includes(AMBIGUOUS))) return undefined;
  return { ...measuredOf(rows, request), source: 'minutes', notes: [] };
}

/** Up to this start there may be spans that the sums a minute lack, since they were stored before; nanoseconds. */
async function loadMinutesSince(runner: StatementRunner, tenant: string): Promise<bigint> {
  const scope = new TenantScope(tenant);
  const rows = await runner.rows<{ since: string }>(
    scope.statement(`SELECT toString(max(newest_start_unix_nano)) AS since ${scope.from('span_minutes_since')}`),
    {},
    'since when there are sums a minute',
  );
  return BigInt(rows[0]?.since ?? 0);
}

async function readSeries(
  runner: StatementRunner,
  statement: TenantStatement,
  aggregate: FunctionAggregate,
  name: string,
): Promise<SeriesRow[]> {
  // As JSON: only its documents say what the embedded engine has read for them.
  const rows = await runner.rows<JsonRow>(statement, { output_format_json_quote_denormals: 1 }, name);
  return rows.map((row) => readRow(row, labelCount(aggregate)));
}

function measuredOf(
  rows: readonly SeriesRow[],
  { aggregate, grid, maxSeries }: MeasureStatementRequest,
): Pick<Measured, 'series' | 'exemplars' | 'hasMoreSeries' | 'sampling'> {
  const kept = rows.slice(0, maxSeries);
  const sum = (of: (row: SeriesRow) => number): number => kept.reduce((total, row) => total + of(row), 0);
  return {
    series: kept.flatMap((row) => seriesOf(row, aggregate, grid)),
    exemplars: [],
    hasMoreSeries: rows.length > kept.length,
    sampling: { spans: sum(({ spans }) => spans), sampled: sum(({ sampled }) => sampled), weight: sum((r) => r.total) },
  };
}

const APPROXIMATE_NOTE =
  `more than ${MAX_EXACT_QUANTILE_VALUES} spans match: quantiles are of values rounded by at most 1 %. ` +
  'Narrow the time range or the filter for exact ones.';

/** Stops reading at the bound. */
async function hasMoreSpans(runner: StatementRunner, request: MeasureStatementRequest): Promise<boolean> {
  const scope = new TenantScope(request.tenant);
  const conditions = trySpanConditions(compileContext(scope, request), request);
  if (conditions === undefined) return false;
  const bound = scope.parameters.uint64(MAX_EXACT_QUANTILE_VALUES + 1);
  const rows = await runner.rows<{ spans: string }>(
    scope.statement(
      `SELECT toString(count()) AS spans FROM (SELECT 1 ${scope.from('spans', conditions)} LIMIT ${bound})`,
    ),
    {},
    'whether there are few enough values for exact quantiles',
  );
  return Number(rows[0]?.spans ?? 0) > MAX_EXACT_QUANTILE_VALUES;
}

interface SeriesRow {
  readonly labels: readonly string[];
  readonly buckets: readonly number[];
  /** One list a quantile; one list for all other functions. */
  readonly values: readonly (readonly number[])[];
  readonly total: number;
  readonly spans: number;
  readonly sampled: number;
}

function labelCount(aggregate: FunctionAggregate): number {
  return aggregate.by.length + (aggregate.function === 'histogram_over_time' ? 1 : 0);
}

type JsonNumber = number | string;

/** `l0`, `l1`, … are the labels. */
interface JsonRow {
  readonly [label: `l${number}`]: string;
  readonly buckets: readonly number[];
  readonly values: readonly (JsonNumber | readonly JsonNumber[])[];
  readonly total: JsonNumber;
  readonly spans: JsonNumber;
  readonly sampled: JsonNumber;
}

function readRow(row: JsonRow, labels: number): SeriesRow {
  const [first] = row.values;
  const lists = typeof first === 'object' ? first.length : 1;
  const listOf = (at: number) => row.values.map((value) => readNumber(typeof value === 'object' ? value[at] : value));
  return {
    labels: Array.from({ length: labels }, (_, i) => row[`l${i}`]),
    buckets: row.buckets,
    // Of quantiles each value is a list itself.
    values: Array.from({ length: lists }, (_, at) => listOf(at)),
    total: readNumber(row.total),
    spans: readNumber(row.spans),
    sampled: readNumber(row.sampled),
  };
}

/** The engine's words for what JSON has no number for. */
function readNumber(value: JsonNumber): number {
  if (value === 'inf') return Number.POSITIVE_INFINITY;
  return value === '-inf' ? Number.NEGATIVE_INFINITY : Number(value);
}

const NANO_PER_SECOND = 1e9;

function seriesOf(row: SeriesRow, aggregate: FunctionAggregate, grid: BucketGrid): MeasuredSeries[] {
  const isCount = ['rate', 'count_over_time', 'histogram_over_time'].includes(aggregate.function);
  const divisor = aggregate.function === 'rate' ? Number(grid.stepNano) / NANO_PER_SECOND : 1;
  return row.values.map((list, i) => {
    const values = new Float64Array(grid.count).fill(isCount ? 0 : Number.NaN);
    for (const [at, bucket] of row.buckets.entries()) values[bucket] = list[at] / divisor;
    return { labels: labelsOf(row.labels, aggregate, i), values };
  });
}

function labelsOf(tagged: readonly string[], aggregate: FunctionAggregate, quantile: number): SeriesLabel[] {
  const labels = aggregate.by.map((field, i): SeriesLabel => ({ name: labelName(field), value: readLabel(tagged[i]) }));
  if (labels.length === 0) labels.push({ name: '__name__', value: { type: 'string', value: aggregate.function } });
  if (aggregate.function === 'histogram_over_time') {
    labels.push({ name: '__bucket', value: readLabel(tagged[aggregate.by.length]) });
  }
  if (aggregate.function === 'quantile_over_time') {
    labels.push({ name: 'p', value: { type: 'float', value: aggregate.quantiles[quantile] } });
  }
  return labels;
}
