/** What the store's parts use of ClickHouse. createStoreClient in client.ts makes one. */

/** Values of {name:Type} placeholders. Numbers beyond 2^53 as bigint. */
export type StoreParameters = Readonly<Record<string, unknown>>;
export type StoreSettings = Readonly<Record<string, string | number | boolean>>;

export interface StoreQueryOptions {
  readonly signal?: AbortSignal;
  /** Wall time for the engine's work and the transfer. The engine gives up at this time, the client soon after. */
  readonly timeoutMs?: number;
  readonly settings?: StoreSettings;
}

export interface StoreSummary {
  /** Rows and bytes read from tables. */
  readonly rowsRead: number;
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

export interface StoreRows<T> {
  readonly rows: readonly T[];
  readonly summary: StoreSummary;
}

/** What is known of a streamed answer. */
export interface StoreNativeSummary {
  /** Absent: not known. The embedded engine never tells, a server in its trailers only. */
  readonly rowsRead?: number;
  readonly bytesRead?: number;
  readonly elapsedMs: number;
}

export interface StoreNativeResult {
  /** Bytes of Native blocks, cut anywhere. Leaving the loop early stops the engine's work. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** To be asked for once `chunks` has been read to its end. */
  summary(): StoreNativeSummary;
}

export interface StoreInsertOptions {
  /** The same token again, within the table's deduplication window, stores nothing again. */
  readonly deduplicationToken: string;
  readonly settings?: StoreSettings;
  readonly signal?: AbortSignal;
}

export interface StoreClient {
  /** Runs a statement without result. */
  command(sql: string, parameters?: StoreParameters, options?: StoreQueryOptions): Promise<void>;
  /** Rows of a SELECT without FORMAT clause as objects; 64-bit integers are strings. For small results (64 MiB). */
  selectJson<T>(sql: string, parameters?: StoreParameters, options?: StoreQueryOptions): Promise<StoreRows<T>>;
  /** Streams the Native blocks of a SELECT without FORMAT clause. */
  selectNative(sql: string, parameters?: StoreParameters, options?: StoreQueryOptions): Promise<StoreNativeResult>;
  /** Inserts Native blocks; all of them or, when it rejects, to be repeated with the same token. */
  insertNative(table: string, chunks: readonly Uint8Array[], options: StoreInsertOptions): Promise<void>;
  /** True when the store answers. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}
