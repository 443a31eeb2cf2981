/** Calculating with values whose types only the row tells: integers stay integers of 64 bits, all else is Float64. */
import type { ArithmeticOperator } from '@clew/traceql';
import type { TypedColumns, TypedValue } from './typed-value.ts';

type NumberColumns = Pick<TypedColumns, 'int' | 'double'>;

export function negated(operand: TypedValue): TypedValue {
  const { int, double } = numbersOf(operand);
  return numberValue(
    { ...(int && { int: `negate(${int})` }), ...(double && { double: `negate(${double})` }) },
    operand.isDuration === true,
  );
}

/**
 * `left operator right`, null where a side is no number; undefined where SQL's result is another than ours: powers,
 * and remainders of doubles.
 */
export function tryCalculate(
  operator: ArithmeticOperator,
  left: TypedValue,
  right: TypedValue,
): TypedValue | undefined {
  const a = numbersOf(left);
  const b = numbersOf(right);
  const isDuration = left.isDuration === true || right.isDuration === true;
  if (isNothing(a) || isNothing(b)) return numberValue({}, isDuration);
  const areInts = a.double === undefined && b.double === undefined;
  if (operator === '^' || (operator === '%' && !areInts)) return undefined;
  const int = a.int !== undefined && b.int !== undefined ? calculateInts(operator, a.int, b.int) : undefined;
  if (areInts) return numberValue(int === undefined ? {} : { int }, isDuration);
  const double = `(${asDouble(a)} ${operator} ${asDouble(b)})`;
  if (int === undefined) return numberValue({ double }, isDuration);
  const areBothInt = `(isNotNull(${a.int}) AND isNotNull(${b.int}))`;
  return numberValue({ int, double: `if(${areBothInt}, NULL, ${double})` }, isDuration);
}

function isNothing({ int, double }: NumberColumns): boolean {
  return int === undefined && double === undefined;
}

function numbersOf({ columns, single = columns }: TypedValue): NumberColumns {
  return single;
}

function numberValue(columns: NumberColumns, isDuration: boolean): TypedValue {
  const present = [columns.int, columns.double].flatMap((column) => (column ? `isNotNull(${column})` : []));
  const exists = present.length === 0 ? 'false' : `(${present.join(' OR ')})`;
  return { columns, exists, ...(isDuration && { isDuration }) };
}

/** 64 bits, wrapping. The engine throws at x / 0, and at the one quotient that does not fit: that is -x. */
function calculateInts(operator: Exclude<ArithmeticOperator, '^'>, a: string, b: string): string {
  switch (operator) {
    case '/':
      return `if(${b} = -1, negate(${a}), intDivOrNull(${a}, ${b}))`;
    case '%':
      return `if(${b} = -1, if(isNull(${a}), NULL, toInt64(0)), moduloOrNull(${a}, ${b}))`;
    default:
      return `(${a} ${operator} ${b})`;
  }
}

function asDouble({ int, double }: NumberColumns): string {
  if (int === undefined) return double ?? 'NULL';
  return double === undefined ? `toFloat64(${int})` : `coalesce(toFloat64(${int}), ${double})`;
}
