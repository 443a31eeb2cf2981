/** What the benchmark and its load generator, a process of its own, tell each other. */
import type { Transport } from './bench-options.ts';

/** First argument of the load generator, as JSON. */
export interface LoadSetup {
  readonly seed: number;
  /** Spans in each request, exactly. */
  readonly batch: number;
  /** Different bodies; each is sent again and again with new ids and times. */
  readonly templates: number;
}

export interface LoadOrder {
  readonly kind: 'load';
  readonly transport: Transport;
  /** http://host:port. */
  readonly url: string;
  readonly requests: number;
  /** Connections with one request in flight each. */
  readonly connections: number;
  readonly gzip: boolean;
  /** Most requests started in a second; undefined: as fast as they are acknowledged. */
  readonly requestsPerSecond: number | undefined;
  /** An order that takes longer has failed. */
  readonly timeoutMs: number;
}

export type FromLoadGenerator =
  | { readonly kind: 'ready'; readonly bytesPerSpan: number }
  | ({ readonly kind: 'loaded' } & LoadResult)
  | { readonly kind: 'failed'; readonly message: string };

export interface LoadResult {
  readonly acknowledgedSpans: number;
  /** Requests that were refused for now and sent again. */
  readonly retries: number;
  readonly sentBytes: number;
  readonly wallMs: number;
  readonly acknowledgeMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** CPU seconds of the load generator itself: counted to nobody. */
  readonly generatorCpuSeconds: number;
}
