import { environment, type Snippet } from './snippet.ts';

/** How applications in further languages send their spans over OTLP/HTTP. */
const PROTOBUF = ['OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'];
const TRACES_ONLY = ['OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none'];

export function dotnetSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `curl -sSfL https://github.com/open-telemetry/opentelemetry-dotnet-instrumentation/releases/latest/download/otel-dotnet-auto-install.sh -O
sh ./otel-dotnet-auto-install.sh`,
    },
    {
      step: 'run',
      code: `. $HOME/.otel-dotnet-auto/instrument.sh
${environment(http, [...PROTOBUF, ...TRACES_ONLY])}dotnet run`,
    },
  ];
}

export function rubySnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: 'bundle add opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all',
    },
    {
      step: 'code',
      file: 'config/initializers/opentelemetry.rb',
      code: `require "opentelemetry/sdk"
require "opentelemetry/exporter/otlp"
require "opentelemetry/instrumentation/all"

OpenTelemetry::SDK.configure { |config| config.use_all }`,
    },
    { step: 'run', code: `${environment(http)}bundle exec rails server` },
  ];
}

export function phpSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `pecl install opentelemetry
composer require open-telemetry/sdk open-telemetry/exporter-otlp php-http/guzzle7-adapter \\
  open-telemetry/opentelemetry-auto-slim`,
    },
    {
      step: 'run',
      code: `OTEL_PHP_AUTOLOAD_ENABLED=true OTEL_TRACES_EXPORTER=otlp \\
${environment(http, [...PROTOBUF, ...TRACES_ONLY])}php -d extension=opentelemetry -S localhost:8080`,
    },
  ];
}

export function rustSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `cargo add opentelemetry opentelemetry_sdk
cargo add opentelemetry-otlp --features http-proto,reqwest-blocking-client`,
    },
    {
      step: 'code',
      file: 'main.rs',
      code: `use opentelemetry::trace::{Span, Tracer, TracerProvider};
use opentelemetry_sdk::trace::SdkTracerProvider;

fn main() {
    // Reads OTEL_EXPORTER_OTLP_ENDPOINT.
    let exporter = opentelemetry_otlp::SpanExporter::builder().with_http().build().unwrap();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).build();
    provider.tracer("example").start("hello").end();
    provider.shutdown().unwrap();
}`,
    },
    { step: 'run', code: `${environment(http)}cargo run` },
  ];
}

export function browserSnippets(http: string): readonly Snippet[] {
  return [
    {
      step: 'install',
      code: `npm install @opentelemetry/sdk-trace-web @opentelemetry/exporter-trace-otlp-http \\
  @opentelemetry/instrumentation @opentelemetry/instrumentation-fetch @opentelemetry/resources`,
    },
    {
      step: 'code',
      file: 'tracing.js',
      code: `import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { FetchInstrumentation } from '@opentelemetry/instrumentation-fetch';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, WebTracerProvider } from '@opentelemetry/sdk-trace-web';

const exporter = new OTLPTraceExporter({ url: '${http}/v1/traces' });
new WebTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'my-page' }),
  spanProcessors: [new BatchSpanProcessor(exporter)],
}).register();
registerInstrumentations({ instrumentations: [new FetchInstrumentation()] });`,
    },
  ];
}
