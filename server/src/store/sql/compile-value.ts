/** TraceQL fields and expressions → SQL values on a row of `spans`: for by(), select(), aggregates and metrics. */
import { type FieldExpression, normalizeValue } from '@clew/traceql';
import type { CompileContext } from './compile-context.ts';
import { tryCompileValue } from './compile-expression.ts';
import type { ColumnType, TypedValue } from './typed-value.ts';

/**
 * One letter for the type, then the value as text: `s` text, `i` integer, `d` double (shortest digits that read back
 * the same, `inf`, `-inf`, `nan`; never −0), `b` 0 or 1, `D` duration in nanoseconds, `S` status and `K` kind as OTLP's
 * numbers, `o` the upper-case hex of an AnyValue's protobuf bytes: arrays, maps, bytes and empty values. Nothing at
 * all: nil.
 */
export type ValueTag = 's' | 'i' | 'd' | 'b' | 'D' | 'S' | 'K' | 'o';

export interface CompiledValue {
  /** String, never null: the tagged text. Equal where type and value are; NaN equals NaN. To group by and to show. */
  readonly tagged: string;
  /** Nullable(Int64) and Nullable(Float64), at most one not null: the number that aggregates take, nil and others null. */
  readonly int: string;
  readonly double: string;
  /** Nullable(Float64): either of them. */
  readonly number: string;
  /** Which of the two can occur at all: a sum of integers is an integer. */
  readonly numberTypes: ReadonlySet<'int' | 'double'>;
  /** Whether integers are nanoseconds. */
  readonly isDuration: boolean;
}

/**
 * The value that an expression has where one value is wanted: of events and links the first, arrays as a whole.
 * Undefined for what SQL does not tell: what depends on other spans of the trace (nested-set intrinsics,
 * `span:childCount`, attributes of the parent), powers, and remainders of floats.
 * @throws TraceqlError when a condition in it does not pass `validateFilter`.
 */
export function tryCompileExpressionValue(
  expression: FieldExpression,
  context: CompileContext,
): CompiledValue | undefined {
  const value = tryCompileValue(normalizeValue(expression), context);
  if (value === undefined) return undefined;
  const { int, double } = value.single ?? value.columns;
  const numberTypes = new Set<'int' | 'double'>();
  if (int !== undefined) numberTypes.add('int');
  if (double !== undefined) numberTypes.add('double');
  return {
    tagged: taggedText(value),
    int: nullable(int, 'Int64'),
    double: nullable(double, 'Float64'),
    number: numberOf(int, double),
    numberTypes,
    isDuration: value.isDuration === true,
  };
}

function nullable(column: string | undefined, type: string): string {
  return `CAST(${column ?? 'NULL'}, 'Nullable(${type})')`;
}

function numberOf(int: string | undefined, double: string | undefined): string {
  if (int === undefined) return nullable(double, 'Float64');
  const asDouble = `toFloat64(${int})`;
  return nullable(double === undefined ? asDouble : `coalesce(${asDouble}, ${double})`, 'Float64');
}

const TAGS: Readonly<Record<ColumnType, ValueTag>> = {
  string: 's',
  int: 'i',
  double: 'd',
  bool: 'b',
  status: 'S',
  kind: 'K',
};

/** concat is null where its argument is: the first type that has a value says it. */
function taggedText({ columns, single = columns, other, isDuration }: TypedValue): string {
  const parts = Object.entries(single).map(([type, column]) => {
    const tag = type === 'int' && isDuration === true ? 'D' : TAGS[type as ColumnType];
    return `concat('${tag}', ${textOf(type as ColumnType, column)})`;
  });
  if (other !== undefined) parts.push(`concat('o', hex(${other}))`);
  return parts.length === 0 ? "''" : `coalesce(${parts.join(', ')}, '')`;
}

function textOf(type: ColumnType, column: string): string {
  switch (type) {
    case 'string':
      return column;
    case 'bool':
      return `toString(toUInt8(${column}))`;
    case 'double':
      // Adding zero makes one of the two zeros.
      return `toString(${column} + 0.)`;
    default:
      return `toString(${column})`;
  }
}
