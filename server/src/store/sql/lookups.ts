/** What rows of `spans` refer to: their resource and their instrumentation scope, by id. */

import { arrayElements } from './any-value-array.ts';
import type { TenantScope } from './tenant-scope.ts';
import { COLUMN_TYPES, type ColumnType, type TypedValue } from './typed-value.ts';

export interface Referred {
  readonly table: 'resources' | 'scopes';
  /** Column of `spans` that has the id. */
  readonly idColumn: 'resource_id' | 'scope_id';
}

export const RESOURCE: Referred = { table: 'resources', idColumn: 'resource_id' };
export const INSTRUMENTATION: Referred = { table: 'scopes', idColumn: 'scope_id' };

/** A condition on a row of what is referred to as a condition on a row of `spans`. */
export function referredCondition({ table, idColumn }: Referred, scope: TenantScope, condition: string): string {
  if (condition === 'false') return 'false';
  return `${idColumn} IN (SELECT id ${scope.from(table, [condition])})`;
}

/**
 * A value in a row of what is referred to as a value in a row of `spans`. The few rows that have one become a constant
 * table of the statement, from id to value.
 * @param where narrows the rows that are looked up.
 */
export function referredValue(
  referred: Referred,
  scope: TenantScope,
  value: TypedValue,
  where: readonly string[] = [],
): TypedValue {
  const { table, idColumn } = referred;
  const lookUp = (column: string): string => {
    const rows = scope.from(table, [...where, `isNotNull(${column})`]);
    return constantTable(idColumn, `SELECT id AS known, assumeNotNull(${column}) AS found ${rows}`);
  };
  const columns: Partial<Record<ColumnType, string>> = {};
  for (const type of COLUMN_TYPES) {
    const column = value.columns[type];
    if (column !== undefined) columns[type] = lookUp(column);
  }
  const other = value.other === undefined ? undefined : lookUp(value.other);
  return {
    columns,
    exists: referredCondition(referred, scope, [...where, value.exists].join(' AND ')),
    ...(other !== undefined && { other }),
    ...(value.many !== undefined && other !== undefined && { many: arrayElements(`ifNull(${other}, '')`) }),
  };
}

/**
 * Nullable: the value that rows of (known, found) have for a key, null where they have none.
 * @param rows SELECT of the two columns, neither nullable. A key has one value.
 */
export function constantTable(key: string, rows: string): string {
  const pairs = `(SELECT arraySort(groupUniqArray((known, found))) FROM (${rows}))`;
  return `transform(${key}, arrayMap(pair -> pair.1, ${pairs}), arrayMap(pair -> pair.2, ${pairs}), NULL)`;
}
