import type { QueryPlan, QueryStep, ReadStatistics } from '@clew/contract';
import type { MetricsExpression } from '@clew/traceql';
import type { Exemplar, Measured, MeasuredRead, SpanMeasure } from '../../store/span-measure.ts';
import type { SearchOptions, SpanStore } from '../../store/span-store.ts';
import { tryOneFilter } from './filters-only.ts';
import { type MetricsSeries, seriesKey } from './series.ts';

export type MetricsPipeline = MetricsExpression & { kind: 'metrics-pipeline' };

export interface PipelineRequest extends Omit<SpanMeasure, 'filter' | 'aggregate'> {
  readonly tenant: string;
  readonly options: SearchOptions;
}

/** What one pipeline of a metrics query amounts to. */
export interface PipelineMeasure extends Pick<Measured, 'source' | 'sampling' | 'notes'> {
  readonly series: readonly MetricsSeries[];
  readonly statistics: ReadStatistics;
  readonly tier: QueryPlan['tier'];
  readonly reasons: readonly string[];
  readonly steps: readonly QueryStep[];
}

/** Before the stages that choose among series. */
export async function measurePipeline(
  store: SpanStore,
  pipeline: MetricsPipeline,
  { tenant, options, ...measure }: PipelineRequest,
): Promise<PipelineMeasure> {
  const filter = tryOneFilter(pipeline.pipeline);
  if (filter === undefined) throw new Error('not yet');
  const { aggregate } = pipeline;
  const read = await store.measureSpans(tenant, { ...measure, filter, aggregate }, options);
  return { ...measureOf(read, measure.maxSeries), tier: 'sql', reasons: [reasonOf(read.value.source)] };
}

function reasonOf(source: Measured['source']): string {
  return source === 'minutes'
    ? 'the pipeline is filters only, over what the sums a minute tell apart: the engine adds these sums up'
    : 'the pipeline is filters only: the engine groups the spans by itself';
}

function measureOf(
  { value, statistics, steps }: MeasuredRead,
  maxSeries: number,
): Omit<PipelineMeasure, 'tier' | 'reasons'> {
  const exemplars = new Map<string, Exemplar[]>();
  for (const { labels, ...exemplar } of value.exemplars) {
    const key = seriesKey(labels);
    exemplars.set(key, [...(exemplars.get(key) ?? []), exemplar]);
  }
  const cut = value.hasMoreSeries ? `only the ${maxSeries} series with the most spans are shown` : undefined;
  const reason = [statistics.incompleteReason, cut].filter((one) => one !== undefined).join('; ');
  return {
    series: value.series.map((series) => ({ ...series, exemplars: exemplars.get(seriesKey(series.labels)) ?? [] })),
    source: value.source,
    sampling: value.sampling,
    notes: value.notes,
    statistics: reason === '' ? statistics : { ...statistics, complete: false, incompleteReason: reason },
    steps,
  };
}
