/**
 * The value of an expression in a row, for calculations, comparisons of values with values, groups and results: one
 * column for each type it can have. In any row at most one of them is not null; where all are, the value is nil, or
 * nothing that a comparison knows.
 */
import { arrayElements } from './any-value-array.ts';
import type { ManyValues } from './many-values.ts';
import type { ValueBranch } from './value-branch.ts';

export type ColumnType = 'string' | 'int' | 'double' | 'bool' | 'status' | 'kind';

/** SQL by type, nullable or not: String, Int64, Float64, Bool, Int32, Int32. Types that cannot occur are absent. */
export type TypedColumns = Readonly<Partial<Record<ColumnType, string>>>;

export interface TypedValue {
  /** The value where it is a single one. */
  readonly columns: TypedColumns;
  /** The values where it is several, for comparisons. */
  readonly many?: ManyValues;
  /** What stands for it where one value is wanted, of several occurrences the first. Absent: `columns`. */
  readonly single?: TypedColumns;
  /** Nullable(String): the bytes of the AnyValue where it is an array, a map, bytes or an empty value. */
  readonly other?: string;
  /** Condition, never null: whether the value is not nil. */
  readonly exists: string;
  /** Whether its integers are nanoseconds. */
  readonly isDuration?: true;
}

export const COLUMN_TYPES: readonly ColumnType[] = ['string', 'int', 'double', 'bool', 'status', 'kind'];

/** What the branches say, as columns. */
export function columnsOf(branches: readonly ValueBranch[]): TypedColumns {
  const columns: Partial<Record<ColumnType, string>> = {};
  for (const type of COLUMN_TYPES) {
    const cases = branches.filter((branch) => columnType(branch) === type);
    const always = cases.find(({ when }) => when === undefined);
    if (always !== undefined) columns[type] = cast(type, always.value);
    else if (cases.length > 0) {
      const parts = cases.map(({ when, value }) => `${when}, ${cast(type, value)}`);
      columns[type] = `multiIf(${parts.join(', ')}, NULL)`;
    }
  }
  return columns;
}

function columnType({ type, label }: ValueBranch): ColumnType {
  if (type !== 'number') return type;
  return label === 'double' ? 'double' : 'int';
}

/** Promoted columns are narrower than the maps, names are LowCardinality: one column has one type. */
function cast(type: ColumnType, value: string): string {
  if (type === 'int' && !value.startsWith('attributes_int[')) return `toInt64(${value})`;
  return type === 'string' && (value === 'name' || value === 'service') ? `CAST(${value}, 'String')` : value;
}

/** The value of one of two attributes, depending on a condition that is never null. */
export function eitherValue(condition: string, yes: TypedValue, no: TypedValue): TypedValue {
  if (condition === 'true') return yes;
  if (condition === 'false') return no;
  const choose = (a: string | undefined, b: string | undefined): string | undefined =>
    a === undefined && b === undefined ? undefined : `if(${condition}, ${a ?? 'NULL'}, ${b ?? 'NULL'})`;
  const columns: Partial<Record<ColumnType, string>> = {};
  for (const type of COLUMN_TYPES) {
    const column = choose(yes.columns[type], no.columns[type]);
    if (column !== undefined) columns[type] = column;
  }
  const other = choose(yes.other, no.other);
  const isMany = yes.many !== undefined || no.many !== undefined;
  return {
    columns,
    exists: `if(${condition}, ${yes.exists}, ${no.exists})`,
    ...(other !== undefined && { other }),
    ...(isMany && other !== undefined && { many: arrayElements(`ifNull(${other}, '')`) }),
  };
}
