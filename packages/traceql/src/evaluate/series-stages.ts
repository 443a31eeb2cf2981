/** What is done with whole series: topk, bottomk, filters, arithmetic. */
import { calculateFloats } from '../calculate-numbers.ts';
import { compareStatics, compareText } from '../compare-statics.ts';
import type { SeriesStage } from '../tree.ts';
import { dropEmpty, labelsKey, labelsText, type Series } from './series.ts';

export type SeriesOperator = '+' | '-' | '*' | '/';

/** Series, or one number for every point in time. */
export type Operand = readonly Series[] | number;

/** Stages from left to right. Points are dropped, and series without any left. */
export function applyStages(series: readonly Series[], stages: readonly SeriesStage[]): readonly Series[] {
  return stages.reduce((left, stage) => dropEmpty(applyStage(left, stage)), dropEmpty(series));
}

function applyStage(series: readonly Series[], stage: SeriesStage): readonly Series[] {
  if (stage.kind === 'top') return keepTop(series, stage);
  const limit = { type: 'float', value: stage.value } as const;
  const keeps = (value: number) => compareStatics(stage.operator, { type: 'float', value }, limit);
  return series.map((one) => ({
    ...one,
    values: one.values.map((value) => (value !== undefined && keeps(value) ? value : undefined)),
  }));
}

/** In each bucket the `count` series with the largest or smallest values; of equal ones the first by labels. */
function keepTop(series: readonly Series[], stage: SeriesStage & { kind: 'top' }): readonly Series[] {
  const direction = stage.function === 'topk' ? -1 : 1;
  const inOrder = sortSeries(series);
  const kept = inOrder.map(({ values }) => new Array<number | undefined>(values.length).fill(undefined));
  for (const bucket of inOrder[0]?.values.keys() ?? []) {
    inOrder
      .flatMap(({ values }, index) => {
        const value = values[bucket];
        return value === undefined ? [] : [{ index, value }];
      })
      .sort((a, b) => direction * Math.sign(compareNumbers(a.value, b.value)) || a.index - b.index)
      .slice(0, stage.count)
      .forEach(({ index, value }) => {
        kept[index][bucket] = value;
      });
  }
  return inOrder.map((one, index) => ({ ...one, values: kept[index] }));
}

/** Infinity minus Infinity is no order. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function sortSeries(series: readonly Series[]): readonly Series[] {
  return series
    .map((one) => ({ one, text: labelsText(one.labels) }))
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ one }) => one);
}

/**
 * Joins series with equal labels, point by point, where both have one; a number meets every point, and one series
 * without labels every series: `rate() by (x) / rate()` is a share. The result has no `__name__`; a point divided by zero
 * is dropped.
 */
export function combine(operator: SeriesOperator, left: Operand, right: Operand): Operand {
  if (typeof left === 'number') {
    if (typeof right === 'number') return calculate(operator, left, right) ?? Number.NaN;
    return right.map((one) => mapValues(one, (value) => calculate(operator, left, value)));
  }
  if (typeof right === 'number') {
    return left.map((one) => mapValues(one, (value) => calculate(operator, value, right)));
  }
  const whole = unlabelled(right);
  if (whole !== undefined) return left.map((one) => join(operator, one, one, whole));
  const part = unlabelled(left);
  if (part !== undefined) return right.map((one) => join(operator, one, part, one));
  const partners = new Map(right.map((one) => [labelsKey(withoutName(one)), one]));
  return left.flatMap((one) => {
    const partner = partners.get(labelsKey(withoutName(one)));
    return partner === undefined ? [] : [join(operator, one, one, partner)];
  });
}

/** The one series that stands for everything, if that is all there is. */
function unlabelled(series: readonly Series[]): Series | undefined {
  return series.length === 1 && withoutName(series[0]).length === 0 ? series[0] : undefined;
}

/** @param labelled whose labels the result has */
function join(operator: SeriesOperator, labelled: Series, left: Series, right: Series): Series {
  const values = left.values.map((value, bucket) => {
    const other = right.values[bucket];
    return value === undefined || other === undefined ? undefined : calculate(operator, value, other);
  });
  return { labels: withoutName(labelled), values, exemplars: [...left.exemplars, ...right.exemplars] };
}

function withoutName({ labels }: Series) {
  return labels.filter(({ name }) => name !== '__name__');
}

function mapValues(series: Series, change: (value: number) => number | undefined): Series {
  const values = series.values.map((value) => (value === undefined ? undefined : change(value)));
  return { ...series, labels: withoutName(series), values };
}

function calculate(operator: SeriesOperator, a: number, b: number): number | undefined {
  return operator === '/' && b === 0 ? undefined : calculateFloats(operator, a, b);
}
