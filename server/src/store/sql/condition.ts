/**
 * A condition between two bounds. What SQL cannot say exactly it says from both sides, since `!` turns the one into
 * the other: `necessary` is true wherever the condition is, `sufficient` nowhere else. Both are two-valued, never null.
 */
export interface Condition {
  readonly necessary: string;
  readonly sufficient: string;
}

/** Nothing is known: it may hold anywhere. */
export const UNKNOWN: Condition = { necessary: 'true', sufficient: 'false' };

export function exactly(sql: string): Condition {
  return { necessary: sql, sufficient: sql };
}

export function isExact({ necessary, sufficient }: Condition): boolean {
  return necessary === sufficient;
}

export function not(condition: Condition): Condition {
  const sufficient = notSql(condition.necessary);
  return isExact(condition) ? exactly(sufficient) : { necessary: notSql(condition.sufficient), sufficient };
}

export function all(conditions: readonly Condition[]): Condition {
  return joined(conditions, ' AND ', 'true', 'false');
}

export function any(conditions: readonly Condition[]): Condition {
  return joined(conditions, ' OR ', 'false', 'true');
}

/** Both or neither. */
export function same(left: Condition, right: Condition): Condition {
  return any([all([left, right]), all([not(left), not(right)])]);
}

function notSql(sql: string): string {
  if (sql === 'true') return 'false';
  return sql === 'false' ? 'true' : `(NOT ${sql})`;
}

function joined(conditions: readonly Condition[], operator: string, neutral: string, decisive: string): Condition {
  const join = (parts: readonly string[]): string => {
    if (parts.includes(decisive)) return decisive;
    const telling = parts.filter((part) => part !== neutral);
    if (telling.length === 0) return neutral;
    return telling.length === 1 ? telling[0] : `(${telling.join(operator)})`;
  };
  const sufficient = join(conditions.map((condition) => condition.sufficient));
  if (conditions.every(isExact)) return exactly(sufficient);
  return { necessary: join(conditions.map((condition) => condition.necessary)), sufficient };
}
