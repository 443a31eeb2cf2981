/** The bytes of the real OpenTelemetry SDK's serializers, of spans its real tracer made. */
import { SpanBatch, type TraceData } from '@clew/model';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS } from './decode-limits.ts';
import { decodeOtlpProtobuf } from './decode-protobuf.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';

function recordedSpans(): ReturnType<InMemorySpanExporter['getFinishedSpans']> {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'checkout', 'process.pid': 42 }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const parent = { traceId: TRACE_ID, spanId: PARENT_ID, traceFlags: TraceFlags.SAMPLED, isRemote: true };
  const tracer = provider.getTracer('shop', '1.2.3', { schemaUrl: 'https://opentelemetry.io/schemas/1.27.0' });
  const span = tracer.startSpan(
    'place order',
    {
      kind: SpanKind.SERVER,
      startTime: [1760000000, 123456789],
      links: [{ context: { ...parent, spanId: 'c7ad6b7169203331' }, attributes: { 'link.kind': 'retry' } }],
    },
    trace.setSpanContext(ROOT_CONTEXT, parent),
  );
  span.setAttributes({
    text: 'Zoë 李',
    whole: 7,
    negative: -3,
    real: 0.25,
    flag: true,
    list: ['a', 'b'],
    mixed: [1, 2],
  });
  span.addEvent('retry', { attempt: 2 }, [1760000000, 200000000]);
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
  span.end([1760000001, 0]);
  return exporter.getFinishedSpans();
}

function expectOrder(data: TraceData): void {
  expect(data.resourceSpans).toHaveLength(1);
  const [{ resource, scopeSpans }] = data.resourceSpans;
  expect(resource.attributes).toContainEqual({ key: 'service.name', value: { type: 'string', value: 'checkout' } });
  expect(resource.attributes).toContainEqual({ key: 'process.pid', value: { type: 'int', value: 42n } });
  expect(scopeSpans[0].scope).toMatchObject({ name: 'shop', version: '1.2.3' });
  expect(scopeSpans[0].schemaUrl).toBe('https://opentelemetry.io/schemas/1.27.0');
  const [span] = scopeSpans[0].spans;
  expect(span).toMatchObject({
    traceId: TRACE_ID,
    parentSpanId: PARENT_ID,
    name: 'place order',
    kind: 2,
    flags: 0x301,
    startTimeUnixNano: 1760000000123456789n,
    endTimeUnixNano: 1760000001000000000n,
    status: { code: 2, message: 'card declined' },
  });
  expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(Object.fromEntries(span.attributes.map(({ key, value }) => [key, value]))).toEqual({
    text: { type: 'string', value: 'Zoë 李' },
    whole: { type: 'int', value: 7n },
    negative: { type: 'int', value: -3n },
    real: { type: 'double', value: 0.25 },
    flag: { type: 'bool', value: true },
    list: { type: 'array', value: ['a', 'b'].map((value) => ({ type: 'string', value })) },
    mixed: { type: 'array', value: [1n, 2n].map((value) => ({ type: 'int', value })) },
  });
  expect(span.events).toMatchObject([
    { name: 'retry', timeUnixNano: 1760000000200000000n, attributes: [{ key: 'attempt', value: { value: 2n } }] },
  ]);
  expect(span.links).toMatchObject([{ traceId: TRACE_ID, spanId: 'c7ad6b7169203331' }]);
}

describe('the OpenTelemetry SDK', () => {
  it('is understood in protobuf', () => {
    const batch = new SpanBatch();
    const body = ProtobufTraceSerializer.serializeRequest(recordedSpans());
    decodeOtlpProtobuf(batch, body ?? new Uint8Array(), DEFAULT_DECODE_LIMITS);
    expectOrder(traceDataFromBatch(batch));
  });

  it('is understood in JSON', () => {
    const batch = new SpanBatch();
    const body = JsonTraceSerializer.serializeRequest(recordedSpans());
    decodeOtlpJson(batch, body ?? new Uint8Array(), DEFAULT_DECODE_LIMITS);
    expectOrder(traceDataFromBatch(batch));
  });
});
