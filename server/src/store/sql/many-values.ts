/** Several values in place of one: attributes that are arrays, and fields of a span's events and links. */
import { anyOf, type Literal } from './value-branch.ts';

/** Arrays in SQL, by type; a type that cannot occur is absent. All are empty where the field has no such value. */
export interface ManyValues {
  /** Condition that is cheap to check and holds wherever there are values. Absent: none. */
  readonly when?: string;
  /** How many values there are, also of types that have no list. */
  readonly total: string;
  readonly string?: string;
  readonly int?: string;
  readonly double?: string;
  readonly bool?: string;
}

/** The condition on one value, named in the text it is given. */
type TestOne = (value: string) => string;

/** The lists whose values fit a type of literals. */
export function listsOfType(many: ManyValues, type: Literal['type']): string[] {
  const lists = type === 'number' ? [many.int, many.double] : LISTED.has(type) ? [many[type as 'string' | 'bool']] : [];
  return lists.filter((list) => list !== undefined);
}

const LISTED: ReadonlySet<Literal['type']> = new Set(['string', 'bool']);

/** One value of the lists satisfies the test. */
export function someOf(lists: readonly string[], test: TestOne): string {
  return anyOf(lists.map((list) => `arrayExists(element -> ${test('element')}, ${list})`));
}

/** There are values, all of them in these lists, and all satisfy the test. */
export function everyOf({ total }: ManyValues, lists: readonly string[], test: TestOne): string {
  if (lists.length === 0) return 'false';
  const counted = lists.map((list) => `length(${list})`).join(' + ');
  const satisfied = lists.map((list) => `arrayAll(element -> ${test('element')}, ${list})`);
  return `(${[`${total} > 0`, `${counted} = ${total}`, ...satisfied].join(' AND ')})`;
}

/** Attributes of events and links: see encode/tagged-value.ts. */
export interface TaggedValues extends ManyValues {
  /** Array(String) of the tagged values, one for each event or link that has the attribute. */
  readonly tagged: string;
}

/**
 * The values of one attribute over a column `Array(Map(String, String))`.
 * @param key placeholder of the key.
 * @param labels of the types to expect.
 */
export function taggedValues(column: string, key: string, labels: ReadonlySet<string>): TaggedValues {
  const tagged = `arrayFilter(value -> value != '', arrayMap(pairs -> pairs[${key}], ${column}))`;
  const list = (tag: string, value: string): string =>
    `arrayMap(value -> ${value}, arrayFilter(value -> startsWith(value, '${tag}'), ${tagged}))`;
  return {
    tagged,
    total: `length(${tagged})`,
    ...(labels.has('string') && { string: list('s', untagged('value').string) }),
    ...(labels.has('int') && { int: list('i', untagged('value').int) }),
    ...(labels.has('double') && { double: list('d', untagged('value').double) }),
    ...(labels.has('bool') && { bool: list('b', untagged('value').bool) }),
  };
}

/** What a tagged value holds, read as each of the types. */
export function untagged(value: string): Readonly<Record<'string' | 'int' | 'double' | 'bool', string>> {
  return {
    string: `substring(${value}, 2)`,
    int: `reinterpretAsInt64(substring(${value}, 2))`,
    double: `reinterpretAsFloat64(substring(${value}, 2))`,
    bool: `(substring(${value}, 2) != '\\0')`,
  };
}
