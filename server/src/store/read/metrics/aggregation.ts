/**
 * The aggregates of a metrics function as SQL, in two halves: what is computed of the rows of one inner group, and how
 * several inner groups become one (resources with the same value of an attribute).
 */
import type { MetricsFunction } from '@clew/traceql';
import type { MeasuredValue } from './measured-value.ts';

export interface AggregateColumn {
  readonly name: string;
  /** Over rows of spans. */
  readonly inner: string;
  /** Over rows of the inner statement; `merge` where they are grouped again, `final` where each is a group by itself. */
  readonly merge: string;
  readonly final: string;
}

export interface Aggregation {
  readonly columns: readonly AggregateColumn[];
  /** Float64, or Array(Float64) for quantiles, over the columns. */
  readonly value: string;
}

const NANO_PER_SECOND = '1000000000.';

/** @param weight Float64 of a row. @param value absent for rate and count_over_time. */
export function aggregationOf(
  name: MetricsFunction,
  weight: string,
  value: MeasuredValue | undefined,
  quantiles: readonly number[],
): Aggregation {
  const counted = [sumColumn('weight', `sum(${weight})`)];
  if (value === undefined) return { columns: counted, value: 'weight' };
  const seconds = (sql: string): string => (value.isDuration ? `toFloat64(${sql}) / ${NANO_PER_SECOND}` : sql);
  const weighted = sumColumn('weighted', `sum(${weight} * toFloat64(${value.value}))`);
  switch (name) {
    case 'rate':
    case 'count_over_time':
    case 'histogram_over_time':
      return { columns: counted, value: 'weight' };
    case 'min_over_time':
      return { columns: [...counted, extremeColumn('min', value.value)], value: seconds('extreme') };
    case 'max_over_time':
      return { columns: [...counted, extremeColumn('max', value.value)], value: seconds('extreme') };
    case 'sum_over_time':
      return { columns: [...counted, weighted], value: seconds('weighted') };
    case 'avg_over_time':
      return { columns: [...counted, weighted], value: seconds('weighted / weight') };
    case 'quantile_over_time':
      return {
        columns: [...counted, quantileColumn(quantiles, value.value, weight)],
        value: `arrayMap(q -> ${seconds('q')}, quantiles)`,
      };
  }
}

function sumColumn(name: string, inner: string): AggregateColumn {
  return { name, inner, merge: `sum(a_${name})`, final: `a_${name}` };
}

function extremeColumn(name: 'min' | 'max', value: string): AggregateColumn {
  return { name: 'extreme', inner: `${name}(${value})`, merge: `${name}(a_extreme)`, final: 'a_extreme' };
}

/** Weights become whole numbers: fractions of a span down to 2^-16, so that 2^24 spans of 2^24 each still add up. */
const WEIGHT_UNIT = 65_536;
const MAX_WEIGHT = 2 ** 24;
/** As the evaluator has it (evaluate/cells.ts of @clew/traceql). */
const RANK_TOLERANCE = 1e-9;

/** Levels and weight of quantilesExactWeighted, so that ranks are those of TraceQL's quantile_over_time. */
export function quantileArguments(
  quantiles: readonly number[],
  weight: string,
): { readonly levels: string; readonly whole: string } {
  // The engine rounds ranks up: what a product of two fractions has too much must not make it the next rank.
  const levels = `(${quantiles.map((quantile) => quantile * (1 - RANK_TOLERANCE)).join(', ')})`;
  const whole = weight === '1.' ? '1' : `toUInt64(round(least(${weight}, ${MAX_WEIGHT}.) * ${WEIGHT_UNIT}))`;
  return { levels, whole };
}

function quantileColumn(quantiles: readonly number[], value: string, weight: string): AggregateColumn {
  const { levels, whole } = quantileArguments(quantiles, weight);
  return {
    name: 'quantiles',
    inner: `quantilesExactWeightedState${levels}(${value}, ${whole})`,
    merge: `quantilesExactWeightedMerge${levels}(a_quantiles)`,
    final: 'finalizeAggregation(a_quantiles)',
  };
}

/** Values a power of this apart are told apart: no bucket is more than 1 % from its middle. */
const APPROXIMATE_BASE = 1.02;

/** The value with at most 1 % of error: so few different ones that the memory of quantiles is bounded. */
export function approximated(value: string): string {
  const base = Math.log(APPROXIMATE_BASE);
  const x = `toFloat64(${value})`;
  return `if(${x} = 0, 0., sign(${x}) * exp(round(log(abs(${x})) / ${base}) * ${base}))`;
}
