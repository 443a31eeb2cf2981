import {
  EVENTS_ALIAS,
  EVENTS_AND_LINKS_OF_SEPARATE_SQL,
  LINKS_ALIAS,
  SEPARATE_COLUMNS,
} from './events-and-links-columns.ts';
import type { Migration } from './migration.ts';

/** Waits for what still fills the map, from another program too: it reads the separate columns. */
const WAIT = `
ALTER TABLE {database}.spans
    UPDATE events_and_links = events_and_links WHERE 0`;

/**
 * What the map is worked out of cannot be dropped. Until the last statement a program that still writes the separate
 * columns is refused, and tries again: it must not store a span without its events.
 */
const HOLD = `
ALTER TABLE {database}.spans
    MODIFY COLUMN events_and_links Map(String, String)
        DEFAULT map('', toString(throwIf(rowNumberInBlock() >= 0, 'schema step 9 is under way: try again')))`;

const DROP = `
ALTER TABLE {database}.spans
${Object.keys(SEPARATE_COLUMNS)
  .map((name) => `    DROP COLUMN IF EXISTS ${name}`)
  .join(',\n')}
    SETTINGS max_execution_time = 0`;

/** Blocks of before keep being taken, if the insert names their columns (schema/insert-columns.ts). */
const TAKE = `
ALTER TABLE {database}.spans
${Object.entries(SEPARATE_COLUMNS)
  .map(([name, type]) => `    ADD COLUMN IF NOT EXISTS ${name} ${type} EPHEMERAL`)
  .join(',\n')},
    ADD COLUMN IF NOT EXISTS ${EVENTS_ALIAS},
    ADD COLUMN IF NOT EXISTS ${LINKS_ALIAS},
    MODIFY COLUMN events_and_links Map(String, String) DEFAULT ${EVENTS_AND_LINKS_OF_SEPARATE_SQL}`;

export const SEPARATE_COLUMNS_DROPPED_MIGRATION: Migration = {
  version: 9,
  name: 'separate-columns-dropped',
  statements: [WAIT, HOLD, DROP, TAKE],
  rewrites: true,
};
