import type { Migration } from './migration.ts';

/**
 * More parts in one merge, and none beyond a size: each row is rewritten fewer times. At the size
 * of `bench/store` (1.6 million spans) the cost is the same as with ClickHouse's base of 5, for 10 parts in place of 7: each
 * row is rewritten log12 in place of log5 of the times the store is larger than an insert, which shows in large stores only.
 * Merging parts of 4 GiB (some 40 million spans) further would speed no query up: searches read by day and service, and
 * find a trace by the bloom filter of each part.
 */
const SPANS = `
ALTER TABLE {database}.spans
    MODIFY SETTING merge_selector_base = 12, max_bytes_to_merge_at_max_space_in_pool = 4294967296`;

const TRACE_TIMES = `
ALTER TABLE {database}.trace_times
    MODIFY SETTING merge_selector_base = 12, max_bytes_to_merge_at_max_space_in_pool = 4294967296`;

export const FEWER_MERGES_MIGRATION: Migration = {
  version: 3,
  name: 'fewer-merges',
  statements: [SPANS, TRACE_TIMES],
};
