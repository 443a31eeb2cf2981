/**
 * One TCP port for HTTP/1, HTTP/2 with prior knowledge (h2c) and gRPC; with a certificate the same over TLS, told apart
 * by ALPN. Who speaks what shows in the first bytes of a connection.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { createHttp2Requests, type GrpcHandler, type RequestHandler } from './http2-requests.ts';
import { listen } from './listen.ts';
import { peekProtocol } from './peek-protocol.ts';

export interface HttpPortOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly handle: RequestHandler;
  readonly grpc: GrpcHandler;
  /** PEM. Absent: no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly limits?: Partial<HttpPortLimits>;
  /** Shown the HTTP/1 server before it listens. */
  readonly watch?: (server: Server) => void;
  /** A connection without request was given up. */
  readonly onDropped?: (reason: 'timeout' | 'protocol') => void;
}

export interface HttpPortLimits {
  readonly maxConnections: number;
  /** To say what is spoken, to shake hands, and to send a request's headers: each at most this long. */
  readonly headersTimeoutMs: number;
  /** From the first byte of a request to the end of its body. */
  readonly requestTimeoutMs: number;
  readonly maxHeaderBytes: number;
}

export const DEFAULT_HTTP_PORT_LIMITS: HttpPortLimits = {
  maxConnections: 4_096,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  /** A query of MAX_QUERY_LENGTH stands in the address, where a letter may take nine bytes (%E2%82%AC). */
  maxHeaderBytes: 160 * 2 ** 10,
};

export interface HttpPort {
  readonly port: number;
  /** Takes no new requests, gives those under way `drainMs`, then closes their connections. */
  close(drainMs: number): Promise<void>;
}

/** How late HTTP/1 timeouts may be noticed. */
const MAX_CHECK_INTERVAL_MS = 5_000;
const PLAIN_TO_TLS = 'This port of Clew speaks TLS: use https:// in the address.\n';

/** Rejects with the system's error (EADDRINUSE, EACCES) when the port cannot be had. */
export async function openHttpPort(options: HttpPortOptions): Promise<HttpPort> {
  const limits = { ...DEFAULT_HTTP_PORT_LIMITS, ...options.limits };
  const onDropped = options.onDropped ?? (() => {});
  const http1 = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, limits.headersTimeoutMs),
    maxHeaderSize: limits.maxHeaderBytes,
  });
  http1.on('request', options.handle);
  http1.on('checkContinue', options.handle);
  http1.maxConnections = limits.maxConnections;
  const http2 = createHttp2Requests({
    handle: options.handle,
    grpc: options.grpc,
    settingsTimeoutMs: limits.headersTimeoutMs,
    requestTimeoutMs: limits.requestTimeoutMs,
    maxHeaderBytes: limits.maxHeaderBytes,
    onTimeout: () => onDropped('timeout'),
  });
  // The HTTP/1 server owns the port, with its limits and its accounting; only who gets a connection is decided before.
  const serveHttp1 = takeConnectionListener(http1);
  const serveHttp2 = (socket: Socket): void => {
    http2.server.emit('connection', socket);
  };
  const tls = options.tls && createTlsSide(options.tls, limits, serveHttp1, serveHttp2, onDropped);
  const undecided = new Set<Socket>();
  http1.on('connection', (socket: Socket) => {
    undecided.add(socket);
    socket.once('close', () => undecided.delete(socket));
    const onTimeout = (): void => {
      onDropped('timeout');
      socket.destroy();
    };
    peekProtocol(socket, limits.headersTimeoutMs, onTimeout, (protocol) => {
      undecided.delete(socket);
      // Node's HTTP/1 servers take half open connections; with HTTP/2 and TLS a client that closes is gone.
      if (protocol !== 'other') socket.allowHalfOpen = false;
      if (tls !== undefined && protocol === 'tls') tls.emit('connection', socket);
      else if (tls !== undefined || protocol === 'tls') {
        onDropped('protocol');
        refusePlain(socket, protocol === 'other');
      } else if (protocol === 'http2') serveHttp2(socket);
      else serveHttp1(socket);
    });
  });
  options.watch?.(http1);
  await listen(http1, options.port, options.host);
  return {
    port: (http1.address() as AddressInfo).port,
    close: (drainMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          http1.closeAllConnections();
          http2.destroy();
        }, drainMs);
        http1.close(() => {
          clearTimeout(timer);
          resolve();
        });
        for (const socket of undecided) socket.destroy();
        http1.closeIdleConnections();
        http2.close();
      }),
  };
}

/** What node's HTTP/1 server does with a connection, for those connections that are given to it. */
function takeConnectionListener(server: Server): (socket: Socket) => void {
  const [listener] = server.listeners('connection');
  server.removeAllListeners('connection');
  return (socket) => {
    Reflect.apply(listener, server, [socket]);
    // It was paused while its first bytes were looked at.
    socket.resume();
  };
}

function createTlsSide(
  material: { readonly cert: string; readonly key: string },
  limits: HttpPortLimits,
  serveHttp1: (socket: Socket) => void,
  serveHttp2: (socket: Socket) => void,
  onDropped: (reason: 'timeout' | 'protocol') => void,
): TlsServer {
  const server = createTlsServer({
    ...material,
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: limits.headersTimeoutMs,
  });
  server.on('secureConnection', (socket) => {
    if (socket.alpnProtocol === 'h2') serveHttp2(socket);
    else serveHttp1(socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    onDropped(error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT' ? 'timeout' : 'protocol');
    socket.destroy();
  });
  return server;
}

/** TLS where there is none, or the reverse. HTTP/1 is told; the others have no words for it. */
function refusePlain(socket: Socket, isHttp1: boolean): void {
  socket.on('error', () => socket.destroy());
  if (!isHttp1) {
    socket.destroy();
    return;
  }
  socket.resume();
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n' +
      `Content-Length: ${PLAIN_TO_TLS.length}\r\nConnection: close\r\n\r\n${PLAIN_TO_TLS}`,
    () => socket.destroySoon(),
  );
}
