/** Errors of the API as application/problem+json (RFC 9457) with a stable code. */
import type { Problem } from '@clew/contract';

/** An expected failure of a request; everything else is answered as INTERNAL_ERROR and logged. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly position: { readonly from: number; readonly to: number } | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Methods the route has, for the Allow header of a 405. */
  readonly allow: string | undefined;

  constructor(
    status: number,
    code: string,
    detail: string,
    extra: {
      readonly position?: { readonly from: number; readonly to: number };
      readonly retryAfterSeconds?: number;
      readonly allow?: string;
    } = {},
  ) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.position = extra.position;
    this.retryAfterSeconds = extra.retryAfterSeconds;
    this.allow = extra.allow;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  429: 'Too many requests',
  499: 'Client closed the request',
  500: 'Internal error',
  503: 'Unavailable',
  504: 'Timed out',
};

export function problemOf(error: ApiError): Problem {
  return {
    type: `about:blank#${error.code}`,
    title: TITLES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    ...(error.position === undefined ? {} : { position: error.position }),
  };
}

export function problemResponse(error: ApiError): Response {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = String(error.retryAfterSeconds);
  if (error.allow !== undefined) headers.allow = error.allow;
  return new Response(JSON.stringify(problemOf(error)), { status: error.status, headers });
}
