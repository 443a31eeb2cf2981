import type { ComparisonOperator, Static } from './tree.ts';

/** −1, 0 or 1; undefined when a side is NaN. */
type Order = number | undefined;

/**
 * `left operator right` by value, for everything but regular expressions. Different types never match, except that
 * integers, floats and durations (nanoseconds) compare as exact numbers; nil never matches, save for existence:
 * `x = nil` is false and `x != nil` is true for a value.
 */
export function compareStatics(operator: ComparisonOperator, left: Static, right: Static): boolean {
  if (left.type === 'nil' || right.type === 'nil') return operator === '!=' && left.type !== right.type;
  if (isNumber(left) && isNumber(right)) return holds(operator, compareNumbers(left.value, right.value));
  if (left.type === 'string' && right.type === 'string') return holds(operator, compareText(left.value, right.value));
  if (left.type !== right.type) return false;
  if (operator === '=') return left.value === right.value;
  return operator === '!=' && left.value !== right.value;
}

function isNumber(literal: Static): literal is Static & { type: 'int' | 'float' | 'duration' } {
  return literal.type === 'int' || literal.type === 'float' || literal.type === 'duration';
}

/** JavaScript compares a bigint with a number by their exact values, which is what is wanted. */
function compareNumbers(left: bigint | number, right: bigint | number): Order {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? undefined : 0;
}

/** Order of the UTF-8 bytes, which is the order of code points and not that of UTF-16 units. */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === b) continue;
    const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    // Surrogates stand for code points above every other unit.
    if (isSurrogate(a) !== isSurrogate(b)) return isSurrogate(a) ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return Math.sign(left.length - right.length);
}

function holds(operator: ComparisonOperator, order: Order): boolean {
  switch (operator) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0; // NaN differs from everything, as in IEEE 754 and ClickHouse.
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
    default:
      return false;
  }
}
