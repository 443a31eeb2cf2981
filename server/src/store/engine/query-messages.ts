/** What the engine's main thread and the thread of a query connection say to each other. */

export interface QueryJob {
  readonly sql: string;
  readonly format: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Row formats are fetched chunk by chunk, documents and statements without rows at once. */
  readonly streamed: boolean;
  /** What unqualified table names mean. A connection keeps it until a job names another one. */
  readonly database: string;
  /** Statements that run before on this connection, which is then opened anew: SET leaves no trace. */
  readonly before: readonly string[];
}

export type ToQueryThread =
  | { readonly type: 'run'; readonly job: QueryJob }
  /** Room for so many more chunks. */
  | { readonly type: 'more'; readonly chunks: number }
  | { readonly type: 'cancel' }
  | { readonly type: 'close' };

export type FromQueryThread =
  | { readonly type: 'ready' }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array; readonly rows: number }
  /** Ends a job; `elapsedNano` is the engine's. */
  | { readonly type: 'end'; readonly elapsedNano: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'closed' };

export interface QueryThreadData {
  readonly kind: 'clew-query-connection';
  readonly dataPath: string;
  readonly connectionArguments: readonly string[];
}
