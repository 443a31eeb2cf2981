/** Stable codes of what can be wrong with a file that should hold traces. */
export type TraceFileErrorCode =
  | 'TRACE_FILE_EMPTY'
  | 'TRACE_FILE_TOO_LARGE'
  | 'TRACE_FILE_UNKNOWN_FORMAT'
  | 'TRACE_FILE_MALFORMED_JSON'
  | 'TRACE_FILE_INVALID_VALUE'
  | 'TRACE_FILE_NO_SPANS';

/** A file that cannot be read as traces: what failed, where, which value. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
  readonly code: TraceFileErrorCode;
  /** A path such as `data[0].spans[3].startTime`, or "line 3, column 17"; empty for the file as a whole. */
  readonly place: string;

  constructor(code: TraceFileErrorCode, message: string, place = '') {
    super(message);
    this.code = code;
    this.place = place;
  }
}
