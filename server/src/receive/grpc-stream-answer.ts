import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { GRPC_OK } from '../net/grpc-codes.ts';
import { grpcStatusTrailers } from './grpc-status.ts';

const PREFIX_BYTES = 5;
const RESPONSE_HEADERS: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': 'identity,gzip,zstd',
};

/** One uncompressed message and status OK. */
export function answerMessage(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (!answerable(stream)) return;
  stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(GRPC_OK) }));
  const framed = Buffer.alloc(PREFIX_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  stream.end(framed);
}

/** A status without a message ("Trailers-Only"). A client still sending is told to stop. */
export function answerStatus(
  stream: ServerHttp2Stream,
  status: number,
  message: string,
  retryAfterMs: number | undefined,
): void {
  if (!answerable(stream)) return;
  stream.respond({ ...RESPONSE_HEADERS, ...grpcStatusTrailers(status, message, retryAfterMs) }, { endStream: true });
  stopSending(stream);
}

/** For what is not gRPC at all. */
export function answerPlainHttp(stream: ServerHttp2Stream, httpStatus: number, text: string): void {
  if (!answerable(stream)) return;
  stream.respond({ ':status': httpStatus, 'content-type': 'text/plain; charset=utf-8' });
  stream.end(text);
  stopSending(stream);
}

function stopSending(stream: ServerHttp2Stream): void {
  // RFC 9113, 8.1: a complete response, then RST_STREAM with NO_ERROR, asks for no more of the request.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

function answerable(stream: ServerHttp2Stream): boolean {
  return !stream.destroyed && !stream.closed && !stream.headersSent;
}
