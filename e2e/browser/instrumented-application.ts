/** A small instrumented application: two services, real OpenTelemetry SDK and exporter, one slow span, one error. */
import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

export interface Application {
  /** One checkout: shop-web calls payments; `charge card` takes most of the time. Returns the trace id. */
  checkOut(): Promise<string>;
  stop(): Promise<void>;
}

export function startApplication(otlpHttp: string): Application {
  const providers = ['shop-web', 'payments'].map(
    (service) =>
      new BasicTracerProvider({
        resource: resourceFromAttributes({ 'service.name': service, 'service.version': '1.2.3' }),
        spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: `${otlpHttp}/v1/traces` }))],
      }),
  );
  const [shop, payments] = providers.map((provider) => provider.getTracer('shop', '1.0.0'));
  return {
    async checkOut() {
      const traceId = planCheckout(shop, payments, Date.now() - 2_000);
      await Promise.all(providers.map((provider) => provider.forceFlush()));
      return traceId;
    },
    async stop() {
      await Promise.all(providers.map((provider) => provider.shutdown()));
    },
  };
}

function planCheckout(shop: Tracer, payments: Tracer, startMs: number): string {
  const start = (tracer: Tracer, name: string, kind: SpanKind, offsetMs: number, parent?: Span): Span =>
    tracer.startSpan(
      name,
      { kind, startTime: startMs + offsetMs },
      parent === undefined ? context.active() : trace.setSpan(context.active(), parent),
    );
  const root = start(shop, 'POST /checkout', SpanKind.SERVER, 0);
  root.setAttributes({ 'http.request.method': 'POST', 'http.route': '/checkout', 'user.id': 'ariadne' });
  const cart = start(shop, 'load cart', SpanKind.INTERNAL, 5, root);
  cart.end(startMs + 25);
  const call = start(shop, 'payments.Charge', SpanKind.CLIENT, 30, root);
  const served = start(payments, 'payments.Charge', SpanKind.SERVER, 35, call);
  const charge = start(payments, 'charge card', SpanKind.CLIENT, 40, served);
  charge.setAttributes({ 'server.address': 'bank.example', 'charge.attempts': 3, 'charge.amount': 19.99 });
  charge.addEvent('bank answered slowly', { 'retry.count': 2 }, startMs + 700);
  charge.end(startMs + 840);
  const receipt = start(payments, 'send receipt', SpanKind.PRODUCER, 845, served);
  receipt.recordException(new Error('mail server refused the connection'), startMs + 850);
  receipt.setStatus({ code: SpanStatusCode.ERROR, message: 'mail server refused the connection' });
  receipt.end(startMs + 860);
  served.end(startMs + 870);
  call.end(startMs + 875);
  root.end(startMs + 900);
  return root.spanContext().traceId;
}
