/** Comparing values whose types only the row tells: true where some pair of their types fits and compares so. */
import type { ComparisonOperator } from '@clew/traceql';
import { holdsOfMany, type ManyValues, type TestOne } from './many-values.ts';
import { COLUMN_TYPES, type ColumnType, type TypedColumns, type TypedValue } from './typed-value.ts';
import { anyOf, type ValueType } from './value-branch.ts';

const MIRRORED: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** `left operator right` for everything but regular expressions; never null. */
export function compareValues(left: TypedValue, operator: ComparisonOperator, right: TypedValue): string {
  const mirrored = MIRRORED[operator] ?? operator;
  return anyOf([
    ...compareColumns(left.columns, operator, right.columns),
    left.many === undefined ? 'false' : compareMany(left.many, operator, right.columns),
    // Several values are not compared with several: one side has columns only where the other has many.
    right.many === undefined ? 'false' : compareMany(right.many, mirrored, left.columns),
  ]);
}

function compareColumns(left: TypedColumns, operator: ComparisonOperator, right: TypedColumns): string[] {
  const conditions: string[] = [];
  for (const type of COLUMN_TYPES) {
    const a = left[type];
    if (a === undefined || !operatorFits(operator, type)) continue;
    for (const other of COLUMN_TYPES) {
      const b = right[other];
      if (b !== undefined && valueType(other) === valueType(type)) conditions.push(compared(a, operator, b));
    }
  }
  return conditions;
}

function compareMany(many: ManyValues, operator: ComparisonOperator, right: TypedColumns): string {
  const tests = COLUMN_TYPES.flatMap((type): [ValueType, TestOne][] => {
    const column = right[type];
    if (column === undefined || !operatorFits(operator, type)) return [];
    return [[valueType(type), (element) => compared(element, operator, column)]];
  });
  return holdsOfMany(many, operator, tests);
}

function compared(left: string, operator: ComparisonOperator, right: string): string {
  return `ifNull(${left} ${operator} ${right}, false)`;
}

export function valueType(type: ColumnType): ValueType {
  return type === 'int' || type === 'double' ? 'number' : type;
}

function operatorFits(operator: ComparisonOperator, type: ColumnType): boolean {
  return operator === '=' || operator === '!=' || type === 'string' || valueType(type) === 'number';
}
