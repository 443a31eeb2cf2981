import type { StatusAnswer } from '@clew/contract';
import { browserSnippets, dotnetSnippets, phpSnippets, rubySnippets, rustSnippets } from './more-snippets.ts';
import { collectorSnippets, envoySnippets, istioSnippets, kubernetesSnippets } from './platform-snippets.ts';
import { reachableEndpoints } from './reachable-endpoints.ts';
import { environment, type Snippet, type SnippetEndpoints } from './snippet.ts';

/** What can send spans, applications first. */
export const LANGUAGES = [
  'node',
  'python',
  'go',
  'java',
  'dotnet',
  'ruby',
  'php',
  'rust',
  'browser',
  'curl',
  'collector',
  'kubernetes',
  'envoy',
  'istio',
] as const;
export type Language = (typeof LANGUAGES)[number];

/** Those that are no application, and usually run in containers. */
export const PLATFORMS: ReadonlySet<Language> = new Set(['collector', 'kubernetes', 'envoy', 'istio']);

const BUILDERS: Readonly<Record<Language, (endpoints: SnippetEndpoints) => readonly Snippet[]>> = {
  node: ({ http }) => nodeSnippets(http),
  python: ({ http }) => pythonSnippets(http),
  go: ({ http }) => goSnippets(http),
  java: ({ http }) => javaSnippets(http),
  dotnet: ({ http }) => dotnetSnippets(http),
  ruby: ({ http }) => rubySnippets(http),
  php: ({ http }) => phpSnippets(http),
  rust: ({ http }) => rustSnippets(http),
  browser: ({ http }) => browserSnippets(http),
  curl: ({ http }) => [{ step: 'run', code: curlSnippet(http) }],
  collector: collectorSnippets,
  kubernetes: kubernetesSnippets,
  envoy: envoySnippets,
  istio: istioSnippets,
};

/** What to type to send spans to the endpoints, as they are reached from the host the page was opened by. */
export function buildSnippets(
  language: Language,
  endpoints: StatusAnswer['endpoints'],
  pageHost = '127.0.0.1',
): readonly Snippet[] {
  return BUILDERS[language](reachableEndpoints(endpoints, pageHost));
}

function nodeSnippets(http: string): readonly Snippet[] {
  return [
    { step: 'install', code: 'npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node' },
    {
      step: 'run',
      code: `OTEL_SERVICE_NAME=my-service \\
OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none \\
node --require @opentelemetry/auto-instrumentations-node/register app.js`,
    },
  ];
}

function pythonSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `pip install opentelemetry-distro opentelemetry-exporter-otlp-proto-http
opentelemetry-bootstrap -a install`,
    },
    {
      step: 'run',
      code: `OTEL_SERVICE_NAME=my-service \\
OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\
OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none \\
opentelemetry-instrument python app.py`,
    },
  ];
}

function goSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `go get go.opentelemetry.io/otel \\
  go.opentelemetry.io/otel/sdk \\
  go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp`,
    },
    {
      step: 'code',
      file: 'main.go',
      code: `package main

import (
	"context"
	"log"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx) // reads OTEL_EXPORTER_OTLP_ENDPOINT
	if err != nil {
		log.Fatal(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	defer provider.Shutdown(ctx)
	otel.SetTracerProvider(provider)

	_, span := otel.Tracer("example").Start(ctx, "hello")
	span.End()
}`,
    },
    {
      step: 'run',
      code: `${environment(http)}go run .`,
    },
  ];
}

function javaSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `curl -LO https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar`,
    },
    {
      step: 'run',
      code: `OTEL_SERVICE_NAME=my-service \\
OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\
OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none \\
java -javaagent:opentelemetry-javaagent.jar -jar app.jar`,
    },
  ];
}

/**
 * A whole trace of one span. The shell makes fresh ids and times, with nothing but POSIX tools, so that pasting it
 * twice gives two traces; `date +%s` has no fraction everywhere, hence the zeros.
 */
function curlSnippet(http: string): string {
  return `NOW=$(date +%s)
TRACE=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \\n')
SPAN=$(od -An -N8 -tx1 /dev/urandom | tr -d ' \\n')
curl -i ${http}/v1/traces -H 'Content-Type: application/json' --data-binary @- <<EOF
{"resourceSpans": [{
  "resource": {"attributes": [
    {"key": "service.name", "value": {"stringValue": "my-service"}}]},
  "scopeSpans": [{"scope": {"name": "curl"}, "spans": [{
    "traceId": "$TRACE", "spanId": "$SPAN",
    "name": "hello from curl", "kind": 2,
    "startTimeUnixNano": "$((NOW - 1))000000000",
    "endTimeUnixNano": "\${NOW}000000000",
    "attributes": [{"key": "greeting", "value": {"stringValue": "hello"}}],
    "status": {"code": 1}}]}]}]}
EOF`;
}
