import type { ComparedPopulation } from '@clew/contract';
import type { Series } from '@clew/traceql/evaluate/series';
import type { ComparisonReads } from './comparison-reads.ts';
import type { Population } from './population.ts';

export type Figures = Pick<ComparedPopulation, 'spanCount' | 'errorCount' | 'perSecond' | 'durationNano'>;

const STATUS_ERROR = 2;
/** Three statuses, three quantiles; a few to spare. */
const MAX_SERIES = 10;

/** Rate, errors and durations of a side's matching spans. */
export async function measureFigures(reads: ComparisonReads, population: Population): Promise<Figures> {
  const [counts, quantiles, means] = await Promise.all([
    population.measure(reads, 'count_over_time() by (status)', MAX_SERIES),
    population.measure(reads, 'quantile_over_time(duration, 0.5, 0.95, 0.99)', MAX_SERIES),
    population.measure(reads, 'avg_over_time(duration)', MAX_SERIES),
  ]);
  const count = (series: readonly Series[]): number => series.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
  const isError = ({ labels }: Series): boolean =>
    labels.some(({ value }) => value.type === 'status' && Number(value.value) === STATUS_ERROR);
  const { fromUnixNano, toUnixNano } = population.range;
  const spanCount = count(counts.series);
  const quantile = (p: number): number | undefined =>
    quantiles.series.find(({ labels }) => labels.some(({ name, value }) => name === 'p' && numberOf(value) === p))
      ?.values[0];
  const seconds = [means.series[0]?.values[0], quantile(0.5), quantile(0.95), quantile(0.99)];
  const [mean, p50, p95, p99] = seconds.map((one) => Math.round((one ?? 0) * 1e9));
  return {
    spanCount,
    errorCount: count(counts.series.filter(isError)),
    perSecond: spanCount / (Number(toUnixNano - fromUnixNano) / 1e9),
    durationNano: seconds.includes(undefined) ? null : { mean, p50, p95, p99 },
  };
}

function numberOf(value: { readonly type: string; readonly value?: unknown }): number {
  return value.type === 'float' || value.type === 'int' ? Number(value.value) : Number.NaN;
}
