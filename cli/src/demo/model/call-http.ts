/** HTTP between services and to the outside (HTTP semantic conventions 1.4x, stable). */
import type { Failure, OpenSpan } from './open-span.ts';
import { findService, type ShopService } from './services.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly route: string;
  /** The route with its values. */
  readonly path: string;
  readonly query?: string;
  readonly timeoutMs?: number;
  /** 0 for the first attempt. */
  readonly resendCount?: number;
}

export interface HttpResult {
  /** 0 when no answer came. */
  readonly status: number;
  readonly failure: Failure | undefined;
}

const SCOPES: Readonly<Record<ShopService['language'], string>> = {
  nodejs: '@opentelemetry/instrumentation-http',
  go: 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp',
  java: 'io.opentelemetry.tomcat-10.0',
  python: 'opentelemetry.instrumentation.fastapi',
  dotnet: 'Microsoft.AspNetCore',
  rust: 'tracing-opentelemetry',
};

export function httpScope(service: string): string {
  return SCOPES[findService(service).language];
}

export function httpServerAttributes(service: string, request: HttpRequest): Record<string, string | number> {
  return {
    'http.request.method': request.method,
    'http.route': request.route,
    'url.path': request.path,
    'url.scheme': 'http',
    ...(request.query === undefined ? {} : { 'url.query': request.query }),
    'server.address': service,
    'server.port': findService(service).port,
    'network.protocol.version': '1.1',
    'user_agent.original': 'okhttp/4.12.0',
  };
}

/** Calls a service of the shop. `handle` does the server's work and returns the status it answers with. */
export function callHttp(
  caller: OpenSpan,
  service: string,
  request: HttpRequest,
  handle: (server: OpenSpan) => number,
): HttpResult {
  const { random } = caller;
  const client = startClient(caller, service, findService(service).port, 'http', request);
  const networkUs = random.latency(350, 0.4);
  const server = client.remoteChild(service, Math.round(client.nowUs + networkUs), {
    name: `${request.method} ${request.route}`,
    kind: 'server',
    scope: httpScope(service),
    attributes: httpServerAttributes(service, request),
  });
  const status = handle(server);
  server.waitUs(random.latency(80));
  finishHttpServer(server, status);
  client.nowUs = Math.round(server.nowUs + networkUs);
  return finishClient(caller, client, request, status);
}

/** Calls somebody who sends us no spans. */
export function callOutside(
  caller: OpenSpan,
  host: string,
  request: HttpRequest,
  work: { readonly medianMs: number; readonly sigma?: number; readonly status: number },
): HttpResult {
  const client = startClient(caller, host, 443, 'https', request);
  client.work(work.medianMs, work.sigma);
  return finishClient(caller, client, request, work.status);
}

export function finishHttpServer(server: OpenSpan, status: number): void {
  server.set({ 'http.response.status_code': status });
  if (status >= 500 && server.failure === undefined) {
    server.fail({ type: String(status), message: server.span.statusMessage });
  }
  server.end();
}

function startClient(caller: OpenSpan, host: string, port: number, scheme: string, request: HttpRequest): OpenSpan {
  const query = request.query === undefined ? '' : `?${request.query}`;
  const client = caller.child({
    name: request.method,
    kind: 'client',
    scope: httpScope(caller.span.service),
    attributes: {
      'http.request.method': request.method,
      'url.full': `${scheme}://${host}${port === 443 ? '' : `:${port}`}${request.path}${query}`,
      'server.address': host,
      'server.port': port,
    },
  });
  if (request.resendCount) client.set({ 'http.request.resend_count': request.resendCount });
  return client;
}

function finishClient(caller: OpenSpan, client: OpenSpan, request: HttpRequest, status: number): HttpResult {
  const timeoutUs = (request.timeoutMs ?? 30_000) * 1000;
  const isLate = client.nowUs - client.span.startUs > timeoutUs;
  if (isLate) {
    // The caller goes away; the server never learns and works on.
    client.nowUs = client.span.startUs + timeoutUs;
    client.fail({
      type: 'timeout',
      message: `no answer from ${client.span.attributes['server.address']} in ${timeoutUs / 1000} ms`,
    });
  } else {
    client.set({ 'http.response.status_code': status });
    if (status >= 400) client.fail({ type: String(status), message: '' });
  }
  client.end();
  caller.nowUs = client.nowUs;
  return { status: isLate ? 0 : status, failure: client.failure };
}
