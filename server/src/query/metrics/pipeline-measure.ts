import type { QueryPlan, QueryStep, ReadStatistics } from '@clew/contract';
import type { MetricsAggregate, MetricsExpression } from '@clew/traceql';
import type { Series } from '@clew/traceql/evaluate/series';
import type { Measured, SpanMeasure } from '../../store/span-measure.ts';
import type { SearchOptions } from '../../store/span-store.ts';

export type MetricsPipeline = MetricsExpression & { kind: 'metrics-pipeline' };

/** One of the functions over time; compare() is another. */
export type FunctionPipeline = MetricsPipeline & { aggregate: MetricsAggregate & { kind: 'metrics-function' } };

export interface PipelineRequest extends Omit<SpanMeasure, 'filter' | 'aggregate'> {
  readonly tenant: string;
  readonly options: SearchOptions;
}

/** What one pipeline of a metrics query amounts to. */
export interface PipelineMeasure extends Pick<Measured, 'source' | 'notes'> {
  /** Undefined where it is not known. */
  readonly sampling?: Measured['sampling'];
  readonly series: readonly Series[];
  readonly statistics: ReadStatistics;
  readonly tier: QueryPlan['tier'];
  readonly reasons: readonly string[];
  readonly steps: readonly QueryStep[];
}
