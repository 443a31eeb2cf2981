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
  /** Undefined when the process can take data, else why not. */
  readonly notReadyBecause: () => Promise<string | undefined>;
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

export interface ApiMetrics {
  requestAnswered(route: string, status: number, seconds: number): void;
  queryRead(route: string, rows: number, bytes: number): void;
}
