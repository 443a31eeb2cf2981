import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { durationText } from './duration-literal.ts';
import { MIN_INT } from './intrinsics.ts';
import { BINARY_LEVELS, PREFIX_OPERAND_LEVEL } from './parse-field.ts';
import { ATTRIBUTE_END } from './token.ts';
import type { AttributeScope, FieldExpression, Query, Static } from './tree.ts';

/**
 * The canonical text of a query: one space around operators, double-quoted strings, parentheses where needed and
 * where `&&` and `||` meet. Reading it back gives an equal tree (text ranges aside).
 */
export function printQuery(query: Query): string {
  const { expression } = query;
  const isAll = expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
  return isAll ? '{ }' : `{ ${printExpression(expression)} }`;
}

/** The canonical text of a field expression, without braces. */
export function printExpression(expression: FieldExpression): string {
  switch (expression.kind) {
    case 'static':
      return printStatic(expression.static);
    case 'attribute':
      return printAttribute(expression.scope, expression.key);
    case 'intrinsic':
      return expression.intrinsic;
    case 'not':
      return `!${printAtLeast(expression.operand, PREFIX_OPERAND_LEVEL + 2)}`;
    case 'negate':
      return `-${printAtLeast(expression.operand, PREFIX_OPERAND_LEVEL + 2)}`;
    default:
      return printBinary(expression);
  }
}

function printBinary(expression: FieldExpression & { kind: 'comparison' | 'logical' | 'arithmetic' }): string {
  const { operator, left, right } = expression;
  const level = BINARY_LEVELS[operator];
  const isMixed = left.kind === 'logical' && expression.kind === 'logical' && left.operator !== operator;
  const rightAssociative = operator === '^';
  const leftText = isMixed ? `(${printExpression(left)})` : printAtLeast(left, rightAssociative ? level + 1 : level);
  return `${leftText} ${operator} ${printAtLeast(right, rightAssociative ? level : level + 1)}`;
}

/** In parentheses unless the expression binds at least as strongly as `level`. */
function printAtLeast(expression: FieldExpression, level: number): string {
  const text = printExpression(expression);
  return bindingLevel(expression) >= level ? text : `(${text})`;
}

function bindingLevel(expression: FieldExpression): number {
  switch (expression.kind) {
    case 'comparison':
    case 'logical':
    case 'arithmetic':
      return BINARY_LEVELS[expression.operator];
    case 'not':
    case 'negate':
      return PREFIX_OPERAND_LEVEL - 1;
    case 'static':
      return isNegative(expression.static) ? PREFIX_OPERAND_LEVEL - 1 : Number.POSITIVE_INFINITY;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function isNegative(literal: Static): boolean {
  switch (literal.type) {
    case 'int':
      return literal.value < 0n && literal.value !== MIN_INT;
    case 'duration':
      return literal.value < 0n;
    case 'float':
      return literal.value < 0 || Object.is(literal.value, -0);
    default:
      return false;
  }
}

/** `.key`, `span.key`, `resource."key with spaces"`: quoted where the name would otherwise end early. */
export function printAttribute(scope: AttributeScope, key: string): string {
  const prefix = scope === 'any' ? '.' : `${scope}.`;
  const needsQuotes =
    key === '' || /["\\]/.test(key) || ATTRIBUTE_END.test(key) || (scope === 'any' && /^\d/.test(key));
  return needsQuotes ? `${prefix}"${key.replace(/["\\]/g, '\\$&')}"` : prefix + key;
}

/** The canonical text of a literal. */
export function printStatic(literal: Static): string {
  switch (literal.type) {
    case 'string':
      return printString(literal.value);
    case 'int':
      return literal.value === MIN_INT ? 'minInt' : literal.value.toString();
    case 'float':
      return printFloat(literal.value);
    case 'duration':
      return durationText(literal.value);
    case 'bool':
      return literal.value ? 'true' : 'false';
    case 'status':
      return STATUS_CODES[literal.value] ?? STATUS_CODES[0];
    case 'kind':
      return SPAN_KINDS[literal.value] ?? SPAN_KINDS[0];
    case 'nil':
      return 'nil';
  }
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A double-quoted string with Go's escapes. */
export function printString(value: string): string {
  let text = '"';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') text += `\\${char}`;
    else if (char === '\n') text += '\\n';
    else if (char === '\t') text += '\\t';
    else if (char === '\r') text += '\\r';
    else if (code < 0x20 || code === 0x7f) text += `\\x${code.toString(16).padStart(2, '0')}`;
    else text += char;
  }
  return `${text}"`;
}
