/** Limits of the receivers. Sizes in bytes, waits in milliseconds. */
export interface ReceiveLimits {
  /** One request's body as received. */
  readonly maxBodyBytes: number;
  /** Bodies being collected or waiting for their answer, over all connections of all receivers. */
  readonly maxReceivingBytes: number;
  readonly maxConnections: number;
  /** From the connection to the end of the request's headers. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  /** An idle connection is closed. Longer than the 60 s of common load balancers, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** What is still read of a body that has been refused, so that the client gets to see the answer. */
  readonly maxLingerBytes: number;
  readonly lingerTimeoutMs: number;
  /** gRPC: requests at the same time on one connection. */
  readonly maxConcurrentStreams: number;
  /** gRPC: bytes of request headers. */
  readonly maxHeaderBytes: number;
  /** Added to every wait, by chance between nothing and all of it: senders refused together must not return together. */
  readonly retrySpreadMs: number;
  /** What senders are told to wait when it was our mistake. */
  readonly failedRetryAfterMs: number;
  /** What senders are told to wait when `maxReceivingBytes` is reached. */
  readonly overloadedRetryAfterMs: number;
  /** How long `close()` waits for requests under way. */
  readonly drainTimeoutMs: number;
}

export const DEFAULT_RECEIVE_LIMITS: ReceiveLimits = {
  maxBodyBytes: 64 * 2 ** 20,
  maxReceivingBytes: 256 * 2 ** 20,
  maxConnections: 4096,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  keepAliveTimeoutMs: 75_000,
  maxLingerBytes: 8 * 2 ** 20,
  lingerTimeoutMs: 5_000,
  maxConcurrentStreams: 256,
  maxHeaderBytes: 16 * 2 ** 10,
  retrySpreadMs: 2_000,
  failedRetryAfterMs: 1_000,
  overloadedRetryAfterMs: 1_000,
  drainTimeoutMs: 10_000,
};
