import type { FoundSeries } from '@clew/contract';

/** Buckets that a chart of half a page has room for. */
const BUCKETS = 60;
const MINUTE_MS = 60_000;
/** Up to here buckets are shorter than a minute. */
const SHORT_MS = 15 * MINUTE_MS;
const SHORT_STEP_MS = 15_000;

/** Length of the buckets of a chart: whole minutes where that can be, which are summed up already. */
export function chartStepMs(rangeMs: number): number {
  if (rangeMs <= SHORT_MS) return SHORT_STEP_MS;
  return Math.ceil(rangeMs / BUCKETS / MINUTE_MS) * MINUTE_MS;
}

const labelOf = ({ labels }: FoundSeries, name: string): string =>
  labels.find((label) => label.name === name)?.value ?? '';

/** Errors first, and whether there are any. */
export function statusSeries(series: readonly FoundSeries[]): readonly FoundSeries[] {
  const order = ['error', 'ok', 'unset'];
  return series.toSorted((a, b) => order.indexOf(labelOf(a, 'status')) - order.indexOf(labelOf(b, 'status')));
}

export function hasErrors(series: readonly FoundSeries[]): boolean {
  return series.some((one) => labelOf(one, 'status') === 'error');
}

/** The smallest quantile first. */
export function quantileSeries(series: readonly FoundSeries[]): readonly FoundSeries[] {
  return series.toSorted((a, b) => Number(labelOf(a, 'p')) - Number(labelOf(b, 'p')));
}
