import { calculateFloats, calculateIntegers } from '../calculate-numbers.ts';
import type { ArithmeticOperator } from '../tree.ts';
import { type Scalar, singleValue, type Value } from './value.ts';

type NumberValue = Scalar & { type: 'int' | 'float' | 'duration' };

/** `left operator right`; nil where a side is no number, and where an integer is divided by zero. */
export function calculate(operator: ArithmeticOperator, left: Value, right: Value): Value {
  const a = numberOf(left);
  const b = numberOf(right);
  if (a === undefined || b === undefined) return undefined;
  if (a.type === 'float' || b.type === 'float' || operator === '^') {
    return { type: 'float', value: calculateFloats(operator, Number(a.value), Number(b.value)) };
  }
  const value = calculateIntegers(operator, a.value, b.value);
  if (value === undefined) return undefined;
  const isDuration = a.type === 'duration' || b.type === 'duration';
  return { type: isDuration ? 'duration' : 'int', value: BigInt.asIntN(64, value) };
}

/** `-value` */
export function negate(value: Value): Value {
  const number = numberOf(value);
  if (number === undefined) return undefined;
  if (number.type === 'float') return { type: 'float', value: -number.value };
  return { type: number.type, value: BigInt.asIntN(64, -number.value) };
}

/** The number that a value is, of several occurrences the first. */
export function numberOf(value: Value): NumberValue | undefined {
  const single = singleValue(value);
  switch (single?.type) {
    case 'int':
    case 'float':
    case 'duration':
      return single;
    default:
      return undefined;
  }
}
