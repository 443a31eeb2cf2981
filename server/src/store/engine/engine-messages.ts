/** IPC between the engine process and its parent. */

/** The engine's arguments: one JSON argument on its command line. */
export interface EngineArguments {
  /** ClickHouse's own directory. */
  readonly dataPath: string;
  readonly configPath: string;
  readonly socketPath: string;
  readonly memoryLimitBytes: number;
}

export type FromEngine =
  | { readonly type: 'ready' }
  /** The engine could not start; it ends after saying so. `code` is ClickHouse's, 0 where there is none. */
  | { readonly type: 'refused'; readonly message: string; readonly code: number }
  | { readonly type: 'memory'; readonly rssBytes: number }
  /** The main thread is there. */
  | { readonly type: 'alive' }
  /** A statement has come back from the library, with a result or an error. */
  | { readonly type: 'answered' }
  /** Everything is closed; the process ends itself now. */
  | { readonly type: 'stopped' };

export type ToEngine =
  | { readonly type: 'stop' }
  | { readonly type: 'probe' }
  /** Asks for the resident memory. `reclaim`: allocators are first to give back what they keep for later. */
  | { readonly type: 'memory'; readonly reclaim: boolean };
