import { EVENT_TEXTS_SQL, LINK_IDS_SQL, OCCURRENCE_KEYS_SQL } from './indexed-occurrences.ts';
import type { Migration } from './migration.ts';

const ADD = `
ALTER TABLE {database}.spans
    ADD INDEX IF NOT EXISTS event_key_bloom ${OCCURRENCE_KEYS_SQL} TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS event_text_bloom ${EVENT_TEXTS_SQL} TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS link_id_bloom ${LINK_IDS_SQL} TYPE bloom_filter(0.01) GRANULARITY 1`;

/** Not waited for: queries are right without, and only as slow as before. */
const MATERIALIZE = `
ALTER TABLE {database}.spans
    MATERIALIZE INDEX event_key_bloom,
    MATERIALIZE INDEX event_text_bloom,
    MATERIALIZE INDEX link_id_bloom
    SETTINGS mutations_sync = 0`;

/**
 * A rare exception or event of a day, and what links to a span, is found in the granules that have it; without, all events
 * and links of the day are read.
 */
export const INDEXES_OF_EVENTS_AND_LINKS_MIGRATION: Migration = {
  version: 11,
  name: 'indexes-of-events-and-links',
  statements: [ADD, MATERIALIZE],
};
