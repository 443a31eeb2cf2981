/** The ports of the API: who may ask is decided here, before any route. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { answerGrpcStatus, type GrpcService, serveGrpcCall } from '../net/grpc-call.ts';
import { GRPC_PERMISSION_DENIED } from '../net/grpc-codes.ts';
import { type HttpPort, openHttpPort } from '../net/http-port.ts';
import { hostRefusal, isAllowedHost } from './allowed-host.ts';
import { tryPortHolder } from './port-holder.ts';

/** Answers the request and returns true, or leaves it alone and returns false. */
export type FirstHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ApiPortOptions {
  readonly api: Hono;
  /** Asked before the API, for each request. */
  readonly first?: FirstHandler;
  /** Served beside the API, on HTTP/2. */
  readonly grpc: GrpcService;
  /** Undefined: every Host is answered, for a port that others can reach anyhow. */
  readonly allowedHosts: readonly string[] | undefined;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM; undefined: no TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Shown the server before it listens. */
  readonly watch?: (server: Server) => void;
  /** A connection without request was given up. */
  readonly onDropped?: (reason: 'timeout' | 'protocol') => void;
}

/** @throws Error that names who holds the port when it is taken. */
export async function openApiPort(options: ApiPortOptions): Promise<HttpPort> {
  const { api, first, grpc, allowedHosts, host, port, tls, watch, onDropped } = options;
  const listener = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const refusalOf = (name: string | undefined): string | undefined =>
    allowedHosts === undefined || isAllowedHost(name, allowedHosts) ? undefined : hostRefusal(name ?? '');
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const refusal = refusalOf(hostOf(request.headers));
    if (refusal !== undefined) {
      response.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' }).end(refusal);
      return;
    }
    if (first?.(request, response) !== true) void listener(request, response);
  };
  const handleGrpc = (stream: ServerHttp2Stream, headers: IncomingMessage['headers']): void => {
    const refusal = refusalOf(hostOf(headers));
    if (refusal === undefined) serveGrpcCall(stream, headers, grpc);
    else answerGrpcStatus(stream, { code: GRPC_PERMISSION_DENIED, message: refusal.trimEnd() });
  };
  return openHttpPort({
    host,
    port,
    handle,
    grpc: handleGrpc,
    tls,
    ...(watch !== undefined && { watch }),
    ...(onDropped !== undefined && { onDropped }),
  }).catch(async (error: NodeJS.ErrnoException) => {
    throw await explainListenError(error, host, port);
  });
}

/** HTTP/2 has it as a pseudo header. */
function hostOf(headers: IncomingMessage['headers']): string | undefined {
  const authority = headers[':authority'];
  return typeof authority === 'string' ? authority : headers.host;
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
  // No error of the system, so it is in words already.
  if (error.code === undefined) return error;
  return new Error(`port ${port} on ${host}: ${error.message}`, { cause: error });
}
