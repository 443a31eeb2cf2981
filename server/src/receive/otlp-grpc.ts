/**
 * OTLP/gRPC: the unary `TraceService/Export` over HTTP/2 without TLS, by hand on node:http2.
 * Measured: half the CPU of @grpc/grpc-js on megabyte messages, given windows that let a whole message through.
 */
import { createServer, type Http2Server, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { keepListening, listen } from '../net/listen.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import { createGrpcListener, type GrpcListener } from './grpc-listener.ts';
import { type GrpcCallOptions, handleGrpcStream } from './otlp-grpc-call.ts';
import type { RunningReceiver } from './otlp-http-server.ts';

export interface OtlpGrpcServerOptions extends Omit<GrpcCallOptions, 'wrongProtocolMessage'> {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where OTLP/HTTP is, for clients that took the wrong port. */
  readonly httpPort: number;
}

/** A stream's window holds all but the largest messages; what is really buffered is bounded by the body budget. */
const STREAM_WINDOW_BYTES = 16 * 2 ** 20;
const SESSION_WINDOW_BYTES = 64 * 2 ** 20;
/** Node's own accounting of a session: headers and frames not yet handed over. In megabytes. */
const MAX_SESSION_MEMORY_MB = 64;
/** A session without an open stream for this long is closed; clients open a new one when they need it. */
const SESSION_IDLE_TIMEOUT_MS = 30 * 60_000;

/** Listens for OTLP/gRPC. Rejects with the system's error (EADDRINUSE, EACCES) when the port cannot be had. */
export async function startOtlpGrpcServer(options: OtlpGrpcServerOptions): Promise<RunningReceiver> {
  const { limits, logger } = options;
  const wrongProtocolMessage = `this is the OTLP/gRPC port. OTLP/HTTP is on port ${options.httpPort}, path /v1/traces.`;
  const callOptions: GrpcCallOptions = { ...options, wrongProtocolMessage };
  const sessions = new Set<ServerHttp2Session>();
  const http2 = createServer({
    settings: {
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxConcurrentStreams: limits.maxConcurrentStreams,
      maxHeaderListSize: limits.maxHeaderBytes,
      enablePush: false,
    },
    maxSessionMemory: MAX_SESSION_MEMORY_MB,
  });
  http2.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    // The rest of the preface is the client's SETTINGS: without them there is nobody to serve.
    const timer = setTimeout(() => {
      options.metrics.connectionDropped('otlp_grpc', 'timeout');
      session.destroy();
    }, limits.headersTimeoutMs);
    timer.unref();
    session.once('remoteSettings', () => clearTimeout(timer));
    session.once('close', () => clearTimeout(timer));
    session.setTimeout(SESSION_IDLE_TIMEOUT_MS, () => session.close());
    session.once('close', () => sessions.delete(session));
    // A client that breaks the protocol or its connection: the session is over, nobody else is concerned.
    session.on('error', () => session.destroy());
  });
  http2.on('stream', (stream, headers) => handleGrpcStream(stream, headers, callOptions));
  const listener = createGrpcListener({
    http2,
    maxConnections: limits.maxConnections,
    peekTimeoutMs: limits.headersTimeoutMs,
    lingerTimeoutMs: limits.lingerTimeoutMs,
    onDropped: (reason) => options.metrics.connectionDropped('otlp_grpc', reason),
    http1Message: `421 ${wrongProtocolMessage}\n`,
    onTls: warnOnce(
      logger,
      'otlp grpc: a client tries TLS, this port has none. Set its endpoint to http:// or insecure.',
    ),
  });
  await listen(listener.server, options.port, options.host);
  keepListening(listener.server, 'otlp grpc', logger);
  return {
    port: (listener.server.address() as AddressInfo).port,
    close: () => closeReceiver(listener, http2, sessions, limits.drainTimeoutMs),
  };
}

function warnOnce(logger: StageLogger, message: string): () => void {
  let warned = false;
  return () => {
    if (!warned) logger.warn({}, message);
    warned = true;
  };
}

/** GOAWAY to everyone, time for calls under way, then the end. */
function closeReceiver(
  listener: GrpcListener,
  http2: Http2Server,
  sessions: ReadonlySet<ServerHttp2Session>,
  drainTimeoutMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const session of sessions) session.destroy();
    }, drainTimeoutMs);
    listener.server.close(() => {
      clearTimeout(timer);
      http2.removeAllListeners();
      resolve();
    });
    listener.dropUndecided();
    for (const session of sessions) session.close();
  });
}
