/** Arithmetic between metrics: series with equal labels are joined, numbers apply to every point. */
import type { MetricsExpression } from '@clew/traceql';
import { type MetricsSeries, NAME_LABEL, seriesKey } from './series.ts';

export type SeriesOperator = (MetricsExpression & { kind: 'metrics-arithmetic' })['operator'];
export type SeriesOperand = readonly MetricsSeries[] | number;

const OPERATIONS: Readonly<Record<SeriesOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  // A point divided by zero is none.
  '/': (a, b) => (b === 0 ? Number.NaN : a / b),
};

/** A series without a partner, and a point of which one side has none, is not in the answer. */
export function combineSeries(operator: SeriesOperator, left: SeriesOperand, right: SeriesOperand): SeriesOperand {
  const apply = OPERATIONS[operator];
  if (typeof left === 'number') {
    if (typeof right === 'number') return apply(left, right);
    return right.map((one) => withValues(one, (value) => apply(left, value))).filter(hasPoint);
  }
  if (typeof right === 'number')
    return left.map((one) => withValues(one, (value) => apply(value, right))).filter(hasPoint);
  const partners = new Map(right.map((one) => [seriesKey(unnamed(one)), one]));
  return left
    .flatMap((one) => {
      const partner = partners.get(seriesKey(unnamed(one)));
      if (partner === undefined) return [];
      const joined = withValues(one, (value, bucket) => apply(value, partner.values[bucket]));
      return [{ ...joined, labels: unnamed(one) }];
    })
    .filter(hasPoint);
}

/** Without the name of the function, which is no property of the spans. */
function unnamed({ labels }: MetricsSeries): MetricsSeries['labels'] {
  return labels.filter(({ name }) => name !== NAME_LABEL);
}

function withValues(series: MetricsSeries, of: (value: number, bucket: number) => number): MetricsSeries {
  return { ...series, values: series.values.map(of) };
}

function hasPoint({ values }: MetricsSeries): boolean {
  return values.some((value) => !Number.isNaN(value));
}
