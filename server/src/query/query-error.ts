/** A question that cannot be asked so: the caller's mistake, with a stable code. */
export type QueryErrorCode =
  | 'QUERY_TIME_INVALID'
  | 'QUERY_RANGE_EMPTY'
  | 'QUERY_CURSOR_INVALID'
  | 'QUERY_CURSOR_MISMATCH'
  | 'QUERY_FIELD_INVALID'
  | 'QUERY_STEP_INVALID'
  | 'QUERY_NOT_METRICS'
  | 'QUERY_TRACE_TOO_LARGE';

export class QueryError extends Error {
  override readonly name = 'QueryError';
  readonly code: QueryErrorCode;

  constructor(code: QueryErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
