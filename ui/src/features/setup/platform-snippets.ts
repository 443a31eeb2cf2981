import { hostAndPort, type Snippet, type SnippetEndpoints } from './snippet.ts';

/** How what runs between applications sends their spans: Collector, proxies, a cluster. */
export function collectorSnippets({ grpc }: SnippetEndpoints): readonly Snippet[] {
  const { host, port } = hostAndPort(grpc);
  return [
    {
      step: 'code',
      file: 'otel-collector.yaml',
      code: `receivers:
  otlp:
    protocols:
      grpc:
      http:
processors:
  batch:
exporters:
  otlp/clew:
    endpoint: ${host}:${port}
    tls:
      insecure: ${grpc.startsWith('http:')}
service:
  pipelines:
    traces:
      receivers: [otlp]
      processors: [batch]
      exporters: [otlp/clew]`,
    },
    { step: 'run', code: 'otelcol --config otel-collector.yaml' },
  ];
}

export function envoySnippets({ grpc }: SnippetEndpoints): readonly Snippet[] {
  const { host, port } = hostAndPort(grpc);
  return [
    {
      step: 'code',
      file: 'envoy.yaml: in each HttpConnectionManager',
      code: `tracing:
  provider:
    name: envoy.tracers.opentelemetry
    typed_config:
      "@type": type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig
      service_name: my-proxy
      grpc_service:
        envoy_grpc: { cluster_name: clew }
        timeout: 0.5s`,
    },
    {
      step: 'code',
      file: 'envoy.yaml: in static_resources.clusters',
      code: `- name: clew
  type: STRICT_DNS
  typed_extension_protocol_options:
    envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
      "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
      explicit_http_config: { http2_protocol_options: {} }
  load_assignment:
    cluster_name: clew
    endpoints:
    - lb_endpoints:
      - endpoint:
          address: { socket_address: { address: ${host}, port_value: ${port} } }`,
    },
  ];
}

export function istioSnippets({ grpc }: SnippetEndpoints): readonly Snippet[] {
  const { host, port } = hostAndPort(grpc);
  return [
    {
      step: 'code',
      file: 'mesh.yaml',
      code: `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  meshConfig:
    enableTracing: true
    extensionProviders:
    - name: clew
      opentelemetry:
        service: ${host}
        port: ${port}`,
    },
    {
      step: 'code',
      file: 'telemetry.yaml',
      code: `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: clew
  namespace: istio-system
spec:
  tracing:
  - providers: [{ name: clew }]
    randomSamplingPercentage: 100`,
    },
    { step: 'apply', code: 'istioctl install -y -f mesh.yaml\nkubectl apply -f telemetry.yaml' },
  ];
}

export function kubernetesSnippets({ http, grpc }: SnippetEndpoints): readonly Snippet[] {
  const { host, port } = hostAndPort(grpc);
  return [
    {
      step: 'install',
      code: `kubectl apply -f https://github.com/cert-manager/cert-manager/releases/latest/download/cert-manager.yaml
kubectl apply -f https://github.com/open-telemetry/opentelemetry-operator/releases/latest/download/opentelemetry-operator.yaml`,
    },
    {
      step: 'code',
      file: 'clew.yaml',
      code: `# Instruments pods that ask for it, without a change of their images.
apiVersion: opentelemetry.io/v1alpha1
kind: Instrumentation
metadata:
  name: clew
spec:
  exporter: { endpoint: ${http} }
  propagators: [tracecontext, baggage]
---
# A Collector on every node for everything that sends OTLP itself.
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata:
  name: clew
spec:
  mode: daemonset
  config:
    receivers: { otlp: { protocols: { grpc: {}, http: {} } } }
    processors: { batch: {} }
    exporters:
      otlp:
        endpoint: ${host}:${port}
        tls: { insecure: ${grpc.startsWith('http:')} }
    service:
      pipelines:
        traces: { receivers: [otlp], processors: [batch], exporters: [otlp] }`,
    },
    {
      step: 'apply',
      code: `kubectl apply -f clew.yaml
# nodejs, java, python, dotnet or go:
kubectl patch deployment my-app -p '{"spec":{"template":{"metadata":{"annotations":{"instrumentation.opentelemetry.io/inject-nodejs":"true"}}}}}'`,
    },
  ];
}
