import { GRPC_INVALID_ARGUMENT, GRPC_RESOURCE_EXHAUSTED, GRPC_UNAVAILABLE } from '../net/grpc-codes.ts';
import type { RefusalReason } from '../telemetry/ingest-metrics.ts';
import type { BodyAccount, BodyBudget } from './body-budget.ts';
import type { IngestOutcome } from './ingest.ts';
import type { ReceiveLimits } from './receive-limits.ts';

export interface Refusal {
  readonly httpStatus: number;
  readonly grpcStatus: number;
  readonly message: string;
  /** Undefined: not to be retried. */
  readonly retryAfterMs: number | undefined;
  readonly reason: RefusalReason;
}

type RetryLimits = Pick<ReceiveLimits, 'failedRetryAfterMs' | 'retrySpreadMs'>;
type RefusedOutcome = Exclude<IngestOutcome, { kind: 'accepted' }>;

/** How an outcome is said in HTTP and in gRPC (OTLP specification 1.11, "Failures" and "OTLP/HTTP Throttling"). */
export function refusalOf(outcome: RefusedOutcome, limits: RetryLimits): Refusal {
  const { message } = outcome;
  const spread = (retryAfterMs: number): number => retryAfterMs + Math.round(Math.random() * limits.retrySpreadMs);
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
        retryAfterMs: spread(outcome.retryAfterMs),
        reason: 'overloaded',
      };
    case 'limited':
      return {
        httpStatus: 429,
        grpcStatus: GRPC_RESOURCE_EXHAUSTED,
        message,
        retryAfterMs: spread(outcome.retryAfterMs),
        reason: 'limited',
      };
    case 'failed':
      // 500 would tell senders to throw the spans away; they are as good as before.
      return {
        httpStatus: 503,
        grpcStatus: GRPC_UNAVAILABLE,
        message,
        retryAfterMs: spread(limits.failedRetryAfterMs),
        reason: 'failed',
      };
  }
}

/** The receivers hold as many bytes as they may, or as this tenant or client may. */
export function overBudgetOutcome(account: BodyAccount, budget: BodyBudget, retryAfterMs: number): RefusedOutcome {
  return { kind: 'overloaded', message: `receiving: ${overBudget(account, budget)} Retry later.`, retryAfterMs };
}

function overBudget({ refusal, tenant, client }: BodyAccount, { maxBytes }: BodyBudget): string {
  switch (refusal) {
    case 'in_flight_bytes':
      return `bodies over ${maxBytes} bytes are waiting (ingest.maxInFlightBytes).`;
    case 'tenant_share':
      return `tenant '${tenant}' holds its share of the ${maxBytes} bytes for bodies (ingest.maxInFlightBytes).`;
    case 'client_share':
      return `${client} holds its share of the ${maxBytes} bytes for bodies (ingest.maxInFlightBytes).`;
    case 'memory':
      return `Clew's processes have reached their memory limit (memory.limitBytes), few bodies are taken.`;
  }
}
