import { compareStatics } from '../compare-statics.ts';
import { FloatSum } from '../float-sum.ts';
import type { AggregateFunction } from '../tree.ts';
import { numberOf } from './arithmetic.ts';
import type { ReadValue } from './compile-expression.ts';
import type { Positions } from './relate-spans.ts';
import type { TraceSpans } from './trace-spans.ts';
import { intValue, type Scalar, type Value } from './value.ts';

type NumberValue = Scalar & { type: 'int' | 'float' | 'duration' };

/** The number an aggregate yields, and how it is shown. */
export interface Aggregated {
  readonly value: Value;
  /** An average of durations is shown as a duration, to the nanosecond. */
  readonly shown: Scalar | undefined;
}

/** nil where no span has a number. NaN is skipped as nil is. */
export function aggregate(
  name: AggregateFunction,
  read: ReadValue | undefined,
  trace: TraceSpans,
  spans: Positions,
): Aggregated {
  if (name === 'count' || read === undefined) return same(intValue(spans.length));
  const numbers = spans.flatMap((position) => numberOf(read(trace, position)) ?? []).filter(isNoNan);
  if (numbers.length === 0) return same(undefined);
  switch (name) {
    case 'min':
      return same(numbers.reduce((least, number) => (compareStatics('<', number, least) ? number : least)));
    case 'max':
      return same(numbers.reduce((most, number) => (compareStatics('>', number, most) ? number : most)));
    case 'sum':
      return same(sum(numbers));
    case 'avg':
      return average(numbers);
  }
}

function same(value: Scalar | undefined): Aggregated {
  return { value, shown: value };
}

function isNoNan(number: NumberValue): boolean {
  return !Number.isNaN(number.value);
}

/** Integers are added as integers and wrap at 64 bits; a float among them makes all floats. */
function sum(numbers: readonly NumberValue[]): Scalar {
  const whole = exactSum(numbers);
  if (whole === undefined) return { type: 'float', value: floatSum(numbers) };
  const isDuration = numbers.some(({ type }) => type === 'duration');
  return { type: isDuration ? 'duration' : 'int', value: BigInt.asIntN(64, whole) };
}

function average(numbers: readonly NumberValue[]): Aggregated {
  const whole = exactSum(numbers);
  const value = (whole === undefined ? floatSum(numbers) : Number(whole)) / numbers.length;
  const isDuration = numbers.every(({ type }) => type === 'duration');
  return {
    value: { type: 'float', value },
    shown: isDuration ? { type: 'duration', value: BigInt(Math.round(value)) } : { type: 'float', value },
  };
}

function exactSum(numbers: readonly NumberValue[]): bigint | undefined {
  let total = 0n;
  for (const { value } of numbers) {
    if (typeof value === 'number') return undefined;
    total += value;
  }
  return total;
}

function floatSum(numbers: readonly NumberValue[]): number {
  const total = new FloatSum();
  for (const { value } of numbers) total.add(Number(value));
  return total.total();
}
