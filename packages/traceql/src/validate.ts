/** The type rules of TraceQL inside the braces of a filter (Grafana's TraceQL, "validation"). */
import { INTRINSIC_TYPES } from './intrinsics.ts';
import { printStatic } from './print.ts';
import { typeError } from './traceql-error.ts';
import type { ComparisonOperator, FieldExpression, Static } from './tree.ts';

export interface ValidateOptions {
  /**
   * Says why a pattern is not a regular expression of RE2, or undefined when it is one. Left out, patterns are not
   * looked at. The implementation is in validate-regex.ts, apart because the regex engine is large.
   */
  readonly checkRegex?: (pattern: string) => string | undefined;
}

/**
 * `field` is an attribute: its type is known only when it is read. `number` is arithmetic with one. `presence` is the
 * intrinsic `parent`, which is or is not.
 */
export type ExpressionType = Static['type'] | 'field' | 'number' | 'presence';

type Comparison = FieldExpression & { kind: 'comparison' };

/**
 * Checks what stands inside the braces of a filter.
 * @throws TraceqlError TRACEQL_TYPE for the first type error.
 */
export function validateFilter(expression: FieldExpression, options: ValidateOptions = {}): void {
  const type = typeOf(expression, options);
  if (type === 'bool' || type === 'field') return;
  throw typeError(`a filter must be true or false, this is ${article(type)}.`, expression.at, filterHint(expression));
}

function filterHint(expression: FieldExpression): string | undefined {
  if (expression.kind === 'intrinsic' && expression.intrinsic === 'parent') return PRESENCE_HINT;
  if (expression.kind !== 'static') return 'Compare it, as in { duration > 1s }.';
  const { type } = expression.static;
  if (type === 'string') return 'Compare it with a field, as in { name = "GET /" }.';
  return type === 'status' || type === 'kind' ? `Write ${type} = ${printStatic(expression.static)}.` : undefined;
}

/**
 * The type of an expression, whose parts are checked.
 * @throws TraceqlError TRACEQL_TYPE
 */
export function typeOf(expression: FieldExpression, options: ValidateOptions): ExpressionType {
  switch (expression.kind) {
    case 'static':
      return expression.static.type;
    case 'attribute':
      return 'field';
    case 'intrinsic':
      return expression.intrinsic === 'parent' ? 'presence' : INTRINSIC_TYPES[expression.intrinsic];
    case 'not': {
      const type = typeOf(expression.operand, options);
      if (type === 'bool' || type === 'field') return 'bool';
      throw typeError(`! needs true or false, this is ${article(type)}.`, expression.operand.at, notHint(expression));
    }
    case 'negate': {
      const type = typeOf(expression.operand, options);
      if (!isNumber(type) && type !== 'field')
        throw typeError(`- needs a number, this is ${article(type)}.`, expression.at);
      return type === 'field' ? 'number' : type;
    }
    case 'logical':
      // Chains of one operator lean left and may be long; nesting in every other way is limited by the parser.
      for (const side of operandsOf(expression)) {
        const type = typeOf(side, options);
        if (type === 'bool' || type === 'field') continue;
        const message = `${expression.operator} joins conditions, this is ${article(type)}.`;
        throw typeError(message, side.at, filterHint(side));
      }
      return 'bool';
    case 'arithmetic':
      return typeOfArithmetic(expression, options);
    case 'comparison':
      checkComparison(expression, options);
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
  const { operand } = expression;
  if (operand.kind === 'static') return undefined;
  const isParent = operand.kind === 'intrinsic' && operand.intrinsic === 'parent';
  return isParent ? PRESENCE_HINT : 'Write ! before parentheses: !(a = b).';
}

function typeOfArithmetic(
  expression: FieldExpression & { kind: 'arithmetic' },
  options: ValidateOptions,
): ExpressionType {
  const types = [expression.left, expression.right].map((side) => {
    const type = typeOf(side, options);
    if (isNumber(type) || type === 'field') return type;
    throw typeError(`${expression.operator} needs numbers, this is ${article(type)}.`, side.at);
  });
  if (types.includes('field') || types.includes('number')) return 'number';
  if (types.includes('float') || expression.operator === '^') return 'float';
  return types.includes('duration') ? 'duration' : 'int';
}

function checkComparison(comparison: Comparison, options: ValidateOptions): void {
  const left = typeOf(comparison.left, options);
  const right = typeOf(comparison.right, options);
  if (left === 'presence' || right === 'presence') {
    if ((left === 'nil' || right === 'nil') && /^!?=$/.test(comparison.operator)) return;
    throw typeError('parent can be compared with nil only.', comparison.at, PRESENCE_HINT);
  }
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
  checkPattern(comparison, options);
}

const PRESENCE_HINT = 'Write parent != nil or parent = nil; attributes of the parent are written parent.key.';

const CAN_BE_ABSENT: ReadonlySet<string> = new Set([
  ...['span:parentID', 'rootName', 'rootServiceName'],
  ...['event:name', 'event:timeSinceStart', 'link:traceID', 'link:spanID'],
]);

/** `= nil` is for attributes. Some intrinsics can be absent too, and `!(… != nil)` finds that. */
function checkNil(comparison: Comparison, other: FieldExpression): void {
  if (comparison.operator !== '=') return;
  const isService =
    other.kind === 'attribute' &&
    other.scope === 'resource' &&
    other.key === 'service.name' &&
    other.ofParent === undefined;
  if (other.kind !== 'intrinsic' && !isService) return;
  const name = other.kind === 'intrinsic' ? other.intrinsic : 'resource.service.name';
  const canBeAbsent = CAN_BE_ABSENT.has(name);
  const hint = canBeAbsent ? `Write { !(${name} != nil) }.` : 'Every span has it.';
  throw typeError(`${name} cannot be compared with = nil.`, comparison.at, hint);
}

function checkPattern(comparison: Comparison, options: ValidateOptions): void {
  if (comparison.operator !== '=~' && comparison.operator !== '!~') return;
  const { right } = comparison;
  if (right.kind !== 'static' || right.static.type !== 'string') {
    throw typeError('a regular expression must be a literal.', right.at, 'As in name =~ "GET .*".');
  }
  const problem = options.checkRegex?.(right.static.value);
  if (problem !== undefined) throw typeError(`invalid regular expression: ${problem}.`, right.at, 'The syntax is RE2.');
}

export function isNumber(type: ExpressionType): boolean {
  return type === 'int' || type === 'float' || type === 'duration' || type === 'number';
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
    case 'number':
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
  const isRegex = comparison.operator === '=~' || comparison.operator === '!~';
  if (isRegex && left !== 'string') return 'Regular expressions work on text.';
  if (literal?.type === 'string' && isNumber(left)) return 'Numbers and durations take no quotes, as in 1.5s.';
  if (literal?.type === 'string' && left === 'status') return 'Write error, ok or unset, without quotes.';
  if (literal?.type === 'string' && left === 'kind') return 'Write server, client and so on, without quotes.';
  if (left === 'status') return 'Write error, ok or unset.';
  if (left === 'kind') return 'Write server, client, internal, producer, consumer or unspecified.';
  if (left === 'string' && literal !== undefined) return 'Text needs double quotes.';
  return undefined;
}

/** A type with its article, for messages. */
export function article(type: ExpressionType): string {
  switch (type) {
    case 'int':
      return 'an integer';
    case 'float':
    case 'number':
      return 'a number';
    case 'presence':
      return 'the presence of a parent';
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
