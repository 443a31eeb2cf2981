import type { TextRange } from './tree.ts';

/**
 * Why a query was refused.
 * - `TRACEQL_SYNTAX`: the text is not TraceQL.
 * - `TRACEQL_TYPE`: the text is TraceQL, but types do not fit, or a regular expression is invalid.
 * - `TRACEQL_NOT_YET`: the text is correct TraceQL that this version cannot run.
 * - `TRACEQL_LIMIT`: the text is longer, larger or more deeply nested than the limits in limits.ts.
 */
export type TraceqlErrorCode = 'TRACEQL_SYNTAX' | 'TRACEQL_TYPE' | 'TRACEQL_NOT_YET' | 'TRACEQL_LIMIT';

/** A refused query: what is wrong and where, as UTF-16 offsets `from` ≤ `to` in the query text. */
export class TraceqlError extends Error implements TextRange {
  override readonly name = 'TraceqlError';
  readonly code: TraceqlErrorCode;
  readonly from: number;
  readonly to: number;
  /** What to write instead, where that can be told. */
  readonly hint: string | undefined;

  constructor(code: TraceqlErrorCode, message: string, at: TextRange, hint?: string) {
    super(shortened(message));
    this.code = code;
    this.from = at.from;
    this.to = at.to;
    this.hint = hint === undefined ? undefined : shortened(hint);
  }

  /** Message and hint as one text, for answers that have one field only. */
  get detail(): string {
    return this.hint === undefined ? this.message : `${this.message} ${this.hint}`;
  }
}

/** Messages quote the query, which may be long; they stay readable, and their ends. */
const MAX_MESSAGE_LENGTH = 400;

function shortened(text: string): string {
  if (text.length <= MAX_MESSAGE_LENGTH) return text;
  const half = MAX_MESSAGE_LENGTH / 2;
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

export function syntaxError(message: string, at: TextRange, hint?: string): TraceqlError {
  return new TraceqlError('TRACEQL_SYNTAX', message, at, hint);
}

export function typeError(message: string, at: TextRange, hint?: string): TraceqlError {
  return new TraceqlError('TRACEQL_TYPE', message, at, hint);
}

export function notYetError(message: string, at: TextRange, hint?: string): TraceqlError {
  return new TraceqlError('TRACEQL_NOT_YET', message, at, hint);
}

export function limitError(message: string, at: TextRange, hint?: string): TraceqlError {
  return new TraceqlError('TRACEQL_LIMIT', message, at, hint);
}
