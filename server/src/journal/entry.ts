/** What the journal keeps: encoded rows for named tables, in the order they are to be inserted. */

/** Rows for one table as a ClickHouse Native block (one block, no compression). */
export interface TableBlock {
  readonly table: string;
  readonly rowCount: number;
  readonly bytes: Uint8Array;
}

/** One journal entry: the spans of one or more requests. Catalogue tables come before `spans`. */
export interface JournalEntry {
  readonly spanCount: number;
  readonly blocks: readonly TableBlock[];
}
