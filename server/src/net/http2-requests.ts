/** The HTTP/2 half of a port: the same requests as over HTTP/1, and gRPC calls. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  constants,
  createServer,
  type Http2Server,
  Http2ServerRequest,
  Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type GrpcHandler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface Http2RequestsOptions {
  readonly handle: RequestHandler;
  /** Given the streams whose content type says gRPC. */
  readonly grpc: GrpcHandler;
  /** From the connection to the client's SETTINGS. */
  readonly settingsTimeoutMs: number;
  /** From a request's headers to the end of its body. */
  readonly requestTimeoutMs: number;
  readonly maxHeaderBytes: number;
  /** A client did not keep to a timeout and was dropped. */
  readonly onTimeout: () => void;
}

export interface Http2Requests {
  /** Takes connections by `emit('connection', socket)`. */
  readonly server: Http2Server;
  /** GOAWAY: streams under way go on, no new ones are taken. */
  close(): void;
  destroy(): void;
}

/** Requests at the same time on one connection. */
const MAX_CONCURRENT_STREAMS = 128;
/** Node's own accounting of a session: headers and frames not yet handed over. In megabytes. */
const MAX_SESSION_MEMORY_MB = 64;
/** A session on which nothing moves for this long is closed. */
const SESSION_IDLE_TIMEOUT_MS = 5 * 60_000;
const GRPC_CONTENT_TYPE = /^application\/grpc(\+proto)?\s*(;|$)/i;

export function createHttp2Requests(options: Http2RequestsOptions): Http2Requests {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: {
      maxConcurrentStreams: MAX_CONCURRENT_STREAMS,
      maxHeaderListSize: options.maxHeaderBytes,
      enablePush: false,
    },
    maxSessionMemory: MAX_SESSION_MEMORY_MB,
  });
  server.on('session', (session) => {
    sessions.add(session);
    // The rest of the preface is the client's SETTINGS: without them there is nobody to serve.
    const timer = setTimeout(() => {
      options.onTimeout();
      session.destroy();
    }, options.settingsTimeoutMs);
    timer.unref();
    session.once('remoteSettings', () => clearTimeout(timer));
    session.once('close', () => {
      clearTimeout(timer);
      sessions.delete(session);
    });
    session.setTimeout(SESSION_IDLE_TIMEOUT_MS, () => session.close());
    // A client that breaks the protocol or its connection: the session is over, nobody else is concerned.
    session.on('error', () => session.destroy());
  });
  const onStream = (
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
    flags: number,
    rawHeaders: string[],
  ): void => {
    // Resets and broken connections are the client's business; `close` follows.
    stream.on('error', () => {});
    if ((flags & constants.NGHTTP2_FLAG_END_STREAM) === 0) limitBody(stream, options);
    serve(stream, headers, rawHeaders, options);
  };
  server.on('stream', onStream);
  return {
    server,
    close() {
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

function limitBody(stream: ServerHttp2Stream, { requestTimeoutMs, onTimeout }: Http2RequestsOptions): void {
  const timer = setTimeout(() => {
    onTimeout();
    stream.close(constants.NGHTTP2_CANCEL);
  }, requestTimeoutMs);
  timer.unref();
  const clear = (): void => clearTimeout(timer);
  stream.once('end', clear);
  stream.once('close', clear);
}

function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
  { handle, grpc }: Http2RequestsOptions,
): void {
  if (GRPC_CONTENT_TYPE.test(headers['content-type'] ?? '')) {
    grpc(stream, headers);
    return;
  }
  if (headers[':method'] === 'CONNECT') {
    stream.respond({ ':status': 405 }, { endStream: true });
    return;
  }
  const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
  // A body nobody reads and a client that goes away are no errors of ours.
  request.on('error', () => {});
  const response = new Http2ServerResponse(stream);
  // Node's compatibility layer: what the handlers use of HTTP/1 requests and answers is there.
  handle(request as unknown as IncomingMessage, response as unknown as ServerResponse);
}
