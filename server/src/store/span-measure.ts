/**
 * Metrics of spans, as query asks for them and the store answers: types only.
 */
import type { QueryStep, ReadStatistics } from '@clew/contract';
import type { FieldExpression, MetricsAggregate } from '@clew/traceql';
import type { Exemplar, SeriesLabel } from '@clew/traceql/evaluate/series';

/**
 * Buckets of equal length, each closed on its right: bucket i has the starts with
 * origin + i × step < start ≤ origin + (i + 1) × step. Nanoseconds since 1970.
 */
export interface BucketGrid {
  readonly originUnixNano: bigint;
  readonly stepNano: bigint;
  /** At least 1. */
  readonly count: number;
}

export type { Exemplar, SeriesLabel };

/** Values of one series, one a bucket of the grid; NaN where it has none. */
export interface MeasuredSeries {
  readonly labels: readonly SeriesLabel[];
  readonly values: Float64Array;
}

/** A part of the spans, chosen by a hash: what is counted stands for 1 / share as many. */
export interface SpanSample {
  /** Whole traces or single spans. */
  readonly of: 'traces' | 'spans';
  /** More than 0, less than 1. */
  readonly share: number;
}

export interface SpanMeasure {
  readonly filter: FieldExpression;
  readonly grid: BucketGrid;
  readonly aggregate: MetricsAggregate;
  /** Whether a span with `ot=th:…` in its trace state stands for several. */
  readonly extrapolate: boolean;
  readonly sample?: SpanSample;
  /** The series with the largest weight are kept. */
  readonly maxSeries: number;
  /** Spans to show beside; 0 for none. */
  readonly maxExemplars: number;
  /** Buckets of histogram_over_time for each doubling of the value; absent: 1. */
  readonly perDoubling?: number;
  /** False: never from the table of minutes. For tests and comparisons. */
  readonly useMinutes?: boolean;
}

export interface MeasuredRead {
  readonly value: Measured;
  readonly statistics: ReadStatistics;
  /** With `explain`. */
  readonly steps: readonly QueryStep[];
}

export interface Measured {
  readonly series: readonly MeasuredSeries[];
  readonly exemplars: readonly (Exemplar & { readonly labels: readonly SeriesLabel[] })[];
  /** What was counted: the stored spans, or the table with their sums a minute. */
  readonly source: 'spans' | 'minutes';
  /** Whether there were more than `maxSeries`. */
  readonly hasMoreSeries: boolean;
  /** What the reader of the numbers should know, in sentences: quantiles from buckets. */
  readonly notes: readonly string[];
  /** Spans counted, those of them with a weight of more than one, and the weight of all. */
  readonly sampling: { readonly spans: number; readonly sampled: number; readonly weight: number };
}
