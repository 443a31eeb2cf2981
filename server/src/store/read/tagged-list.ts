/**
 * The values of one attribute of events or links (encode/tagged-value.ts) as Array(Tuple(label, text)), for lists of
 * values: those of other types than text, numbers and booleans are left out.
 * @param column Array(Map(String, String)). @param key placeholder of the key.
 */
export function taggedList(column: string, key: string): string {
  const tagged = `arrayMap(pairs -> pairs[${key}], ${column})`;
  const content = 'substring(value, 2)';
  const labelled =
    `multiIf(startsWith(value, 's'), ('string', ${content}), ` +
    `startsWith(value, 'i'), ('int', toString(reinterpretAsInt64(${content}))), ` +
    `startsWith(value, 'd'), ('double', toString(reinterpretAsFloat64(${content}))), ` +
    `('bool', if(${content} != '\\0', 'true', 'false')))`;
  // Neither an attribute that is not there (an empty text) nor a value of another type.
  return `arrayMap(value -> ${labelled}, arrayFilter(value -> value != '' AND NOT startsWith(value, 'o'), ${tagged}))`;
}
