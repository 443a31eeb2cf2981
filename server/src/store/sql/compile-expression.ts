/** Any expression of the language as SQL on a row of `spans`: its value, or, for conditions, bounds of its truth. */
import type { NormalComparison, NormalFilter, NormalValue, Static } from '@clew/traceql';
import { negated, tryCalculate } from './arithmetic-value.ts';
import { bindLiteral, patternTest } from './compare-branch.ts';
import { compareField, compareTexts } from './compare-field.ts';
import { compareValues } from './compare-values.ts';
import type { CompileContext } from './compile-context.ts';
import { all, any, type Condition, exactly, isExact, not, same, UNKNOWN } from './condition.ts';
import { tryFieldValue } from './field-value.ts';
import { gatherTexts } from './gather-texts.ts';
import { holdsOfMany } from './many-values.ts';
import type { TypedColumns, TypedValue } from './typed-value.ts';
import { anyOf, type Literal } from './value-branch.ts';

/**
 * UTF-16 units of the SQL of one comparison, and of a whole condition. Calculations repeat their operands, and fields of
 * unknown types are compared type by type; what grows beyond this is left to be decided span by span. The engine takes
 * statements of 50,000 syntax elements, which are 250,000 units at least.
 */
const MAX_COMPARISON_LENGTH = 40_000;
const MAX_CONDITION_LENGTH = 100_000;
/** Of what was decided to be said in SQL, so that the statement does not see it otherwise than the plan. */
const DECIDED_LENGTH_FACTOR = 1.5;

export function compileCondition(filter: NormalFilter, context: CompileContext): Condition {
  switch (filter.kind) {
    case 'static':
      return exactly(String(filter.static.value));
    case 'attribute':
      return bounded(compareField(filter, '=', { type: 'bool', value: true }, context), context);
    case 'not':
      return not(compileCondition(filter.operand, context));
    case 'logical':
      return bounded(compileChain(filter, context), context, MAX_CONDITION_LENGTH);
    case 'comparison':
      return bounded(compileComparison(filter, context), context);
  }
}

/** A chain of one operator becomes one list: the engine's parser limits nesting, not length. */
function compileChain(filter: NormalFilter & { kind: 'logical' }, context: CompileContext): Condition {
  const operands: NormalFilter[] = [];
  let rest: NormalFilter = filter;
  while (rest.kind === 'logical' && rest.operator === filter.operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  if (filter.operator === '&&') return all(operands.map((operand) => compileCondition(operand, context)).reverse());
  const { texts, others } = gatherTexts(operands);
  const conditions = [
    ...others.map((operand) => compileCondition(operand, context)),
    ...texts.map(([field, values]) => bounded(compareTexts(field, '=', values, context), context)),
  ];
  return any(conditions.reverse());
}

function compileComparison({ left, operator, right }: NormalComparison, context: CompileContext): Condition {
  if (right.kind === 'static') {
    if (left.kind === 'attribute' || left.kind === 'intrinsic') {
      return compareField(left, operator, right.static, context);
    }
    if (right.static.type === 'nil') return existence(left, operator === '!=', context);
    if (operator === '=~' || operator === '!~') return matching(left, operator, right.static, context);
  }
  if (isCondition(left) && isCondition(right) && (operator === '=' || operator === '!=')) {
    const equal = same(compileCondition(left, context), compileCondition(right, context));
    return operator === '=' ? equal : not(equal);
  }
  const a = tryCompileValue(left, context);
  const b = tryCompileValue(right, context);
  // What certainly has no value satisfies nothing, whatever it is compared with.
  if (a?.exists === 'false' || b?.exists === 'false') return exactly('false');
  return a === undefined || b === undefined ? UNKNOWN : exactly(compareValues(a, operator, b));
}

function isCondition(value: NormalValue): value is NormalFilter & { kind: 'not' | 'logical' | 'comparison' } {
  return value.kind === 'not' || value.kind === 'logical' || value.kind === 'comparison';
}

function existence(value: NormalValue, wanted: boolean, context: CompileContext): Condition {
  const compiled = tryCompileValue(value, context);
  // A condition is true or false, never nil.
  const exists = isCondition(value) ? exactly('true') : compiled === undefined ? UNKNOWN : exactly(compiled.exists);
  return wanted ? exists : not(exists);
}

/** Text that is no field. */
function matching(value: NormalValue, operator: '=~' | '!~', pattern: Static, context: CompileContext): Condition {
  const compiled = tryCompileValue(value, context);
  if (compiled === undefined) return UNKNOWN;
  const matches = patternTest(pattern.type === 'string' ? pattern.value : '', operator, context.scope.parameters);
  const test = (text: string): string => `ifNull(${matches(text)}, false)`;
  const { columns, many } = compiled;
  const inMany = many === undefined ? 'false' : holdsOfMany(many, operator, [['string', test]]);
  return exactly(anyOf([columns.string === undefined ? 'false' : test(columns.string), inMany]));
}

/** The value of an expression; undefined for what one statement does not tell. */
export function tryCompileValue(value: NormalValue, context: CompileContext): TypedValue | undefined {
  const compiled = compileAnyValue(value, context);
  return compiled === undefined || isTooLong(lengthOf(compiled), context) ? undefined : compiled;
}

function compileAnyValue(value: NormalValue, context: CompileContext): TypedValue | undefined {
  switch (value.kind) {
    case 'static':
      return literalValue(bindLiteral(value.static, context.scope.parameters), value.static.type === 'duration');
    case 'attribute':
    case 'intrinsic':
      return tryFieldValue(value, context);
    case 'negate': {
      const operand = tryCompileValue(value.operand, context);
      return operand && negated(operand);
    }
    case 'arithmetic': {
      const left = tryCompileValue(value.left, context);
      const right = tryCompileValue(value.right, context);
      return left && right && tryCalculate(value.operator, left, right);
    }
    default: {
      const condition = compileCondition(value, context);
      // Written out, since ClickHouse 26.7 mistakes `x != (trace_id IN (…))` for a condition on trace_id.
      const bool = `if(${condition.necessary}, true, false)`;
      return isExact(condition) ? { columns: { bool }, exists: 'true' } : undefined;
    }
  }
}

function literalValue(literal: Literal | undefined, isDuration: boolean): TypedValue {
  if (literal === undefined) return { columns: {}, exists: 'false' };
  const { type, sql, constant } = literal;
  const column = type !== 'number' ? type : typeof constant === 'bigint' ? 'int' : 'double';
  return { columns: { [column]: sql }, exists: 'true', ...(isDuration && { isDuration }) };
}

function lengthOf({ columns, exists, many }: TypedValue): number {
  const parts: readonly (TypedColumns | string | undefined)[] = [
    ...Object.values(columns),
    exists,
    many?.where(() => ''),
  ];
  return parts.reduce((sum: number, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
}

function bounded(condition: Condition, context: CompileContext, limit?: number): Condition {
  const length = Math.max(condition.necessary.length, condition.sufficient.length);
  return isTooLong(length, context, limit) ? UNKNOWN : condition;
}

function isTooLong(length: number, { isDecided }: CompileContext, limit = MAX_COMPARISON_LENGTH): boolean {
  return length > (isDecided === true ? limit * DECIDED_LENGTH_FACTOR : limit);
}
