import type { ArithmeticOperator } from './tree.ts';

/** Arithmetic of two floats as IEEE 754 has it; `^` is JavaScript's power. */
export function calculateFloats(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return a ** b;
  }
}

/**
 * Arithmetic of two integers, before it wraps to 64 bits: `/` truncates, `%` has the sign of the dividend.
 * @returns undefined where an integer is divided by zero.
 */
export function calculateIntegers(
  operator: Exclude<ArithmeticOperator, '^'>,
  a: bigint,
  b: bigint,
): bigint | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
  }
}
