import { type DiagLogger, DiagLogLevel, diag, SpanStatusCode } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Ingest, IngestOutcome } from './ingest.ts';
import { startReceivers, type TestReceivers } from './test/start-receivers.ts';

/** The exporters' CompressionAlgorithm, whose enum lives in a package we do not depend on. */
type Compression = NonNullable<ConstructorParameters<typeof ProtobufExporter>[0]>['compression'];
const NONE = 'none' as NonNullable<Compression>;
const GZIP = 'gzip' as NonNullable<Compression>;

let receivers: TestReceivers;
let intercept: Ingest | undefined;
const warnings: string[] = [];

const collectWarnings: DiagLogger = {
  error: (message, ...rest) => void warnings.push([message, ...rest].join(' ')),
  warn: (message, ...rest) => void warnings.push([message, ...rest].join(' ')),
  info: () => {},
  debug: () => {},
  verbose: () => {},
};

beforeAll(async () => {
  receivers = await startReceivers({ around: (ingest) => (request) => (intercept ?? ingest)(request) });
  diag.setLogger(collectWarnings, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => {
  intercept = undefined;
  receivers.journal.entries.length = 0;
  warnings.length = 0;
});
afterAll(() => receivers.close());

interface Sender {
  readonly name: string;
  readonly transport: string;
  /** The JavaScript exporter for gRPC (0.223) gives up at the first failure, whatever its status. */
  readonly retries: boolean;
  readonly create: () => SpanExporter;
}

const SENDERS: readonly Sender[] = [NONE, GZIP].flatMap((compression) => [
  {
    name: `HTTP with JSON, compression ${compression}`,
    transport: 'otlp_http',
    retries: true,
    create: () => new JsonExporter({ url: `${receivers.httpUrl}/v1/traces`, compression }),
  },
  {
    name: `HTTP with protobuf, compression ${compression}`,
    transport: 'otlp_http',
    retries: true,
    create: () => new ProtobufExporter({ url: `${receivers.httpUrl}/v1/traces`, compression }),
  },
  {
    name: `gRPC, compression ${compression}`,
    transport: 'otlp_grpc',
    retries: false,
    create: () => new GrpcExporter({ url: receivers.grpcUrl, compression }),
  },
]);

const SPANS = 200;

/** A day in the life of a service: parents and children, events, links, errors, every attribute type. */
function makeSpans(provider: NodeTracerProvider): void {
  const tracer = provider.getTracer('shop', '1.2.3');
  for (let i = 0; i < SPANS / 2; i++) {
    const parent = tracer.startSpan(`GET /cart/${i}`, {
      root: true,
      attributes: { 'http.request.method': 'GET', count: i, ratio: i / 7, ok: i % 2 === 0, tags: ['a', 'ü', '👍'] },
    });
    const child = tracer.startSpan(`SELECT ${i}`, { links: [{ context: parent.spanContext() }] });
    child.addEvent('exception', { 'exception.message': 'no such cart' });
    child.setStatus({ code: SpanStatusCode.ERROR, message: 'no such cart' });
    child.end();
    parent.end();
  }
}

function providerOf(exporter: SpanExporter): NodeTracerProvider {
  return new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'cart', 'service.instance.id': 'cart-1' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxExportBatchSize: 64, maxQueueSize: 1000 })],
  });
}

/** One finished span as the SDK makes it, and the same with its ids zeroed. */
async function oneGoodOneBad(): Promise<ReadableSpan[]> {
  const memory = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  provider.getTracer('test').startSpan('good').end();
  await provider.forceFlush();
  const [good] = memory.getFinishedSpans();
  if (good === undefined) throw new Error('the SDK finished no span');
  const context = { ...good.spanContext(), traceId: '0'.repeat(32) };
  const bad: ReadableSpan = Object.create(good, { spanContext: { value: () => context }, name: { value: 'bad' } });
  return [good, bad];
}

function exportOnce(exporter: SpanExporter, spans: ReadableSpan[]): Promise<{ code: number; error?: Error }> {
  return new Promise((resolve) => exporter.export(spans, resolve));
}

describe.each(SENDERS)('the OpenTelemetry exporter over $name', ({ create, transport, retries }) => {
  test('delivers every span once', async () => {
    const before = await receivers.valueOf('clew_accepted_spans_total', { transport });
    const provider = providerOf(create());
    makeSpans(provider);
    await provider.forceFlush();
    await provider.shutdown();
    const expected = Array.from({ length: SPANS / 2 }, (_, i) => [`GET /cart/${i}`, `SELECT ${i}`]).flat();
    expect(receivers.journal.spanTexts('name').sort()).toEqual(expected.sort());
    expect(new Set(receivers.journal.spanTexts('service'))).toEqual(new Set(['cart']));
    expect(await receivers.valueOf('clew_accepted_spans_total', { transport })).toBe(before + SPANS);
    expect(warnings).toEqual([]);
  });

  test('understands a partial success', async () => {
    const exporter = create();
    const result = await exportOnce(exporter, await oneGoodOneBad());
    await exporter.shutdown();
    expect(result.code).toBe(0);
    expect(receivers.journal.spanTexts('name')).toEqual(['good']);
    expect(warnings.join('\n')).toContain('1 of 2 spans rejected: trace id missing or all zeros (1)');
  });

  test('hears of an overload, and retries where it knows how', async () => {
    const answers: IngestOutcome[] = [
      { kind: 'overloaded', message: 'full', retryAfterMs: 1 },
      { kind: 'failed', message: 'a worker died' },
    ];
    let accepted = 0;
    intercept = async () => {
      const next = answers.shift();
      if (next !== undefined) return next;
      accepted++;
      return { kind: 'accepted', acceptedSpans: 2, rejectedSpans: 0, message: '' };
    };
    const exporter = create();
    const result = await exportOnce(exporter, await oneGoodOneBad());
    await exporter.shutdown();
    if (retries) {
      expect(result).toEqual({ code: 0 });
      expect(accepted).toBe(1);
    } else {
      expect(result).toMatchObject({ code: 1, error: { code: 14, details: 'full' } });
    }
  });

  test('gives up at once on what we call invalid', async () => {
    let calls = 0;
    intercept = async () => {
      calls++;
      return { kind: 'invalid', message: 'no span of this is understood' };
    };
    const exporter = create();
    const result = await exportOnce(exporter, await oneGoodOneBad());
    await exporter.shutdown();
    expect(result.code).toBe(1);
    expect(calls).toBe(1);
  });
});
