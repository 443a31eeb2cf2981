import type { SpanId, TraceId } from '@clew/model';
import { type PlainValue, valueKey, valueText } from './plain-value.ts';

/** As printed in TraceQL (`resource.service.name`), or `__name__`, `p`, `__bucket`, `__meta_type`, `__meta_error`. */
export interface SeriesLabel {
  readonly name: string;
  readonly value: PlainValue;
}

export interface Exemplar {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly startUnixNano: bigint;
  /** What was measured of the span, in seconds for durations; 1 for rate, count_over_time and compare. */
  readonly value: number;
}

export interface Series {
  readonly labels: readonly SeriesLabel[];
  /** One for each bucket; undefined where the series has no point. Never NaN. */
  readonly values: readonly (number | undefined)[];
  readonly exemplars: readonly Exemplar[];
}

/** Tells series apart. */
export function labelsKey(labels: readonly SeriesLabel[]): string {
  return JSON.stringify(labels.map(({ name, value }) => [name, valueKey(value)]));
}

/** The labels as printed: the order of series, also where their values are equal. */
export function labelsText(labels: readonly SeriesLabel[]): string {
  return labels.map(({ name, value }) => `${name}=${valueText(value)}`).join(', ');
}

/** Points that are no number count as absent; a series without a point is none. */
export function dropEmpty(series: readonly Series[]): readonly Series[] {
  return series
    .map((one) => ({ ...one, values: one.values.map((value) => (Number.isNaN(value) ? undefined : value)) }))
    .filter(({ values }) => values.some((value) => value !== undefined));
}

export function textLabel(name: string, value: string): SeriesLabel {
  return { name, value: { type: 'string', value } };
}
