import { taggedOccurrences } from '../sql/events-and-links.ts';

/**
 * The values of one attribute of events or links (encode/tagged-value.ts) as Array(Tuple(label, text)), for lists of
 * values: those of other types than text, numbers and booleans are left out.
 * @param key placeholder of the key.
 */
export function taggedList(owner: 'event' | 'link', key: string): string {
  const content = 'substring(value, 2)';
  const labelled =
    `multiIf(startsWith(value, 's'), ('string', ${content}), ` +
    `startsWith(value, 'i'), ('int', toString(reinterpretAsInt64(${content}))), ` +
    `startsWith(value, 'd'), ('double', toString(reinterpretAsFloat64(${content}))), ` +
    `('bool', if(${content} != '\\0', 'true', 'false')))`;
  const tagged = taggedOccurrences(owner, key);
  return `arrayMap(value -> ${labelled}, arrayFilter(value -> NOT startsWith(value, 'o'), ${tagged}))`;
}
