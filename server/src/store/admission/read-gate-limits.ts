/** How much is read at the same time. Set as `query.*`. */
export interface ReadGateLimits {
  /** Statements in the engine at once, of everybody. */
  readonly maxRunning: number;
  /** Of one tenant. */
  readonly maxRunningPerTenant: number;
  /** Reads that wait to begin, of everybody; the next one is refused. */
  readonly maxWaiting: number;
  readonly maxWaitingPerTenant: number;
  /** How long a read waits to begin before it is refused. */
  readonly maxWaitMs: number;
  /** Memory of all statements that run. */
  readonly memoryBytes: number;
  /** Threads of the engine for one statement that runs alone; those beside others get fewer. */
  readonly maxThreads: number;
}

/**
 * What a statement is for. The dearer the kind, the fewer of it at once, so that a cheap one always finds a place:
 * of four places aggregates get two at most, aggregates and searches together three. `spare` is what nobody waits for:
 * it runs where a place stays free beside it, and ends where somebody has to wait.
 */
export type StatementKind = 'lookup' | 'search' | 'aggregate' | 'spare';

/** Most statements of a kind and of the dearer ones. */
export function placesOf(kind: StatementKind, maxRunning: number): number {
  if (kind === 'aggregate') return Math.max(1, Math.floor(maxRunning / 2));
  if (kind === 'search') return Math.max(1, maxRunning - 1);
  return maxRunning;
}
