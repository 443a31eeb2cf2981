import type { OutgoingHttpHeaders } from 'node:http';
import { cutStatusMessage, percentEncoded } from '../net/grpc-message-text.ts';
import { statusResponse } from './otlp-answers.ts';

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
  const text = cutStatusMessage(message);
  if (text !== '') trailers['grpc-message'] = percentEncoded(text);
  if (retryAfterMs !== undefined) {
    const details = Buffer.from(statusResponse('otlp-protobuf', status, text, retryAfterMs));
    trailers['grpc-status-details-bin'] = details.toString('base64').replace(/=+$/, '');
  }
  return trailers;
}
