import type { ClewClient } from '../api/clew-client.ts';
import { searchTraces } from '../search-traces.ts';
import type { Terminal } from '../terminal.ts';
import { loadMetrics } from './load-metrics.ts';
import { queryKindOf } from './query-kind.ts';

export interface RunFlags {
  readonly sinceMs: number;
  /** Most traces. */
  readonly limit: number;
  /** Length of a bucket of metrics; undefined to let it be chosen. */
  readonly stepMs: number | undefined;
  /** Show the found spans of every query, not only of those that group or relate spans. */
  readonly spans: boolean;
  readonly json: boolean;
  readonly explain: boolean;
  readonly cursor?: string;
}

/** Answers one query, whatever it asks for. @returns the exit code. @throws CommandError */
export function runQuery(terminal: Terminal, client: ClewClient, query: string, flags: RunFlags): Promise<number> {
  const kind = queryKindOf(query);
  if (kind === 'metrics') return loadMetrics(terminal, client, query, flags);
  return searchTraces(terminal, client, query, { ...flags, sets: flags.spans || kind === 'sets' });
}
