/** What a benchmark and its load generator, a process of its own, tell each other. */
import type { Quantiles } from './quantiles.ts';

export type Transport = 'http' | 'grpc';
export type Encoding = 'protobuf' | 'json';
export type Compression = 'none' | 'gzip' | 'zstd';

/** How spans become a request's body. */
export interface BodyForm {
  readonly encoding: Encoding;
  readonly compression: Compression;
}

export const PLAIN_PROTOBUF: BodyForm = { encoding: 'protobuf', compression: 'none' };

/** First argument of the load generator, as JSON. */
export interface LoadSetup {
  readonly seed: number;
  /** Spans in each request, exactly. */
  readonly batch: number;
  /** Different bodies; each is sent again and again with new ids and times. */
  readonly templates: number;
}

interface Destination {
  readonly transport: Transport;
  /** http://host:port, with a path where it is not /v1/traces. */
  readonly url: string;
}

/** Sends until `requests` are acknowledged; refused ones again. */
export interface LoadOrder extends Destination {
  readonly kind: 'load';
  readonly form: BodyForm;
  readonly requests: number;
  /** Starts no request after this time, even if there were more to send. */
  readonly durationMs?: number;
  /** Connections with one request in flight each. */
  readonly connections: number;
  /** When requests are due; without it, as fast as they are acknowledged. */
  readonly requestsPerSecond?: number;
  /** The same ids and times, byte for byte, for everyone who gets this order; bodies are then made beforehand. */
  readonly replay?: { readonly seed: number; readonly startUnixMs: number };
  /** An order that takes longer has failed. */
  readonly timeoutMs: number;
}

/** Sends at a rate without regard to refusals: nothing is sent again. */
export interface FloodOrder extends Destination {
  readonly kind: 'flood';
  readonly senders: readonly FloodSenders[];
  readonly durationMs: number;
}

export interface FloodSenders {
  /** X-Scope-OrgID; none when empty. */
  readonly tenant: string;
  readonly connections: number;
  /** Of all these connections together. */
  readonly requestsPerSecond: number;
}

export type LoadGeneratorOrder = LoadOrder | FloodOrder;

export type FromLoadGenerator =
  | { readonly kind: 'ready'; readonly bytesPerSpan: number }
  | ({ readonly kind: 'loaded' } & LoadResult)
  | ({ readonly kind: 'flooded' } & FloodResult)
  | { readonly kind: 'failed'; readonly message: string };

/** A trace that was acknowledged whole. */
export interface SentTrace {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly spans: number;
}

export interface LoadResult {
  readonly acknowledgedSpans: number;
  /** Requests that were refused for now and sent again. */
  readonly retries: number;
  readonly sentBytes: number;
  readonly wallMs: number;
  /** From when a request was due (without a rate: sent) until its acknowledgement. */
  readonly acknowledgeMs: Quantiles;
  /** How late requests left although a connection was free: the generator's own part of the above. */
  readonly lateMs: Quantiles;
  /** Some of the traces, spread over the run, the last request's among them. */
  readonly traces: readonly SentTrace[];
  /** CPU seconds of the load generator itself: counted to nobody. */
  readonly generatorCpuSeconds: number;
}

export interface FloodResult {
  readonly wallMs: number;
  readonly groups: readonly FloodGroupResult[];
  /** Accepted and refused requests in each second. */
  readonly seconds: readonly { readonly accepted: number; readonly refused: number }[];
  readonly generatorCpuSeconds: number;
}

export interface FloodGroupResult {
  readonly tenant: string;
  /** Requests that were due. */
  readonly due: number;
  readonly acceptedRequests: number;
  readonly acceptedSpans: number;
  readonly refusedRequests: number;
  /** By status. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Refusals with neither Retry-After nor RetryInfo. */
  readonly withoutRetryHint: number;
  /** Requests whose outcome is unknown, by error; their spans may be stored or not. */
  readonly errors: Readonly<Record<string, number>>;
  readonly unknownSpans: number;
  readonly acceptedByConnection: readonly number[];
  readonly acceptedMs: Quantiles;
}
