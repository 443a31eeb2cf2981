import type { Http2Server } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
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

/** The start of the HTTP/2 connection preface, enough to tell it from any HTTP/1 method. */
const PREFACE_START = 'PRI';
const TLS_HANDSHAKE = 0x16;

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
    peek(socket, options.peekTimeoutMs, onTimeout, (head) => {
      if (head.startsWith(PREFACE_START)) {
        undecided.delete(socket);
        options.http2.emit('connection', socket);
      } else if (head.charCodeAt(0) === TLS_HANDSHAKE) {
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

function peek(socket: Socket, timeoutMs: number, onTimeout: () => void, onHead: (head: string) => void): void {
  let head: Buffer = Buffer.alloc(0);
  const timer = setTimeout(onTimeout, timeoutMs);
  timer.unref();
  const onError = (): void => {
    socket.destroy();
  };
  const onClose = (): void => clearTimeout(timer);
  const onData = (chunk: Buffer): void => {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const start = head.toString('latin1', 0, PREFACE_START.length);
    if (start.length < PREFACE_START.length && PREFACE_START.startsWith(start)) return;
    clearTimeout(timer);
    socket.off('data', onData);
    socket.off('error', onError);
    socket.off('close', onClose);
    socket.pause();
    // The next owner reads the connection from its first byte.
    socket.unshift(head);
    onHead(start);
  };
  socket.on('error', onError);
  socket.on('close', onClose);
  socket.on('data', onData);
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
