/** gRPC between services (RPC semantic conventions 1.4x). */
import type { Failure, OpenSpan } from './open-span.ts';
import { findService, type ShopService } from './services.ts';

export type GrpcStatus =
  | 'OK'
  | 'DEADLINE_EXCEEDED'
  | 'NOT_FOUND'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'INTERNAL'
  | 'UNAVAILABLE';

export interface GrpcResult {
  readonly status: GrpcStatus;
  readonly failure: Failure | undefined;
}

const SCOPES: Readonly<Record<ShopService['language'], string>> = {
  nodejs: '@opentelemetry/instrumentation-grpc',
  go: 'go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc',
  java: 'io.opentelemetry.grpc-1.6',
  python: 'opentelemetry.instrumentation.grpc',
  dotnet: 'OpenTelemetry.Instrumentation.GrpcNetClient',
  rust: 'tracing-opentelemetry',
};

/** What a server span reports as its own failure (RPC semantic conventions, "gRPC status"). */
const SERVER_ERRORS: ReadonlySet<GrpcStatus> = new Set(['DEADLINE_EXCEEDED', 'INTERNAL', 'UNAVAILABLE']);

/**
 * @param method fully qualified: "shop.cart.v1.CartService/GetCart".
 * @param handle does the server's work and returns the status it answers with.
 */
export function callGrpc(
  caller: OpenSpan,
  service: string,
  method: string,
  timeoutMs: number,
  handle: (server: OpenSpan) => GrpcStatus,
): GrpcResult {
  const { random } = caller;
  const port = 50051;
  const attributes = {
    'rpc.system.name': 'grpc',
    'rpc.method': method,
    'server.address': service,
    'server.port': port,
  };
  const client = caller.child({
    name: method,
    kind: 'client',
    scope: SCOPES[findService(caller.span.service).language],
    attributes,
  });
  const networkUs = random.latency(280, 0.4);
  const server = client.remoteChild(service, Math.round(client.nowUs + networkUs), {
    name: method,
    kind: 'server',
    scope: SCOPES[findService(service).language],
    attributes,
  });
  const answered = handle(server);
  server.waitUs(random.latency(60));
  server.set({ 'rpc.response.status_code': answered });
  if (SERVER_ERRORS.has(answered) && server.failure === undefined) server.fail({ type: answered, message: '' });
  server.end();
  client.nowUs = Math.round(server.nowUs + networkUs);

  const isLate = client.nowUs - client.span.startUs > timeoutMs * 1000;
  if (isLate) client.nowUs = client.span.startUs + timeoutMs * 1000;
  const status = isLate ? 'DEADLINE_EXCEEDED' : answered;
  client.set({ 'rpc.response.status_code': status });
  if (status !== 'OK') {
    client.fail({ type: status, message: isLate ? `deadline of ${timeoutMs} ms exceeded` : server.span.statusMessage });
  }
  client.end();
  caller.nowUs = client.nowUs;
  return { status, failure: client.failure };
}
