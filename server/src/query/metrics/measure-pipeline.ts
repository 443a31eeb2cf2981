import type { Exemplar } from '@clew/traceql/evaluate/series';
import type { Measured, MeasuredRead } from '../../store/span-measure.ts';
import type { SpanStore } from '../../store/span-store.ts';
import { tryOneFilter } from './filters-only.ts';
import { measureRows } from './measure-rows.ts';
import { measureTraces } from './measure-traces.ts';
import type { MetricsPipeline, PipelineMeasure, PipelineRequest } from './pipeline-measure.ts';
import { seriesOfMeasured } from './series.ts';

/** Before the stages that choose among series. */
export async function measurePipeline(
  store: SpanStore,
  pipeline: MetricsPipeline,
  request: PipelineRequest,
): Promise<PipelineMeasure> {
  const measure = await measureAsFits(store, pipeline, request);
  const { aggregate } = pipeline;
  if (aggregate.kind === 'compare' || aggregate.field !== undefined) return measure;
  // A count is nothing that one span has.
  const counted = (exemplar: Exemplar): Exemplar => ({ ...exemplar, value: Number.NaN });
  const series = measure.series.map((one) => ({ ...one, exemplars: one.exemplars.map(counted) }));
  return { ...measure, series };
}

async function measureAsFits(
  store: SpanStore,
  pipeline: MetricsPipeline,
  request: PipelineRequest,
): Promise<PipelineMeasure> {
  const filter = tryOneFilter(pipeline.pipeline);
  if (filter === undefined) return measureRelated(store, pipeline, request);
  const { tenant, options, ...measure } = request;
  const { aggregate } = pipeline;
  try {
    const read = await store.measureSpans(tenant, { ...measure, filter, aggregate }, options);
    return { ...measureOf(read, measure.maxSeries), tier: 'sql', reasons: [reasonOf(read.value.source)] };
  } catch (error) {
    if (!isNotMeasurable(error)) throw error;
    return measureRelated(store, pipeline, request);
  }
}

const COMPARE_REASON = 'compare() looks at every attribute of related spans: candidate traces are evaluated whole';

/** Over columns of candidate traces where that is enough, else over whole traces. */
async function measureRelated(
  store: SpanStore,
  pipeline: MetricsPipeline,
  request: PipelineRequest,
): Promise<PipelineMeasure> {
  const { aggregate } = pipeline;
  if (aggregate.kind === 'compare') return measureTraces(store, pipeline, request, [COMPARE_REASON]);
  const measure = await measureRows(store, { ...pipeline, aggregate }, request);
  return 'series' in measure ? measure : measureTraces(store, pipeline, request, measure);
}

function isNotMeasurable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'STORE_NOT_MEASURABLE';
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
  const cut = value.hasMoreSeries ? `only the ${maxSeries} series with the most spans are shown` : undefined;
  const reason = [statistics.incompleteReason, cut].filter((one) => one !== undefined).join('; ');
  return {
    series: seriesOfMeasured(value),
    source: value.source,
    sampling: value.sampling,
    notes: value.notes,
    statistics: reason === '' ? statistics : { ...statistics, complete: false, incompleteReason: reason },
    steps,
  };
}
