import { type PlainValue, valueKey, valueText } from '@clew/traceql/evaluate/plain-value';
import type { Exemplar, SeriesLabel } from '../../store/span-measure.ts';

/** One series of an answer: a value a bucket, NaN where it has none. */
export interface MetricsSeries {
  readonly labels: readonly SeriesLabel[];
  readonly values: Float64Array;
  /** Oldest first. */
  readonly exemplars: readonly Exemplar[];
}

export const NAME_LABEL = '__name__';

/** Tells series apart, by names and typed values, in any order of the labels. */
export function seriesKey(labels: readonly SeriesLabel[]): string {
  return JSON.stringify(labels.map(({ name, value }) => [name, valueKey(value)]).toSorted(byFirst));
}

function byFirst([a]: readonly string[], [b]: readonly string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Labels as they are printed; decides orders that values leave open. */
export function seriesText(labels: readonly SeriesLabel[]): string {
  return labels.map(({ name, value }) => `${name}=${labelText(value)}`).join(', ');
}

export function labelText(value: PlainValue): string {
  return valueText(value);
}
