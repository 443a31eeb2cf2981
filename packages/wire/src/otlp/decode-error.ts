/** Stable codes of what can be wrong with a request's bytes. */
export type DecodeErrorCode =
  | 'OTLP_MALFORMED_PROTOBUF'
  | 'OTLP_MALFORMED_JSON'
  | 'OTLP_VALUE_TOO_DEEP'
  | 'OTLP_TOO_MANY_SPANS'
  | 'OTLP_TOO_MANY_RECORDS';

/** Line and column are 1-based; the column counts bytes. Only JSON has them. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A request that cannot be decoded: its sender's mistake, never to be retried. */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode;
  /** 0-based offset into the uncompressed request. */
  readonly byteOffset: number;
  readonly position: TextPosition | undefined;

  constructor(code: DecodeErrorCode, message: string, byteOffset: number, position?: TextPosition) {
    super(message);
    this.name = 'DecodeError';
    this.code = code;
    this.byteOffset = byteOffset;
    this.position = position;
  }
}
