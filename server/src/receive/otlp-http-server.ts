import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepListening, listen } from '../net/listen.ts';
import type { ConnectionMetrics } from '../telemetry/ingest-metrics.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import { lingerAfterRefusal } from './linger-after-refusal.ts';
import type { OtlpHttpHandler } from './otlp-http.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import { watchConnections } from './watch-connections.ts';

export interface OtlpHttpServerOptions {
  readonly handler: OtlpHttpHandler;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly limits: ReceiveLimits;
  readonly metrics?: ConnectionMetrics;
  readonly logger?: StageLogger;
}

/** A listening receiver. */
export interface RunningReceiver {
  readonly port: number;
  /** Takes no new requests, lets those under way finish within `drainTimeoutMs`, then closes their connections. */
  close(): Promise<void>;
}

const SHOWN_PATH_CHARACTERS = 100;

/** Listens for OTLP/HTTP. Rejects with the system's error (EADDRINUSE, EACCES) when the port cannot be had. */
export async function startOtlpHttpServer(options: OtlpHttpServerOptions): Promise<RunningReceiver> {
  const { limits, handler } = options;
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.max(100, Math.min(5_000, limits.headersTimeoutMs / 2)),
    maxHeaderSize: limits.maxHeaderBytes,
    noDelay: true,
  });
  server.maxConnections = limits.maxConnections;
  if (options.metrics !== undefined) watchConnections(server, 'otlp_http', options.metrics);
  let closing = false;
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    if (closing) res.setHeader('Connection', 'close');
    res.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (handler(req, res)) return;
    const path = String(req.url).slice(0, SHOWN_PATH_CHARACTERS);
    res.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
    res.end(
      `404 ${path}: nothing here. This is the OTLP/HTTP port of Clew: POST spans to /v1/traces ` +
        `(application/x-protobuf or application/json). OTLP/gRPC is on port 4317, the UI and the API on 8317, by default.\n`,
    );
    lingerAfterRefusal(req, limits);
  };
  server.on('request', onRequest);
  // The handler says "100 Continue" itself, after it has looked at the headers.
  server.on('checkContinue', onRequest);
  await listen(server, options.port, options.host);
  keepListening(server, 'otlp http', options.logger);
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () => {
      closing = true;
      return closeServer(server, limits.drainTimeoutMs);
    },
  };
}

function closeServer(server: Server, drainTimeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), drainTimeoutMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
