/** Which of the store's errors pass by themselves. */
import { ClickHouseError } from '@clickhouse/client';
import { NativeFormatError } from './native/native-format-error.ts';

/** The connection broke after part of an answer had been delivered. The engine's reason, if it had one, is lost. */
export class StoreAnswerBrokenError extends Error {
  constructor(cause: unknown) {
    super('The store broke off in the middle of an answer. Run the query again, or ask for less.', { cause });
    this.name = 'StoreAnswerBrokenError';
  }
}

export class StoreUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreUnavailableError';
  }
}

/** A shard of the cluster that holds, or may hold, what was asked for does not answer. */
export class StoreShardMissingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StoreShardMissingError';
  }
}

/** The caller's signal fired. */
export class StoreAbortedError extends Error {
  constructor() {
    super('The query was aborted by its caller.');
    this.name = 'AbortError';
  }
}

export class StoreTimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`The store did not answer within ${timeoutMs} ms. Ask for less, or allow more time.`);
    this.name = 'StoreTimeoutError';
  }
}

/**
 * ClickHouse's codes for "what you sent is wrong, and will be wrong again". Source: src/Common/ErrorCodes.cpp.
 * Everything else the server says (no space, too many parts, read-only replica, table not there yet, …) is about the
 * server's state, which an operator or time may change.
 */
const CONTENT_CODES: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  8, // THERE_IS_NO_COLUMN
  9, // SIZES_OF_COLUMNS_DOESNT_MATCH
  10, // NOT_FOUND_COLUMN_IN_BLOCK
  16, // NO_SUCH_COLUMN_IN_TABLE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  36, // BAD_ARGUMENTS
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  42, // NUMBER_OF_ARGUMENTS_DOESNT_MATCH
  43, // ILLEGAL_TYPE_OF_ARGUMENT
  44, // ILLEGAL_COLUMN
  46, // UNKNOWN_FUNCTION
  47, // UNKNOWN_IDENTIFIER
  50, // UNKNOWN_TYPE
  53, // TYPE_MISMATCH
  62, // SYNTAX_ERROR
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  73, // UNKNOWN_FORMAT
  92, // EMPTY_DATA_PASSED
  108, // NO_DATA_TO_INSERT
  115, // UNKNOWN_SETTING
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  158, // TOO_MANY_ROWS
  159, // TIMEOUT_EXCEEDED
  184, // ILLEGAL_AGGREGATION
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  246, // CORRUPTED_DATA
  261, // UNKNOWN_BLOCK_INFO_FIELD
  271, // CANNOT_DECOMPRESS
  307, // TOO_MANY_BYTES
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  386, // NO_COMMON_TYPE
  394, // QUERY_WAS_CANCELLED
  396, // TOO_MANY_ROWS_OR_BYTES
  456, // UNKNOWN_QUERY_PARAMETER
  457, // BAD_QUERY_PARAMETER
]);

/**
 * Codes an insert can only get for the bytes it carries. What is about the schema or the state of the server is not
 * among them: spans must wait for an operator then, not be set aside.
 */
const BAD_BLOCK_CODES: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  9, // SIZES_OF_COLUMNS_DOESNT_MATCH
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  69, // ARGUMENT_OUT_OF_BOUND
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  261, // UNKNOWN_BLOCK_INFO_FIELD
]);

/** True when an insert was refused for the bytes it carried, so that the same bytes will be refused again. */
export function isBadBlockError(error: unknown): boolean {
  if (error instanceof NativeFormatError) return true;
  return error instanceof ClickHouseError && BAD_BLOCK_CODES.has(Number(error.code));
}

const MEMORY_CODES: ReadonlySet<number> = new Set([
  173, // CANNOT_ALLOCATE_MEMORY
  241, // MEMORY_LIMIT_EXCEEDED
]);

/** Sudden ends of a connection: what an engine that was killed for its memory leaves behind. */
const BREAK_CODES: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** True when an insert may have failed because it was too much at once. */
export function isSizeError(error: unknown): boolean {
  if (error instanceof ClickHouseError) return MEMORY_CODES.has(Number(error.code));
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && BREAK_CODES.has(error.code);
}

/** Source: errno(3) and Node's own codes of http and net. */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'EAGAIN',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

/**
 * True when the same request may succeed later: the store was away, busy or short of something. An insert that failed
 * so may have been stored, repeat it with its deduplication token.
 */
export function isRetryableStoreError(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return true;
  if (error instanceof ClickHouseError) return !CONTENT_CODES.has(Number(error.code));
  if (!(error instanceof Error)) return false;
  return isNetworkError(error) || error.message === 'Timeout error.';
}

export function isNetworkError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && NETWORK_CODES.has(error.code);
}

/** Nothing was sent: the request may be repeated whatever it was. */
export function isNotConnected(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  // A listener that dies resets who stands in its queue, which is before anything of the request was sent.
  if (error.code === 'ECONNRESET') return 'syscall' in error && error.syscall === 'connect';
  return error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
}
