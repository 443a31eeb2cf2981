/** The main port: UI, API, health, metrics, and OTLP/HTTP for those who want one port for everything. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { hostRefusal, isAllowedHost } from './allowed-host.ts';
import { tryPortHolder } from './port-holder.ts';

/** Answers the request and returns true, or leaves it alone and returns false. */
export type FirstHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface MainPortOptions {
  readonly api: Hono;
  /** Asked before the API, for each request. */
  readonly first: FirstHandler;
  /** Undefined: every Host is answered, for a port that others can reach anyhow. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Shown the server before it listens. */
  readonly watch?: (server: Server) => void;
}

export interface MainPort {
  readonly port: number;
  /** Takes no new requests, gives those under way `drainMs`, then closes their connections. */
  close(drainMs: number): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_CONNECTIONS = 4_096;
/** How late the timeouts above may be noticed. */
const CHECK_INTERVAL_MS = 5_000;
/** A query of MAX_QUERY_LENGTH stands in the address, where a letter may take nine bytes (%E2%82%AC). */
const MAX_HEADER_BYTES = 160 * 2 ** 10;

/** @throws Error that names who holds the port when it is taken. */
export async function openMainPort({
  api,
  first,
  allowedHosts,
  host,
  port,
  watch,
}: MainPortOptions): Promise<MainPort> {
  const listener = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const name = request.headers.host;
    if (allowedHosts !== undefined && !isAllowedHost(name, allowedHosts)) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(hostRefusal(name ?? ''));
      return;
    }
    if (!first(request, response)) void listener(request, response);
  };
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    handle,
  );
  server.on('checkContinue', handle);
  server.maxConnections = MAX_CONNECTIONS;
  watch?.(server);
  await listen(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: (drainMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), drainMs);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      void explainListenError(error, host, port).then(reject);
    });
    server.listen(port, host, resolve);
  });
}

/** The system's error in words, with who holds the port and what to do. */
export async function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  if (error.code === 'EADDRINUSE') {
    const holder = await tryPortHolder(port);
    return new Error(
      `port ${port} on ${host} is taken${holder === undefined ? '' : ` by ${holder}`}. Stop that, or choose another port.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new Error(`port ${port} on ${host}: not allowed. Choose a port above 1023.`, { cause: error });
  }
  return new Error(`port ${port} on ${host}: ${error.message}`, { cause: error });
}
