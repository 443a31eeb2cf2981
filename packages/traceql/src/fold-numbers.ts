import { calculateFloats, calculateIntegers } from './calculate-numbers.ts';
import type { NumberLiteral, NumberStatic } from './parse-number.ts';
import { typeError } from './traceql-error.ts';
import type { ArithmeticOperator, TextRange } from './tree.ts';

const NANOS_PER_SECOND = 1e9;

/**
 * Arithmetic of two literals. Integers and durations stay integers (`/` truncates), `^` yields a float, and so does
 * everything with a float. With one duration the result is a duration where it is a whole number of nanoseconds; the
 * ratio of two durations is a number.
 * @throws TraceqlError TRACEQL_TYPE when the result is no number, or does not fit in 64 bits.
 */
export function foldNumbers(
  operator: ArithmeticOperator,
  left: NumberLiteral,
  right: NumberLiteral,
  at: TextRange,
): NumberStatic {
  const [a, b] = [left.static, right.static];
  const areDurations = a.type === 'duration' && b.type === 'duration';
  const isDuration = (a.type === 'duration' || b.type === 'duration') && !(areDurations && operator === '/');
  if (a.type !== 'float' && b.type !== 'float' && operator !== '^') {
    const value = calculateIntegers(operator, a.value, b.value);
    if (value === undefined) throw divisionByZero(at);
    if (BigInt.asIntN(64, value) !== value) {
      throw typeError(`the result does not fit in 64 bits: ${value}.`, at, 'Write a float for what is larger.');
    }
    return { type: isDuration ? 'duration' : 'int', value };
  }
  if ((operator === '/' || operator === '%') && Number(b.value) === 0) throw divisionByZero(at);
  const value = calculateFloats(operator, Number(a.value), Number(b.value));
  if (!Number.isFinite(value)) throw typeError(`the result is not a number: ${value}.`, at);
  return isDuration && Number.isSafeInteger(value)
    ? { type: 'duration', value: BigInt(value) }
    : { type: 'float', value };
}

function divisionByZero(at: TextRange): Error {
  return typeError('division by zero.', at);
}

/** A number as series hold it: durations in seconds. Never −0. */
export function seriesValue(literal: NumberStatic): number {
  const value = literal.type === 'duration' ? Number(literal.value) / NANOS_PER_SECOND : Number(literal.value);
  return value + 0;
}
