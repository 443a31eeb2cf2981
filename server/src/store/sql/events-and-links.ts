/** Events and links of a row of `spans`, as lists: encode/event-link-column.ts says how they lie. */
import { OCCURRENCE_KEYS_SQL as KEYS, OCCURRENCE_VALUES_SQL as VALUES } from '../schema/indexed-occurrences.ts';

/** A subcolumn, for what needs no keys. Beside the whole map it would be read once more. */
const VALUES_ALONE = 'events_and_links.values';

const EVENTS = `arrayFilter(value -> startsWith(value, '0'), ${VALUES_ALONE})`;
const LINKS = `arrayFilter(value -> startsWith(value, '1'), ${VALUES_ALONE})`;

/** UInt64. */
export const EVENT_COUNT_SQL = `toUInt64(arrayCount(value -> startsWith(value, '0'), ${VALUES_ALONE}))`;
export const LINK_COUNT_SQL = `toUInt64(arrayCount(value -> startsWith(value, '1'), ${VALUES_ALONE}))`;

/** Array(String). */
export const EVENT_NAMES_SQL = `arrayFilter((name, value) -> startsWith(value, '0'), ${KEYS}, ${VALUES})`;
/** Array(Int64): signed nanoseconds since 1970. */
export const EVENT_TIMES_SQL = `arrayMap(value -> reinterpretAsInt64(substring(value, 2, 8)), ${EVENTS})`;
/** Array(String): lower-case hex digits. */
export const LINK_TRACE_IDS_SQL = `arrayMap(value -> lower(hex(substring(value, 2, 16))), ${LINKS})`;
export const LINK_SPAN_IDS_SQL = `arrayMap(value -> lower(hex(substring(value, 18, 8))), ${LINKS})`;

/**
 * Array(String): the values of an attribute of events or links, with their types as first bytes (see
 * encode/tagged-value.ts), lower case for both. @param key placeholder.
 */
export function taggedOccurrences(owner: 'event' | 'link', key: string): string {
  if (owner === 'event') {
    return `arrayFilter((value, name) -> name = ${key} AND value >= 'a', ${VALUES}, ${KEYS})`;
  }
  const ofLinks = `arrayFilter((value, name) -> name = ${key} AND value >= 'A' AND value < 'a', ${VALUES}, ${KEYS})`;
  return `arrayMap(value -> concat(lower(substring(value, 1, 1)), substring(value, 2)), ${ofLinks})`;
}

/** Holds wherever an event or a link has the attribute, and prunes. @param key placeholder. */
export function mayHaveOccurrence(key: string): string {
  return `has(${KEYS}, ${key})`;
}

/** The first value of an event attribute that is a text, or ''. @param key literal. */
export function firstEventText(key: string): string {
  return `substring(arrayFirst((value, name) -> name = ${key} AND startsWith(value, 's'), ${VALUES}, ${KEYS}), 2)`;
}
