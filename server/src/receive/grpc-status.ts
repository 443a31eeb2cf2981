import type { OutgoingHttpHeaders } from 'node:http';
import { retryInfoStatusDetails } from './otlp-answers.ts';

/** A status message is a header: longer ones are cut. */
const MAX_MESSAGE_BYTES = 2048;

/**
 * `grpc-status`, `grpc-message` and, when the call may be retried, `grpc-status-details-bin` with a RetryInfo.
 * OTLP takes an overload without RetryInfo for "do not retry".
 */
export function grpcStatusTrailers(
  status: number,
  message: string,
  retryAfterMs: number | undefined,
): OutgoingHttpHeaders {
  const trailers: OutgoingHttpHeaders = { 'grpc-status': String(status) };
  if (message !== '') trailers['grpc-message'] = percentEncoded(message);
  if (retryAfterMs !== undefined) {
    const details = Buffer.from(retryInfoStatusDetails(status, message, retryAfterMs));
    trailers['grpc-status-details-bin'] = details.toString('base64').replace(/=+$/, '');
  }
  return trailers;
}

/** A message as the gRPC specification wants it in a header: bytes other than 0x20–0x24 and 0x26–0x7E as %XX. */
export function percentEncoded(message: string): string {
  const bytes = Buffer.from(message).subarray(0, MAX_MESSAGE_BYTES);
  let encoded = '';
  for (const byte of bytes) {
    encoded +=
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
