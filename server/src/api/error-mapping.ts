/** What went wrong below the API → the status, code and words its client gets. */
import { TraceqlError } from '@clew/traceql';
import { QueryError } from '../query/query-error.ts';
import { ApiError } from './problem.ts';

/** nginx's number for "the client is gone": nobody reads it, but logs and metrics tell it from our failures. */
const CLIENT_CLOSED_REQUEST = 499;

interface StoreFailure {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds?: number;
}

/** By error name: the API knows the store by its interface only. */
const STORE_FAILURES: Readonly<Record<string, StoreFailure>> = {
  StoreTimeoutError: { status: 504, code: 'QUERY_TIMED_OUT' },
  ReadTimeoutError: { status: 504, code: 'QUERY_TIMED_OUT' },
  TraceTooLargeError: { status: 413, code: 'TRACE_TOO_LARGE' },
  StoreUnavailableError: { status: 503, code: 'STORE_UNAVAILABLE', retryAfterSeconds: 1 },
  StoreShardMissingError: { status: 503, code: 'STORE_SHARD_MISSING', retryAfterSeconds: 5 },
  StoreAnswerBrokenError: { status: 503, code: 'STORE_UNAVAILABLE', retryAfterSeconds: 1 },
};

/** ClickHouse's error codes that are about the question, not about us. Source: src/Common/ErrorCodes.cpp. */
const ENGINE_FAILURES: Readonly<Record<string, StoreFailure & { readonly detail: string }>> = {
  159: {
    status: 504,
    code: 'QUERY_TIMED_OUT',
    detail: 'the query took too long. Narrow the time range or name a service.',
  },
  202: {
    status: 503,
    code: 'QUERY_CONCURRENCY',
    retryAfterSeconds: 1,
    detail: 'too many queries at once. Try again in a moment.',
  },
  241: {
    status: 503,
    code: 'QUERY_MEMORY',
    detail: 'the query needs more memory than it may take. Narrow the time range, or name a service.',
  },
};

export function toApiError(error: unknown, signal: AbortSignal): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TraceqlError) {
    return new ApiError(400, error.code, error.detail, { position: { from: error.from, to: error.to } });
  }
  if (error instanceof QueryError) return new ApiError(400, error.code, error.message);
  if (!(error instanceof Error)) return new ApiError(500, 'INTERNAL_ERROR', String(error));
  if (error.name === 'AbortError' || signal.aborted) {
    return new ApiError(CLIENT_CLOSED_REQUEST, 'CLIENT_CLOSED', 'the client closed the request.');
  }
  if (error.name === 'ReadRefusedError') {
    const seconds = 'retryAfterSeconds' in error ? Number(error.retryAfterSeconds) : 1;
    return new ApiError(429, 'QUERY_REFUSED', error.message, { retryAfterSeconds: seconds });
  }
  const store = STORE_FAILURES[error.name];
  if (store !== undefined) return new ApiError(store.status, store.code, error.message, retryOf(store));
  const engineCode =
    error.name === 'ClickHouseError' || error.constructor.name === 'ClickHouseError' ? codeOf(error) : '';
  const engine = ENGINE_FAILURES[engineCode];
  if (engine !== undefined) return new ApiError(engine.status, engine.code, engine.detail, retryOf(engine));
  if (['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT'].includes(codeOf(error))) {
    return new ApiError(503, 'STORE_UNAVAILABLE', 'the store does not answer right now. Try again in a moment.', {
      retryAfterSeconds: 1,
    });
  }
  const internal = new ApiError(500, 'INTERNAL_ERROR', 'something failed inside of Clew. Its log has the details.');
  internal.cause = error;
  return internal;
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

function retryOf({ retryAfterSeconds }: StoreFailure): { readonly retryAfterSeconds?: number } {
  return retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
}
