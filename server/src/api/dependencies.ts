/** What the API's handlers need from the rest of the program; main.ts puts it together. */
import type { StatusAnswer } from '@clew/contract';
import type { SpanStore } from '../store/span-store.ts';

export interface ApiDependencies {
  readonly store: SpanStore;
  readonly version: string;
  /** Directory of the built UI; absent when only the API is served. */
  readonly uiDir: string | undefined;
  /** Whose data a request may read. Throws ApiError for a bad tenant header. */
  readonly tenantOf: (headers: Headers) => string;
  /** What the process knows of itself; the store adds `hasSpans`. */
  readonly status: (tenant: string) => Omit<StatusAnswer, 'hasSpans'>;
  /** Prometheus text. */
  readonly metricsText: () => Promise<string>;
  readonly readiness: Readiness;
  readonly queryTimeoutMs: number;
  /** Origins of web pages that may read over the Tempo API; `*` for all. */
  readonly corsAllowedOrigins: readonly string[];
  /** Aborted when the program begins to stop: streams without an end of their own end then. */
  readonly stopping?: AbortSignal | undefined;
  readonly metrics: ApiMetrics;
  readonly logger: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
}

/** Each asks anew, and is undefined where all is well. Spans are taken, into the journal, while the store is away. */
export interface Readiness {
  /** Why senders are told to wait. */
  readonly takesNoSpansBecause: () => Promise<string | undefined>;
  /** Why those that were taken wait in the journal. */
  readonly storesNoSpansBecause: () => Promise<string | undefined>;
  readonly answersNoQueriesBecause: () => Promise<string | undefined>;
}

export interface ApiMetrics {
  requestAnswered(route: string, status: number, seconds: number): void;
  queryRead(route: string, rows: number, bytes: number): void;
}
