import type { Http2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { peekProtocol } from '../net/peek-protocol.ts';
import type { DropReason } from '../telemetry/ingest-metrics.ts';

export interface GrpcListenerOptions {
  readonly http2: Http2Server;
  readonly maxConnections: number;
  /** How long a new connection may take to say what it speaks. */
  readonly peekTimeoutMs: number;
  /** How long a refused client may take to read its answer. */
  readonly lingerTimeoutMs: number;
  /** What someone who speaks HTTP/1 is told. */
  readonly http1Message: string;
  readonly onDropped: (reason: DropReason) => void;
  /** A client tried TLS; called for each. */
  readonly onTls: () => void;
}

export interface GrpcListener {
  readonly server: Server;
  /** Closes the connections that are not HTTP/2 sessions. */
  dropUndecided(): void;
}

/**
 * A TCP server that hands connections with HTTP/2 prior knowledge to `http2` and tells everybody else, in HTTP/1,
 * where they are: on its own node:http2 resets such connections without a word.
 */
export function createGrpcListener(options: GrpcListenerOptions): GrpcListener {
  const undecided = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    undecided.add(socket);
    socket.once('close', () => undecided.delete(socket));
    const onTimeout = (): void => {
      options.onDropped('timeout');
      socket.destroy();
    };
    peekProtocol(socket, options.peekTimeoutMs, onTimeout, (protocol) => {
      if (protocol === 'http2') {
        undecided.delete(socket);
        options.http2.emit('connection', socket);
      } else if (protocol === 'tls') {
        options.onDropped('protocol');
        options.onTls();
        socket.destroy();
      } else {
        options.onDropped('protocol');
        answerHttp1(socket, options);
      }
    });
  });
  server.on('drop', () => options.onDropped('limit'));
  server.maxConnections = options.maxConnections;
  return {
    server,
    dropUndecided() {
      for (const socket of undecided) socket.destroy();
    },
  };
}

function answerHttp1(socket: Socket, options: GrpcListenerOptions): void {
  const body = Buffer.from(options.http1Message);
  socket.on('error', () => socket.destroy());
  const timer = setTimeout(() => socket.destroy(), options.lingerTimeoutMs);
  timer.unref();
  socket.on('close', () => clearTimeout(timer));
  socket.resume();
  socket.end(
    `HTTP/1.1 421 Misdirected Request\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body.toString()}`,
  );
}
