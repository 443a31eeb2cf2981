/**
 * A TraceQL field as SQL. The language is dynamically typed, columns are not: a field becomes one branch for each
 * type its value can have, and for each place it can be stored in. In any row at most one branch holds.
 */

export type ValueType = 'string' | 'number' | 'bool' | 'status' | 'kind';

/** What a value is called in lists of values; statuses and kinds are keywords. */
export type ValueLabel = 'string' | 'int' | 'double' | 'bool' | 'keyword';

export interface ValueBranch {
  readonly type: ValueType;
  readonly label: ValueLabel;
  /** SQL condition, never null: whether the field has this branch's value in this row. Absent: always. */
  readonly when?: string;
  /** SQL value, never null; any value where `when` does not hold. */
  readonly value: string;
  /** A condition the same as `when AND value = literal`, in a form the engine's indexes understand; or undefined. */
  readonly equals?: (literal: Literal) => string | undefined;
  /** The same of `when AND value IN texts`. */
  readonly oneOf?: (texts: TextSet) => string | undefined;
}

/** A literal of the query: bound, with its value for choices at compile time. */
export interface Literal {
  readonly type: ValueType;
  /** The placeholder. */
  readonly sql: string;
  readonly constant: string | bigint | number | boolean;
}

/** Several texts, any of which is meant: an array in place of a literal. */
export interface TextSet extends Literal {
  readonly type: 'string';
  readonly texts: readonly string[];
}

export function isTextSet(literal: Literal): literal is TextSet {
  return 'texts' in literal;
}

/** `a AND b AND …` of the conditions that are there; `true` for none. */
export function allOf(...conditions: readonly (string | undefined)[]): string {
  const present = conditions.filter((condition) => condition !== undefined && condition !== 'true');
  return present.length === 0 ? 'true' : present.length === 1 ? String(present[0]) : `(${present.join(' AND ')})`;
}

/** `a OR b OR …`; `false` for none. */
export function anyOf(conditions: readonly string[]): string {
  const possible = conditions.filter((condition) => condition !== 'false');
  return possible.length === 0 ? 'false' : possible.length === 1 ? possible[0] : `(${possible.join(' OR ')})`;
}
