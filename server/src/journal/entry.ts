/** What the journal keeps: encoded rows for named tables, in the order they are to be inserted. */

/** Rows for one table as a ClickHouse Native block (one block, no compression). */
export interface TableBlock {
  readonly table: string;
  readonly rowCount: number;
  readonly bytes: Uint8Array;
  /** Which shard of a cluster the rows are for, from 0. Absent: the first, or the only one. */
  readonly shard?: number;
}

/** One journal entry: the spans of one or more requests. Catalogue tables come before `spans`. */
export interface JournalEntry {
  readonly spanCount: number;
  readonly blocks: readonly TableBlock[];
}

/**
 * Consecutive entries that are inserted together. The same group comes again after a crash, with the same token,
 * so that the store can drop what it already has.
 */
export interface JournalGroup {
  /** Deduplication token: journal id and sequence range. */
  readonly token: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly spanCount: number;
  readonly entries: readonly JournalEntry[];
}
