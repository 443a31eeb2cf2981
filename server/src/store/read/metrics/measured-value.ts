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
  /**
   * The bound of its bucket in a histogram, Float64: the next power of two, or of a root of two, the number itself if
   * it is one; 0 for numbers that are not positive.
   */
  readonly power: string;
  /** Durations are answered in seconds. */
  readonly isDuration: boolean;
}

/**
 * Undefined for fields that depend on other spans of the trace.
 * @param perDoubling buckets of a histogram for each doubling of the value
 */
export function tryMeasuredValue(
  field: FieldReference,
  context: CompileContext,
  perDoubling = 1,
): MeasuredValue | undefined {
  const powerOfInt = perDoubling === 1 ? nextPowerOfInt : (sql: string) => nextBound(sql, perDoubling);
  const powerOfDouble = perDoubling === 1 ? nextPowerOfDouble : (sql: string) => nextBound(sql, perDoubling);
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

function nextPowerOfInt(value: string): string {
  const unsigned = `toUInt64(${value})`;
  const below = `roundToExp2(${unsigned})`;
  return `if(${value} > 0, toFloat64(bitShiftLeft(${below}, ${below} < ${unsigned})), 0.)`;
}

/** As histogramBucket of @clew/traceql has it: what rounding may add to a logarithm makes no other bucket. */
function nextBound(value: string, perDoubling: number): string {
  return `if(${value} > 0, exp2(ceil(log2(toFloat64(${value})) * ${perDoubling} - 1e-9) / ${perDoubling}), 0.)`;
}

function nextPowerOfDouble(value: string): string {
  const power = `exp2(ceil(log2(${value})))`;
  // Logarithms are rounded: close to a power of two this one may be off by one.
  return (
    `if(${value} > 0, multiIf(${power} < ${value}, ${power} * 2, ` +
    `${power} / 2 >= ${value}, ${power} / 2, ${power}), 0.)`
  );
}
