/**
 * What indexes know of events and links. Only a condition on exactly these texts prunes by them. Not subcolumns: an
 * UPDATE of the map would leave an index on one of them as it was (ClickHouse issue 121018).
 */

/** Array(String): as encode/event-link-column.ts says. */
export const OCCURRENCE_VALUES_SQL = 'mapValues(events_and_links)';

/** Array(String): names of events, keys of their attributes and of those of links. */
export const OCCURRENCE_KEYS_SQL = 'mapKeys(events_and_links)';

/**
 * Array(String): attribute values of events that are texts, with the tag before them (encode/tagged-value.ts). Times
 * and numbers are seldom asked for by equality, and would make most of the index.
 */
export const EVENT_TEXTS_SQL = `arrayFilter(value -> value >= 's', ${OCCURRENCE_VALUES_SQL})`;

/** Array(String): trace ids (16 bytes) and span ids (8 bytes) of links. */
export const LINK_IDS_SQL =
  'arrayFlatten(arrayMap(value -> [substring(value, 2, 16), substring(value, 18, 8)], ' +
  `arrayFilter(value -> startsWith(value, '1'), ${OCCURRENCE_VALUES_SQL})))`;
