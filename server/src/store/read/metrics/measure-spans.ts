import { ArrayColumn } from '../../native/array-column.ts';
import { TextColumn } from '../../native/column.ts';
import { Int64Column } from '../../native/int64-column.ts';
import type { NativeBlock } from '../../native/native-block.ts';
import { NumberColumn } from '../../native/number-column.ts';
import type {
  BucketGrid,
  Measured,
  MeasuredRead,
  MeasuredSeries,
  SeriesLabel,
  SpanMeasure,
} from '../../span-measure.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';
import { labelName } from './label-name.ts';
import { type FunctionAggregate, spanConditions, tryMeasureStatement } from './measure-statement.ts';
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
): Promise<MeasuredRead> {
  try {
    const value = await measureFunction(runner, tenant, measure);
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

async function measureFunction(runner: StatementRunner, tenant: string, measure: SpanMeasure): Promise<Measured> {
  const { aggregate, grid } = measure;
  if (aggregate.kind === 'compare') throw new NotMeasurableError('compare()');
  const fields = aggregate.field === undefined ? aggregate.by : [aggregate.field, ...aggregate.by];
  const types = await loadAttributeTypes(runner, tenant, measure.filter, ...fields);
  const request = { ...measure, tenant, aggregate, types, isApproximate: false };
  const isApproximate = aggregate.function === 'quantile_over_time' && (await hasMoreSpans(runner, request));
  const statement = tryMeasureStatement({ ...request, isApproximate });
  if (statement === undefined) throw new NotMeasurableError('a field of the query');

  const rows: SeriesRow[] = [];
  for await (const block of runner.blocks(statement, {}, `${aggregate.function} of spans`)) {
    rows.push(...readRows(block, labelCount(aggregate)));
  }
  const kept = rows.slice(0, measure.maxSeries);
  const sum = (of: (row: SeriesRow) => number): number => kept.reduce((total, row) => total + of(row), 0);
  return {
    series: kept.flatMap((row) => seriesOf(row, aggregate, grid)),
    exemplars: [],
    source: 'spans',
    hasMoreSeries: rows.length > kept.length,
    notes: isApproximate ? [APPROXIMATE_NOTE] : [],
    sampling: { spans: sum(({ spans }) => spans), sampled: sum(({ sampled }) => sampled), weight: sum((r) => r.total) },
  };
}

const APPROXIMATE_NOTE =
  `more than ${MAX_EXACT_QUANTILE_VALUES} spans match: quantiles are of values rounded by at most 1 %. ` +
  'Narrow the time range or the filter for exact ones.';

/** Stops reading at the bound. */
async function hasMoreSpans(
  runner: StatementRunner,
  request: Parameters<typeof spanConditions>[1] & { readonly tenant: string },
): Promise<boolean> {
  const scope = new TenantScope(request.tenant);
  const bound = scope.parameters.uint64(MAX_EXACT_QUANTILE_VALUES + 1);
  const source = scope.from('spans', spanConditions(scope, request));
  const rows = await runner.rows<{ spans: string }>(
    scope.statement(`SELECT toString(count()) AS spans FROM (SELECT 1 ${source} LIMIT ${bound})`),
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

function readRows(block: NativeBlock, labels: number): SeriesRow[] {
  const texts = Array.from({ length: labels }, (_, i) => block.column(`l${i}`, TextColumn));
  const runs = block.column('buckets', ArrayColumn);
  const buckets = runs.elementsAs(NumberColumn);
  const values = block.column('values', ArrayColumn);
  const total = block.column('total', NumberColumn);
  const spans = block.column('spans', Int64Column);
  const sampled = block.column('sampled', Int64Column);
  return Array.from({ length: block.rowCount }, (_, row): SeriesRow => {
    const [from, to] = [runs.from(row), runs.to(row)];
    return {
      labels: texts.map((column) => column.text(row)),
      buckets: Array.from(buckets.values.subarray(from, to)),
      values: readValues(values, from, to),
      total: total.number(row),
      spans: spans.number(row),
      sampled: sampled.number(row),
    };
  });
}

/** Values lie like the buckets; those of quantiles are lists themselves. */
function readValues(values: ArrayColumn, from: number, to: number): number[][] {
  const { elements } = values;
  if (elements instanceof NumberColumn) return [Array.from(elements.values.subarray(from, to))];
  const lists = values.elementsAs(ArrayColumn);
  const numbers = lists.elementsAs(NumberColumn).values;
  const count = from === to ? 0 : lists.to(from) - lists.from(from);
  return Array.from({ length: count }, (_, q) =>
    Array.from({ length: to - from }, (_, i) => numbers[lists.from(from + i) + q]),
  );
}

const NANO_PER_SECOND = 1e9;

function seriesOf(row: SeriesRow, aggregate: FunctionAggregate, grid: BucketGrid): MeasuredSeries[] {
  const isCount = aggregate.function === 'rate' || aggregate.function === 'count_over_time';
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
