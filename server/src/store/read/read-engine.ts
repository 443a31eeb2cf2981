/** What the reader needs of the ClickHouse client: store/client.ts has it, for the embedded engine and for a server. */
import type { TraceId } from '@clew/model';
import type { SqlValue } from '../sql/sql-parameters.ts';

export type EngineSettings = Readonly<Record<string, string | number>>;

export interface EngineReadOptions {
  readonly signal?: AbortSignal;
  /** Wall time; the client gives up a little after the engine should have. */
  readonly timeoutMs?: number;
  readonly settings?: EngineSettings;
}

export interface EngineSummary {
  /** Absent: not known. */
  readonly rowsRead?: number;
  readonly bytesRead?: number;
  /** Why rows may be missing from the answer: a shard of the cluster is away. */
  readonly incompleteReason?: string;
}

export interface NativeAnswer {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** What was read; known once the chunks are at their end. */
  summary(): EngineSummary;
}

export interface ReadEngine {
  selectJson<T>(
    sql: string,
    parameters: Readonly<Record<string, SqlValue>>,
    options: EngineReadOptions,
  ): Promise<{ readonly rows: readonly T[]; readonly summary: EngineSummary }>;

  selectNative(
    sql: string,
    parameters: Readonly<Record<string, SqlValue>>,
    options: EngineReadOptions,
  ): Promise<NativeAnswer>;

  /** For statements about one trace, with its resources and scopes. Absent: there is no shorter way to it. */
  ofTrace?(traceId: TraceId): ReadEngine;
}
