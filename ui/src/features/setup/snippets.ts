import type { StatusAnswer } from '@clew/contract';

export type Language = 'node' | 'python' | 'go' | 'java' | 'curl';
export const LANGUAGES: readonly Language[] = ['node', 'python', 'go', 'java', 'curl'];

/** One thing to copy: a command or a file. */
export interface Snippet {
  readonly step: 'install' | 'code' | 'run';
  /** File name, where it is a file. */
  readonly file?: string;
  readonly code: string;
}

/** What to type to send spans of this language's application to the endpoints. */
export function buildSnippets(language: Language, endpoints: StatusAnswer['endpoints']): readonly Snippet[] {
  const http = endpoints.otlpHttp.replace(/\/+$/, '').replace(/\/v1\/traces$/, '');
  switch (language) {
    case 'node':
      return nodeSnippets(http);
    case 'python':
      return pythonSnippets(http);
    case 'go':
      return goSnippets(http);
    case 'java':
      return javaSnippets(http);
    case 'curl':
      return [{ step: 'run', code: curlSnippet(http) }];
  }
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
      code: `OTEL_SERVICE_NAME=my-service \\
OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
go run .`,
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
