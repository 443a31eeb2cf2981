import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { approximated, quantileArguments } from '../metrics/aggregation.ts';

const QUANTILES = [0.5, 0.95, 0.99] as const;

/** Array of three: durations that 50, 95 and 99 % of the spans do not exceed, nanoseconds. */
export function durationQuantiles(isRounded: boolean, weight = SPAN_WEIGHT_SQL): string {
  const { levels, whole } = quantileArguments(QUANTILES, weight);
  return `quantilesExactWeighted${levels}(${durationValue(isRounded)}, ${whole})`;
}

/** The same in two steps: a state of the rows for which `when` holds, and what puts states together. */
export function durationStates(
  isRounded: boolean,
  weight: string,
  when: string,
): { readonly state: string; readonly merge: (column: string) => string } {
  const { levels, whole } = quantileArguments(QUANTILES, weight);
  return {
    state: `quantilesExactWeightedStateIf${levels}(${durationValue(isRounded)}, ${whole}, ${when})`,
    merge: (column) => `quantilesExactWeightedMerge${levels}(${column})`,
  };
}

function durationValue(isRounded: boolean): string {
  return isRounded ? approximated('duration') : 'toFloat64(duration)';
}

export interface Quantiles {
  readonly p50Nano: number | null;
  readonly p95Nano: number | null;
  readonly p99Nano: number | null;
}

export const NO_QUANTILES: Quantiles = { p50Nano: null, p95Nano: null, p99Nano: null };

/** What `durationQuantiles` answers. */
export function readQuantiles([p50Nano, p95Nano, p99Nano]: readonly number[]): Quantiles & {
  readonly [name in keyof Quantiles]: number;
} {
  return { p50Nano, p95Nano, p99Nano };
}
