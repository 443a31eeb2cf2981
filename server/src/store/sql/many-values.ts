/** Several values in place of one: attributes that are arrays, and fields of a span's events and links. */
import type { ComparisonOperator } from '@clew/traceql';
import { allOf, anyOf, type Literal } from './value-branch.ts';

/** Arrays in SQL, by type; a type that cannot occur is absent. All are empty where the field has no such value. */
export interface ValueLists {
  /** How many values there are, also of types that have no list. */
  readonly total: string;
  readonly string?: string;
  readonly int?: string;
  readonly double?: string;
  readonly bool?: string;
}

export interface ManyValues {
  /** Condition that is cheap to check and holds wherever there are values. Absent: none. */
  readonly when?: string;
  /** Condition that holds wherever one of the values is the text, or one of the texts, and that indexes understand. */
  readonly mayEqual?: (literal: Literal) => string;
  /** The condition that `condition` makes of the lists. They may be used in it several times: they cost once. */
  where(condition: (lists: ValueLists) => string): string;
}

/** A condition on one value, named in the text it is given. */
export type TestOne = (value: string) => string;

/** Tests by the type of literals that the values must be of; where several fit a value, one must hold. */
export type TestsByType = readonly (readonly [type: Literal['type'], test: TestOne])[];

/** Whether one of the values satisfies its test, or, for `!=` and `!~`, all of them do, and there is at least one. */
export function holdsOfMany(many: ManyValues, operator: ComparisonOperator, tests: TestsByType): string {
  const isNegative = operator === '!=' || operator === '!~';
  let isPossible = true;
  const condition = many.where((lists) => {
    const text = anyOf(
      tests.map(([type, test]) => {
        const fitting = listsOfType(lists, type);
        return isNegative ? everyOf(lists.total, fitting, test) : someOf(fitting, type, test);
      }),
    );
    isPossible = text !== 'false';
    return text;
  });
  return isPossible ? allOf(many.when, condition) : 'false';
}

/** The lists whose values fit a type of literals. */
function listsOfType(lists: ValueLists, type: Literal['type']): string[] {
  const fitting =
    type === 'number' ? [lists.int, lists.double] : type === 'string' || type === 'bool' ? [lists[type]] : [];
  return fitting.filter((list) => list !== undefined);
}

/** Numbers are counted: the engine makes `has` of an arrayExists of an equality, which compares them as doubles. */
function someOf(lists: readonly string[], type: Literal['type'], test: TestOne): string {
  const holds = (list: string): string =>
    type === 'number'
      ? `(arrayCount(element -> ${test('element')}, ${list}) > 0)`
      : `arrayExists(element -> ${test('element')}, ${list})`;
  return anyOf(lists.map(holds));
}

/** There are values, all of them in these lists, and all satisfy the test. */
function everyOf(total: string, lists: readonly string[], test: TestOne): string {
  if (lists.length === 0) return 'false';
  const satisfied = lists.map((list) => `arrayCount(element -> ${test('element')}, ${list})`);
  return `(${total} > 0 AND ${satisfied.join(' + ')} = ${total})`;
}

/** Gives a value a name inside a condition that needs it several times. */
export function named(name: string, value: string, condition: string): string {
  return `arrayExists(${name} -> ${condition}, [${value}])`;
}
