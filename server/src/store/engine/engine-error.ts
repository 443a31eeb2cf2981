/** What the engine says when a statement fails, and how HTTP says it. */

/** ClickHouse error codes used by this folder. Source: src/Common/ErrorCodes.cpp of ClickHouse. */
export const EngineErrorCode = {
  badArguments: 36,
  syntaxError: 62,
  unknownFormat: 73,
  cannotOpenFile: 76,
  timeoutExceeded: 159,
  tooManyQueries: 202,
  queryCancelled: 394,
  unknownException: 1002,
} as const;

/** ClickHouse's names for them, which end every message of a server: its clients look for one. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  36: 'BAD_ARGUMENTS',
  62: 'SYNTAX_ERROR',
  73: 'UNKNOWN_FORMAT',
  76: 'CANNOT_OPEN_FILE',
  159: 'TIMEOUT_EXCEEDED',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  394: 'QUERY_WAS_CANCELLED',
};

export class EngineError extends Error {
  readonly code: number;

  /** `message` is the engine's, with or without its `Code: N. DB::Exception:` front. */
  constructor(message: string, code?: number) {
    const found = /Code: (\d+)\./.exec(message);
    const known = code ?? (found === null ? EngineErrorCode.unknownException : Number(found[1]));
    const name = CODE_NAMES[known] ?? 'UNKNOWN_EXCEPTION';
    super(found === null ? `Code: ${known}. DB::Exception: ${message} (${name})` : message);
    this.name = 'EngineError';
    this.code = known;
  }
}

export function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
  return new EngineError(error instanceof Error ? error.message : String(error), code);
}

const NOT_FOUND_CODES = new Set([46, 47, 60, 81]);
const CLIENT_CODES = new Set([6, 26, 27, 36, 38, 41, 42, 43, 53, 62, 70, 72, 73, 117, 386, 456, 457]);

/** Source: exceptionCodeToHTTPStatus in ClickHouse's HTTPHandler; what it does not name is a 500. */
export function httpStatusOf(code: number): number {
  if (NOT_FOUND_CODES.has(code)) return 404;
  if (CLIENT_CODES.has(code)) return 400;
  if (code === EngineErrorCode.tooManyQueries) return 503;
  if (code === EngineErrorCode.timeoutExceeded) return 408;
  return 500;
}
