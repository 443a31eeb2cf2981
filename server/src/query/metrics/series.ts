import { labelsKey, type Series, type SeriesLabel } from '@clew/traceql/evaluate/series';
import type { Exemplar, Measured } from '../../store/span-measure.ts';

/** One series of an answer: a value a bucket, NaN where it has none. */
export interface MetricsSeries {
  readonly labels: readonly SeriesLabel[];
  readonly values: Float64Array;
  readonly exemplars: readonly Exemplar[];
}

/** The evaluator's form, which the stages of a query work on. */
export function seriesOfMeasured({ series, exemplars }: Measured): Series[] {
  const ofSeries = new Map<string, Exemplar[]>();
  for (const { labels, ...exemplar } of exemplars) {
    const key = labelsKey(labels);
    ofSeries.set(key, [...(ofSeries.get(key) ?? []), exemplar]);
  }
  return series.map(({ labels, values }) => ({
    labels,
    values: Array.from(values, (value) => (Number.isNaN(value) ? undefined : value)),
    exemplars: ofSeries.get(labelsKey(labels)) ?? [],
  }));
}

export function metricsSeriesOf({ labels, values, exemplars }: Series): MetricsSeries {
  return { labels, values: Float64Array.from(values, (value) => value ?? Number.NaN), exemplars };
}
