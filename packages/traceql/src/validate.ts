/** The type rules of TraceQL (Grafana's TraceQL, "validation"), and what is correct but cannot run yet. */
import { INTRINSIC_TYPES } from './intrinsics.ts';
import { notYetError, type TraceqlError, typeError } from './traceql-error.ts';
import type { ComparisonOperator, FieldExpression, Query, Static, TextRange } from './tree.ts';

export interface ValidateOptions {
  /**
   * Says why a pattern is not a regular expression of RE2, or undefined when it is one. Left out, patterns are not
   * looked at. The implementation is in validate-regex.ts, apart because the regex engine is large.
   */
  readonly checkRegex?: (pattern: string) => string | undefined;
}

/** `field` is an attribute: its type is known only when it is read. */
type ExpressionType = Static['type'] | 'field';

type Comparison = FieldExpression & { kind: 'comparison' };

/**
 * Checks a tree.
 * @throws TraceqlError TRACEQL_TYPE for the first type error, else TRACEQL_NOT_YET for the first thing that cannot run.
 */
export function validateQuery(query: Query, options: ValidateOptions = {}): void {
  validateFilter(query.expression, options);
}

/** Checks what stands inside the braces of a filter; throws as `validateQuery` does. */
export function validateFilter(expression: FieldExpression, options: ValidateOptions = {}): void {
  const check: Check = { options, notYet: undefined };
  const type = typeOf(expression, check);
  if (type !== 'bool' && type !== 'field') {
    const hint = expression.kind === 'static' ? undefined : 'Compare it, as in { duration > 1s }.';
    throw typeError(`a filter must be true or false, this is ${article(type)}.`, expression.at, hint);
  }
  if (check.notYet !== undefined) throw check.notYet;
}

interface Check {
  readonly options: ValidateOptions;
  notYet: TraceqlError | undefined;
}

function typeOf(expression: FieldExpression, check: Check): ExpressionType {
  switch (expression.kind) {
    case 'static':
      return expression.static.type;
    case 'attribute':
      if (expression.scope === 'event' || expression.scope === 'link' || expression.scope === 'instrumentation') {
        noteNotYet(check, `attributes of scope ${expression.scope} are`, expression.at);
      }
      return 'field';
    case 'intrinsic':
      return INTRINSIC_TYPES[expression.intrinsic];
    case 'not': {
      const type = typeOf(expression.operand, check);
      if (type === 'bool' || type === 'field') return 'bool';
      throw typeError(`! needs true or false, this is ${article(type)}.`, expression.operand.at, notHint(expression));
    }
    case 'negate': {
      const type = typeOf(expression.operand, check);
      if (!isNumber(type) && type !== 'field')
        throw typeError(`- needs a number, this is ${article(type)}.`, expression.at);
      noteNotYet(check, 'arithmetic (-) is', expression.at);
      return type;
    }
    case 'logical':
      // Chains of one operator lean left and may be long; nesting in every other way is limited by the parser.
      for (const side of operandsOf(expression)) {
        const type = typeOf(side, check);
        if (type === 'bool' || type === 'field') continue;
        throw typeError(`${expression.operator} joins conditions, this is ${article(type)}.`, side.at);
      }
      return 'bool';
    case 'arithmetic':
      return typeOfArithmetic(expression, check);
    case 'comparison':
      checkComparison(expression, check);
      return 'bool';
  }
}

