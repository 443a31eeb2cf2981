import { EVENTS_AND_LINKS_OF_SEPARATE_SQL } from './events-and-links-columns.ts';
import type { Migration } from './migration.ts';

/** For blocks that do not have it, worked out of what they have. */
const ADD = `
ALTER TABLE {database}.spans
    ADD COLUMN IF NOT EXISTS events_and_links Map(String, String)
        DEFAULT ${EVENTS_AND_LINKS_OF_SEPARATE_SQL} CODEC(Default)`;

/**
 * Into every part that is there: of all rows, since a part with none to change would not be written. Not MATERIALIZE:
 * run again after the next step it would work out an empty column, while this fails.
 */
const FILL = `
ALTER TABLE {database}.spans
    UPDATE events_and_links = ${EVENTS_AND_LINKS_OF_SEPARATE_SQL} WHERE 1`;

/**
 * Events and links become one map (encode/event-link-column.ts) in place of ten columns of 23 streams: a merge costs a
 * fourth less, an insert a fifth (docs/internals/write-path.md). This step writes the map beside them.
 */
export const EVENTS_AND_LINKS_MIGRATION: Migration = {
  version: 8,
  name: 'events-and-links',
  statements: [ADD, FILL],
  rewrites: true,
};
