/** Attributes of events and links: a type as first byte, then the value (see encode/tagged-value.ts). */
import { type ManyValues, named } from './many-values.ts';

type Label = 'string' | 'int' | 'double' | 'bool';

const TAGS: Readonly<Record<Label, string>> = { string: 's', int: 'i', double: 'd', bool: 'b' };

/** @param labels of the types to expect. */
export function occurrencesAsMany(tagged: string, labels: ReadonlySet<Label>): ManyValues {
  const list = (label: Label): string =>
    `arrayMap(value -> ${untagged('value', label)}, arrayFilter(value -> startsWith(value, '${TAGS[label]}'), tagged))`;
  const lists = Object.fromEntries([...labels].map((label) => [label, list(label)]));
  return { where: (condition) => named('tagged', tagged, condition({ ...lists, total: 'length(tagged)' })) };
}

/** Nullable: what a tagged value holds where it is of the type. */
export function untaggedOrNull(value: string, label: Label): string {
  return `if(startsWith(${value}, '${TAGS[label]}'), ${untagged(value, label)}, NULL)`;
}

/** What a tagged value of the type holds. */
export function untagged(value: string, label: Label): string {
  const content = `substring(${value}, 2)`;
  switch (label) {
    case 'string':
      return content;
    case 'int':
      return `reinterpretAsInt64(${content})`;
    case 'double':
      return `reinterpretAsFloat64(${content})`;
    case 'bool':
      return `(${content} != '\\0')`;
  }
}
