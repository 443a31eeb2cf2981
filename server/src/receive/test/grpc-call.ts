import { type ClientHttp2Session, type ClientHttp2Stream, constants, type OutgoingHttpHeaders } from 'node:http2';

export const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export interface GrpcAnswer {
  /** HTTP status. */
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** grpc-status, from the trailers or the headers. */
  readonly status: number | undefined;
  /** grpc-message, decoded. */
  readonly message: string;
  readonly details: Buffer | undefined;
  /** Everything in DATA frames. */
  readonly body: Buffer;
  readonly resetCode: number;
}

export function framed(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export function openCall(session: ClientHttp2Session, headers: OutgoingHttpHeaders = {}): ClientHttp2Stream {
  return session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: EXPORT_PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  });
}

/** Resolves when the stream has closed, however it did. */
export function answerOf(stream: ClientHttp2Stream): Promise<GrpcAnswer> {
  return new Promise((resolve) => {
    let headers: Record<string, unknown> = {};
    let trailers: Record<string, unknown> = {};
    const chunks: Buffer[] = [];
    stream.on('response', (value) => {
      headers = value;
    });
    stream.on('trailers', (value) => {
      trailers = value;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => {});
    stream.on('close', () => {
      const status = trailers['grpc-status'] ?? headers['grpc-status'];
      const details = trailers['grpc-status-details-bin'] ?? headers['grpc-status-details-bin'];
      resolve({
        httpStatus: Number(headers[':status']),
        headers,
        status: status === undefined ? undefined : Number(status),
        message: decodeURIComponent(String(trailers['grpc-message'] ?? headers['grpc-message'] ?? '')),
        details: details === undefined ? undefined : Buffer.from(String(details), 'base64'),
        body: Buffer.concat(chunks),
        resetCode: stream.rstCode,
      });
    });
  });
}

/** One whole unary call. */
export function call(
  session: ClientHttp2Session,
  body: Uint8Array,
  headers: OutgoingHttpHeaders = {},
): Promise<GrpcAnswer> {
  const stream = openCall(session, headers);
  const answer = answerOf(stream);
  stream.end(body);
  return answer;
}
