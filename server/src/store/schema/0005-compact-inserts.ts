import type { Migration } from './migration.ts';

/**
 * Inserts write parts in which all columns share a file. A wide part of our columns is some 250 files, each opened, written
 * and synced by itself, for every second's insert of tens of thousands of spans (ClickHouse writes wide parts from 10 MB
 * uncompressed on: 15,000 spans). What merges make of them is beyond this size, and wide.
 *
 * Parts of 1 GiB, some 12 million spans, are merged no further: a pass over all columns costs as much as two inserts, and
 * parts that lie behind one another in time are read no slower than one.
 */
const SPANS = `
ALTER TABLE {database}.spans
    MODIFY SETTING min_bytes_for_wide_part = 134217728, max_bytes_to_merge_at_max_space_in_pool = 1073741824`;

export const COMPACT_INSERTS_MIGRATION: Migration = {
  version: 5,
  name: 'compact-inserts',
  statements: [SPANS],
};
