/** What a metrics query does with series, point in time by point in time. */
import type { ScalarComparison, SeriesStage } from '@clew/traceql';
import { type MetricsSeries, seriesText } from './series.ts';

/** Series that have no point left are dropped. */
export function applySeriesStage(series: readonly MetricsSeries[], stage: SeriesStage): MetricsSeries[] {
  const kept = stage.kind === 'top' ? keepTop(series, stage) : keepWhere(series, stage);
  return kept.filter(({ values }) => values.some((value) => !Number.isNaN(value)));
}

function keepWhere(series: readonly MetricsSeries[], stage: SeriesStage & { kind: 'series-filter' }): MetricsSeries[] {
  const test = COMPARISONS[stage.operator];
  return series.map((one) => ({
    ...one,
    values: one.values.map((value) => (test(value, stage.value) ? value : Number.NaN)),
  }));
}

const COMPARISONS: Readonly<Record<ScalarComparison, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

/** The largest (or smallest) of each bucket; of equal values those whose labels print first. */
function keepTop(series: readonly MetricsSeries[], stage: SeriesStage & { kind: 'top' }): MetricsSeries[] {
  const sign = stage.function === 'topk' ? -1 : 1;
  const ordered = series
    .map((one) => ({ values: one.values, text: seriesText(one.labels), kept: one.values.slice().fill(Number.NaN) }))
    .map((one, at) => ({ ...one, at }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const buckets = series[0]?.values.length ?? 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const present = ordered.filter(({ values }) => !Number.isNaN(values[bucket]));
    // The sort is stable: equal values stay in the order of their labels.
    const best = present.sort((a, b) => sign * compareNumbers(a.values[bucket], b.values[bucket]));
    for (const { values, kept } of best.slice(0, stage.count)) kept[bucket] = values[bucket];
  }
  const keptAt = new Map(ordered.map(({ at, kept }) => [at, kept]));
  return series.map((one, at) => ({ ...one, values: keptAt.get(at) ?? one.values }));
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
