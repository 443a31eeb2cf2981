/** A body that cannot be decompressed: its sender's mistake. */
export class DecompressError extends Error {
  readonly code: 'BODY_TOO_LARGE' | 'BODY_DAMAGED';

  constructor(code: DecompressError['code'], message: string) {
    super(message);
    this.name = 'DecompressError';
    this.code = code;
  }
}

export function decompressedTooLarge(algorithm: string, maxBytes: number): DecompressError {
  return new DecompressError(
    'BODY_TOO_LARGE',
    `${algorithm} body: more than ${maxBytes} bytes after decompression (otlp.maxBodyBytes, limits.bodyBytes). Send smaller batches or raise the limit.`,
  );
}

export function damaged(algorithm: string, why: string): DecompressError {
  return new DecompressError(
    'BODY_DAMAGED',
    `${algorithm} body: ${why}. Check that the body is what its encoding says.`,
  );
}
