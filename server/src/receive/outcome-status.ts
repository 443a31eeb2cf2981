import type { RefusalReason } from '../telemetry/ingest-metrics.ts';
import type { IngestOutcome } from './ingest.ts';

/** Codes of google.rpc.Status and grpc-status. */
export const GRPC_OK = 0;
export const GRPC_INVALID_ARGUMENT = 3;
export const GRPC_DEADLINE_EXCEEDED = 4;
export const GRPC_RESOURCE_EXHAUSTED = 8;
export const GRPC_UNIMPLEMENTED = 12;
export const GRPC_INTERNAL = 13;
export const GRPC_UNAVAILABLE = 14;

export interface Refusal {
  readonly httpStatus: number;
  readonly grpcStatus: number;
  readonly message: string;
  /** Undefined: not to be retried. */
  readonly retryAfterMs: number | undefined;
  readonly reason: RefusalReason;
}

type RefusedOutcome = Exclude<IngestOutcome, { kind: 'accepted' }>;

/** How an outcome is said in HTTP and in gRPC (OTLP specification 1.11, "Failures" and "OTLP/HTTP Throttling"). */
export function refusalOf(outcome: RefusedOutcome, failedRetryAfterMs: number): Refusal {
  const { message } = outcome;
  switch (outcome.kind) {
    case 'invalid':
      return {
        httpStatus: 400,
        grpcStatus: GRPC_INVALID_ARGUMENT,
        message,
        retryAfterMs: undefined,
        reason: 'invalid',
      };
    case 'too-large':
      return {
        httpStatus: 413,
        grpcStatus: GRPC_RESOURCE_EXHAUSTED,
        message,
        retryAfterMs: undefined,
        reason: 'too_large',
      };
    case 'overloaded':
      return {
        httpStatus: 503,
        grpcStatus: GRPC_UNAVAILABLE,
        message,
        retryAfterMs: outcome.retryAfterMs,
        reason: 'overloaded',
      };
    case 'failed':
      // 500 would tell senders to throw the spans away; they are as good as before.
      return {
        httpStatus: 503,
        grpcStatus: GRPC_UNAVAILABLE,
        message,
        retryAfterMs: failedRetryAfterMs,
        reason: 'failed',
      };
  }
}

/** A body over `maxBytes`, told from its announced length or while it came in. */
export function tooLargeOutcome(maxBytes: number): RefusedOutcome {
  return {
    kind: 'too-large',
    message: `request body: more than ${maxBytes} bytes (otlp.maxBodyBytes). Send smaller batches or raise the limit.`,
  };
}

/** The receivers hold as many bytes as they may. */
export function overBudgetOutcome(maxBytes: number, retryAfterMs: number): RefusedOutcome {
  return {
    kind: 'overloaded',
    message: `receiving: bodies over ${maxBytes} bytes are waiting (ingest.maxInFlightBytes). Retry later.`,
    retryAfterMs,
  };
}
