import type { ComparisonOperator, Static } from '@clew/traceql';
import { holdsOfMany, type ManyValues } from './many-values.ts';
import { tryAlternatives } from './regex-shape.ts';
import type { SqlParameters } from './sql-parameters.ts';
import { textHasShape, textMatches } from './text-match.ts';
import { allOf, anyOf, isTextSet, type Literal, type TextSet, type ValueBranch } from './value-branch.ts';

/** Binds a literal; undefined for nil. Integers, floats and durations (nanoseconds) compare with one another. */
export function bindLiteral(literal: Static, parameters: SqlParameters): Literal | undefined {
  switch (literal.type) {
    case 'string':
      return { type: 'string', sql: parameters.string(literal.value), constant: literal.value };
    case 'int':
    case 'duration':
      return { type: 'number', sql: parameters.int64(literal.value), constant: literal.value };
    case 'float':
      return { type: 'number', sql: parameters.float64(literal.value), constant: literal.value };
    case 'bool':
      return { type: 'bool', sql: String(literal.value), constant: literal.value };
    case 'status':
    case 'kind':
      return { type: literal.type, sql: parameters.int64(BigInt(literal.value)), constant: literal.value };
    case 'nil':
      return undefined;
  }
}

export function bindTexts(texts: readonly string[], parameters: SqlParameters): TextSet {
  return { type: 'string', sql: parameters.strings(texts), constant: texts[0] ?? '', texts };
}

/** Whether a field is there, of a type that fits, and compares so with the literal: two-valued, never null. */
export function compareBranches(
  branches: readonly ValueBranch[],
  operator: ComparisonOperator,
  literal: Literal,
  parameters: SqlParameters,
): string {
  const fitting = branches.filter((branch) => branch.type === literal.type);
  if (operator === '=~' || operator === '!~') {
    const matches = patternTest(String(literal.constant), operator, parameters);
    return anyOf(fitting.map((branch) => allOf(branch.when, matches(branch.value))));
  }
  if (isTextSet(literal)) {
    const isOne = operator === '=' ? 'IN' : 'NOT IN';
    return anyOf(
      fitting.map((branch) => {
        const special = operator === '=' ? branch.oneOf?.(literal) : undefined;
        return special ?? allOf(branch.when, `${branch.value} ${isOne} ${literal.sql}`);
      }),
    );
  }
  return anyOf(
    fitting.map((branch) => {
      const special = operator === '=' ? branch.equals?.(literal) : undefined;
      return special ?? allOf(branch.when, `${branch.value} ${operator} ${literal.sql}`);
    }),
  );
}

/** The same of several values: some of them for positive operators, all for `!=` and `!~`. */
export function compareMany(
  many: ManyValues | undefined,
  operator: ComparisonOperator,
  literal: Literal,
  parameters: SqlParameters,
): string {
  if (many === undefined) return 'false';
  const test = (value: string): string =>
    compareBranches([{ type: literal.type, label: 'string', value }], operator, literal, parameters);
  const holds = holdsOfMany(many, operator, [[literal.type, test]]);
  if (holds === 'false' || operator !== '=' || literal.type !== 'string') return holds;
  return allOf(many.mayEqual?.(literal), holds);
}

/** The condition that a text, never null, matches a pattern, or does not. */
export function patternTest(
  pattern: string,
  operator: '=~' | '!~',
  parameters: SqlParameters,
): (value: string) => string {
  const alternatives = tryAlternatives(pattern);
  const negation = operator === '!~' ? 'NOT ' : '';
  return (value) => {
    if (alternatives === undefined) return `${negation}${textMatches(value, pattern, parameters)}`;
    return `${negation}${textHasShape(value, alternatives, parameters)}`;
  };
}
