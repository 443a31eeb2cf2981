/**
 * Serves gRPC methods that are asked once and answer with any number of messages (server streaming; unary is the case
 * of one), over a node:http2 stream. gRPC over HTTP2: `Length-Prefixed-Message → Compressed-Flag Message-Length Message`.
 */
import { once } from 'node:events';
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  GRPC_DEADLINE_EXCEEDED,
  GRPC_INTERNAL,
  GRPC_INVALID_ARGUMENT,
  GRPC_OK,
  GRPC_RESOURCE_EXHAUSTED,
  GRPC_UNIMPLEMENTED,
} from './grpc-codes.ts';
import { cutStatusMessage, percentEncoded } from './grpc-message-text.ts';
import { parseGrpcTimeout } from './grpc-timeout.ts';

/** What a method answers: messages, encoded. It must stop when the signal fires. */
export type GrpcMethod = (
  message: Uint8Array,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>;

export interface GrpcService {
  /** By path: `/package.Service/Method`. */
  readonly methods: ReadonlyMap<string, GrpcMethod>;
  /** Of one message asked with, before and after decompression. */
  readonly maxMessageBytes: number;
  /** How an error of a method is said. */
  readonly statusOf: (error: unknown, signal: AbortSignal) => GrpcStatus;
  /** Told every answer. */
  readonly onAnswered?: (path: string, code: number, seconds: number) => void;
}

export interface GrpcStatus {
  readonly code: number;
  readonly message: string;
}

/** A failed call, for the methods and for what is found wrong here. */
export class GrpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'GrpcError';
    this.code = code;
  }
}

const PREFIX_BYTES = 5;
const SHOWN_CHARACTERS = 100;
const decompress = promisify(gunzip);

/** Answers one HTTP/2 stream. */
export function serveGrpcCall(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, service: GrpcService): void {
  const startedMs = performance.now();
  const path = String(headers[':path']);
  const gone = new AbortController();
  stream.once('close', () => gone.abort());
  void answer(stream, headers, service, gone).then((status) => {
    answerGrpcStatus(stream, status);
    const known = service.methods.has(path) ? path : 'unknown';
    service.onAnswered?.(known, status.code, (performance.now() - startedMs) / 1000);
  });
}

/** Everything but the status, which is the result. Never rejects. */
async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  service: GrpcService,
  gone: AbortController,
): Promise<GrpcStatus> {
  let deadline: NodeJS.Timeout | undefined;
  let isLate = false;
  try {
    const method = methodOf(headers, service);
    const timeoutMs = timeoutOf(headers);
    if (timeoutMs !== undefined) {
      deadline = setTimeout(() => {
        isLate = true;
        gone.abort();
      }, timeoutMs);
      deadline.unref();
    }
    const message = await readMessage(stream, headers, service.maxMessageBytes);
    for await (const part of method(message, headers, gone.signal)) {
      if (stream.destroyed || gone.signal.aborted) break;
      await writeMessage(stream, part, gone.signal);
    }
    gone.signal.throwIfAborted();
    return { code: GRPC_OK, message: '' };
  } catch (error) {
    if (isLate) return { code: GRPC_DEADLINE_EXCEEDED, message: 'the deadline of the call has passed.' };
    if (error instanceof GrpcError) return { code: error.code, message: error.message };
    return service.statusOf(error, gone.signal);
  } finally {
    clearTimeout(deadline);
  }
}

function methodOf(headers: IncomingHttpHeaders, { methods }: GrpcService): GrpcMethod {
  const path = String(headers[':path']);
  const method = headers[':method'] === 'POST' ? methods.get(path) : undefined;
  if (method !== undefined) return method;
  throw new GrpcError(
    GRPC_UNIMPLEMENTED,
    `${path.slice(0, SHOWN_CHARACTERS)}: no such method. There are ${[...methods.keys()].join(', ')}.`,
  );
}

function timeoutOf(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['grpc-timeout'];
  try {
    return parseGrpcTimeout(Array.isArray(value) ? value.join(',') : value);
  } catch (error) {
    throw new GrpcError(GRPC_INVALID_ARGUMENT, error instanceof Error ? error.message : String(error));
  }
}

/** The one message of the call, decompressed. */
async function readMessage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    length += (chunk as Buffer).length;
    if (length > maxBytes + PREFIX_BYTES) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  const framed = Buffer.concat(chunks, length);
  if (length < PREFIX_BYTES || length - PREFIX_BYTES !== framed.readUInt32BE(1) || framed[0] > 1) {
    throw new GrpcError(GRPC_INVALID_ARGUMENT, 'gRPC framing: the call does not hold exactly one whole message.');
  }
  const message = framed.subarray(PREFIX_BYTES);
  if (framed[0] === 0) return message;
  const encoding = String(headers['grpc-encoding'] ?? 'identity');
  if (encoding !== 'gzip') {
    throw new GrpcError(
      GRPC_UNIMPLEMENTED,
      `grpc-encoding '${encoding.slice(0, SHOWN_CHARACTERS)}' is unknown. Use gzip or identity.`,
    );
  }
  return decompress(message, { maxOutputLength: maxBytes }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new GrpcError(GRPC_INTERNAL, `the gzip message is broken: ${error.message}`);
  });
}

function tooLarge(maxBytes: number): GrpcError {
  return new GrpcError(GRPC_RESOURCE_EXHAUSTED, `the message is larger than ${maxBytes} bytes (limit).`);
}

/** Resolves when there is room for the next. */
async function writeMessage(stream: ServerHttp2Stream, message: Uint8Array, signal: AbortSignal): Promise<void> {
  sendHeaders(stream);
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, PREFIX_BYTES);
  if (!stream.write(framed)) await once(stream, 'drain', { signal });
}

const trailersByStream = new WeakMap<ServerHttp2Stream, GrpcStatus>();

function sendHeaders(stream: ServerHttp2Stream): void {
  if (stream.headersSent) return;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => {
    stream.sendTrailers(trailersOf(trailersByStream.get(stream) ?? { code: GRPC_INTERNAL, message: '' }));
  });
}

/** The end of a call, after its messages or in place of them. */
export function answerGrpcStatus(stream: ServerHttp2Stream, status: GrpcStatus): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) {
    trailersByStream.set(stream, status);
    stream.end();
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailersOf(status) }, { endStream: true });
  // RFC 9113, 8.1: a complete answer, then RST_STREAM with NO_ERROR, asks for no more of the request.
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}

function trailersOf({ code, message }: GrpcStatus): Record<string, string> {
  const text = cutStatusMessage(message);
  return { 'grpc-status': String(code), ...(text !== '' && { 'grpc-message': percentEncoded(text) }) };
}