/** The operands of a left-leaning chain of one operator, in the order of the text. */
function operandsOf(expression: FieldExpression & { kind: 'logical' }): FieldExpression[] {
  const operands: FieldExpression[] = [];
  let rest: FieldExpression = expression;
  while (rest.kind === 'logical' && rest.operator === expression.operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  return operands.reverse();
}

function notHint(expression: FieldExpression & { kind: 'not' }): string | undefined {
  return expression.operand.kind === 'static' ? undefined : 'Write ! before parentheses: !(a = b).';
}

function typeOfArithmetic(expression: FieldExpression & { kind: 'arithmetic' }, check: Check): ExpressionType {
  const types = [expression.left, expression.right].map((side) => {
    const type = typeOf(side, check);
    if (isNumber(type) || type === 'field') return type;
    throw typeError(`${expression.operator} needs numbers, this is ${article(type)}.`, side.at);
  });
  noteNotYet(check, `arithmetic (${expression.operator}) is`, expression.at);
  for (const type of ['field', 'float', 'duration'] as const) if (types.includes(type)) return type;
  return 'int';
}

function checkComparison(comparison: Comparison, check: Check): void {
  const left = typeOf(comparison.left, check);
  const right = typeOf(comparison.right, check);
  if (left === 'nil' || right === 'nil') {
    checkNil(comparison, left === 'nil' ? comparison.right : comparison.left);
  } else if (!typesMatch(left, right)) {
    const hint = mismatchHint(comparison, left);
    throw typeError(`${article(left)} cannot be compared with ${article(right)}.`, comparison.at, hint);
  }
  for (const type of [left, right]) {
    if (operatorFits(comparison.operator, type)) continue;
    throw typeError(`${comparison.operator} does not work on ${article(type)}.`, comparison.at, operatorHint(type));
  }
  checkPattern(comparison, check);
  checkSides(comparison, check);
}

/** `= nil` is for attributes. Of intrinsics only three can be absent, and `!(… != nil)` finds that. */
function checkNil(comparison: Comparison, other: FieldExpression): void {
  if (comparison.operator !== '=') return;
  const isService = other.kind === 'attribute' && other.scope === 'resource' && other.key === 'service.name';
  if (other.kind !== 'intrinsic' && !isService) return;
  const name = other.kind === 'intrinsic' ? other.intrinsic : 'resource.service.name';
  const canBeAbsent = name === 'span:parentID' || name === 'rootName' || name === 'rootServiceName';
  const hint = canBeAbsent ? `Write { !(${name} != nil) }.` : 'Every span has it.';
  throw typeError(`${name} cannot be compared with = nil.`, comparison.at, hint);
}

function checkPattern(comparison: Comparison, check: Check): void {
  if (comparison.operator !== '=~' && comparison.operator !== '!~') return;
  const { left, right } = comparison;
  if (right.kind !== 'static' || right.static.type !== 'string') {
    noteNotYet(check, 'a regular expression that is not a literal is', right.at);
    return;
  }
  if (left.kind === 'static') noteNotYet(check, 'matching a literal is', comparison.at);
  const problem = check.options.checkRegex?.(right.static.value);
  if (problem !== undefined) throw typeError(`invalid regular expression: ${problem}.`, right.at, 'The syntax is RE2.');
}

/** What runs today: a field against a literal, on either side; two literals are folded. */
function checkSides(comparison: Comparison, check: Check): void {
  const { left, right } = comparison;
  for (const side of [left, right]) {
    if (side.kind === 'comparison' || side.kind === 'logical' || side.kind === 'not') {
      noteNotYet(check, 'comparing the result of a condition is', side.at);
    }
  }
  if (left.kind !== 'static' && right.kind !== 'static') {
    noteNotYet(check, 'comparing two fields is', comparison.at);
  }
}

function noteNotYet(check: Check, what: string, at: TextRange): void {
  check.notYet ??= notYetError(`${what} not supported yet.`, at);
}

function isNumber(type: ExpressionType): boolean {
  return type === 'int' || type === 'float' || type === 'duration';
}

function typesMatch(left: ExpressionType, right: ExpressionType): boolean {
  return left === right || left === 'field' || right === 'field' || (isNumber(left) && isNumber(right));
}

function operatorFits(operator: ComparisonOperator, type: ExpressionType): boolean {
  switch (type) {
    case 'field':
      return true;
    case 'string':
      return true;
    case 'int':
    case 'float':
    case 'duration':
      return operator !== '=~' && operator !== '!~';
    default:
      return operator === '=' || operator === '!=';
  }
}

function operatorHint(type: ExpressionType): string | undefined {
  if (isNumber(type)) return 'Regular expressions work on text.';
  return 'Only = and != do.';
}

function mismatchHint(comparison: Comparison, left: ExpressionType): string | undefined {
  const literal = comparison.right.kind === 'static' ? comparison.right.static : undefined;
  if (literal?.type === 'string' && isNumber(left)) return 'Numbers and durations take no quotes, as in 1.5s.';
  if (literal?.type === 'string' && left === 'status') return 'Write error, ok or unset, without quotes.';
  if (literal?.type === 'string' && left === 'kind') return 'Write server, client and so on, without quotes.';
  if (left === 'status') return 'Write error, ok or unset.';
  if (left === 'kind') return 'Write server, client, internal, producer, consumer or unspecified.';
  if (left === 'string' && literal !== undefined) return 'Text needs double quotes.';
  return undefined;
}

function article(type: ExpressionType): string {
  switch (type) {
    case 'int':
      return 'an integer';
    case 'float':
      return 'a number';
    case 'bool':
      return 'true or false';
    case 'field':
      return 'an attribute';
    case 'string':
      return 'text';
    case 'nil':
      return 'nil';
    default:
      return `a ${type}`;
  }
}
