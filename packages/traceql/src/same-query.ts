import type { Query } from './tree.ts';

/** Whether two queries say the same, wherever their parts stood in their texts. */
export function isSameQuery(a: Query, b: Query): boolean {
  return isSameValue(a, b);
}

/** The tree is plain data, so one comparison serves every kind of node; ranges (`at`) do not count. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
  );
}

function partsOf(node: object): Map<string, unknown> {
  return new Map(Object.entries(node).filter(([key, value]) => key !== 'at' && value !== undefined));
}
