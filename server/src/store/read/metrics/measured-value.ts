/** The number of a span that a metrics function is about, as SQL. */
import type { FieldReference } from '@clew/traceql';
import type { CompileContext } from '../../sql/compile-context.ts';
import { tryFieldValue } from '../../sql/field-value.ts';
import { anyOf } from '../../sql/value-branch.ts';

export interface MeasuredValue {
  /** Condition on a row of spans: it has such a number. Absent: always. */
  readonly when?: string;
  /** Int64 nanoseconds for durations, else Float64. */
  readonly value: string;
  /** The next power of two, Float64, the number itself if it is one; 0 for numbers that are not positive. */
  readonly power: string;
  /** Durations are answered in seconds. */
  readonly isDuration: boolean;
}

/** Undefined for fields that depend on other spans of the trace. */
export function tryMeasuredValue(field: FieldReference, context: CompileContext): MeasuredValue | undefined {
  if (field.kind === 'intrinsic' && field.intrinsic === 'duration') {
    return { value: 'duration', power: powerOfInt('duration'), isDuration: true };
  }
  const found = tryFieldValue(field, context);
  if (found === undefined) return undefined;
  const { int, double } = found.single ?? found.columns;
  if (found.isDuration === true && int !== undefined && double === undefined) {
    const value = `assumeNotNull(${int})`;
    return { when: `isNotNull(${int})`, value, power: powerOfInt(value), isDuration: true };
  }
  const conditions: string[] = [];
  const values: string[] = [];
  const powers: string[] = [];
  if (int !== undefined) {
    conditions.push(`isNotNull(${int})`);
    values.push(`isNotNull(${int}), toFloat64(assumeNotNull(${int}))`);
    powers.push(`isNotNull(${int}), ${powerOfInt(`assumeNotNull(${int})`)}`);
  }
  if (double !== undefined) {
    // NaN is passed over like a value that is not there.
    conditions.push(`(isNotNull(${double}) AND NOT isNaN(assumeNotNull(${double})))`);
    values.push(`isNotNull(${double}), assumeNotNull(${double})`);
    powers.push(`isNotNull(${double}), ${powerOfDouble(`assumeNotNull(${double})`)}`);
  }
  const choose = (cases: readonly string[]): string => (cases.length === 0 ? '0.' : `multiIf(${cases.join(', ')}, 0.)`);
  return { when: anyOf(conditions), value: choose(values), power: choose(powers), isDuration: false };
}

function powerOfInt(value: string): string {
  const unsigned = `toUInt64(${value})`;
  const below = `roundToExp2(${unsigned})`;
  return `if(${value} > 0, toFloat64(bitShiftLeft(${below}, ${below} < ${unsigned})), 0.)`;
}

function powerOfDouble(value: string): string {
  const power = `exp2(ceil(log2(${value})))`;
  // Logarithms are rounded: close to a power of two this one may be off by one.
  return (
    `if(${value} > 0, multiIf(${power} < ${value}, ${power} * 2, ` +
    `${power} / 2 >= ${value}, ${power} / 2, ${power}), 0.)`
  );
}
