import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

export const PROTOCOLS = ['grpc', 'http/protobuf', 'http/json'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Where the demo sends unless told. */
export function defaultEndpoint(protocol: Protocol): string {
  return protocol === 'grpc' ? 'http://127.0.0.1:4317' : 'http://127.0.0.1:4318';
}

/** Longest one export call takes before it counts as failed. */
const EXPORT_TIMEOUT_MS = 10_000;
/** Export calls at once, all services together: one a service is usual, a dozen when full queues are flushed. */
const CONCURRENCY_LIMIT = 256;

/**
 * The OpenTelemetry SDK's exporter for a protocol. Loaded on demand: each pulls in its own transport.
 * @param endpoint for HTTP the base address, to which /v1/traces is added, or an address that ends with it.
 */
export async function loadOtlpExporter(protocol: Protocol, endpoint: string): Promise<SpanExporter> {
  const options = { timeoutMillis: EXPORT_TIMEOUT_MS, concurrencyLimit: CONCURRENCY_LIMIT };
  if (protocol === 'grpc') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc');
    return new OTLPTraceExporter({ ...options, url: endpoint });
  }
  const base = endpoint.replace(/\/+$/, '');
  const url = base.endsWith('/v1/traces') ? base : `${base}/v1/traces`;
  if (protocol === 'http/json') {
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    return new OTLPTraceExporter({ ...options, url });
  }
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ ...options, url });
}
