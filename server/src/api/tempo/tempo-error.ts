/** Errors as Tempo says them: a status and plain text, which Grafana shows as it is. */

import type { GrpcStatus } from '../../net/grpc-call.ts';
import {
  GRPC_CANCELLED,
  GRPC_DEADLINE_EXCEEDED,
  GRPC_INTERNAL,
  GRPC_INVALID_ARGUMENT,
  GRPC_NOT_FOUND,
  GRPC_RESOURCE_EXHAUSTED,
  GRPC_UNAVAILABLE,
} from '../../net/grpc-codes.ts';
import { toApiError } from '../error-mapping.ts';
import { ApiError } from '../problem.ts';

/** A request that cannot be answered as it is. */
export function badTempoRequest(message: string): ApiError {
  return new ApiError(400, 'TEMPO_REQUEST_INVALID', message);
}

export function tempoErrorResponse(error: ApiError): Response {
  const headers: Record<string, string> = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  if (error.allow !== undefined) headers.allow = error.allow;
  return new Response(withPlace(error), { status: error.status, headers });
}

const GRPC_CODES: Readonly<Record<number, number>> = {
  400: GRPC_INVALID_ARGUMENT,
  404: GRPC_NOT_FOUND,
  413: GRPC_RESOURCE_EXHAUSTED,
  429: GRPC_RESOURCE_EXHAUSTED,
  499: GRPC_CANCELLED,
  503: GRPC_UNAVAILABLE,
  504: GRPC_DEADLINE_EXCEEDED,
};

export function tempoGrpcStatus(error: unknown, signal: AbortSignal): GrpcStatus {
  const apiError = toApiError(error, signal);
  return { code: GRPC_CODES[apiError.status] ?? GRPC_INTERNAL, message: withPlace(apiError) };
}

/** Plain text has no field for the place of a mistake in the query. */
function withPlace({ message, position }: ApiError): string {
  return position === undefined ? message : `${message} (at ${position.from + 1} to ${position.to} of the query)`;
}
