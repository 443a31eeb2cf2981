import type { Span, SpanId, TraceData, TraceId } from '@clew/model';
import { NO_SPAN_ID } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';

export interface SpanSketch {
  readonly name: string;
  /** Default: some valid id. */
  readonly traceId?: string;
  readonly spanId?: string;
}

const START = 1_760_000_000_000_000_000n;

function spanOf({ name, traceId, spanId }: SpanSketch): Span {
  return {
    traceId: (traceId ?? '0af7651916cd43dd8448eb211c80319c') as TraceId,
    spanId: (spanId ?? 'b7ad6b7169203331') as SpanId,
    parentSpanId: NO_SPAN_ID,
    traceState: '',
    flags: 1,
    name,
    kind: 2,
    startTimeUnixNano: START,
    endTimeUnixNano: START + 5_000_000n,
    attributes: [{ key: 'http.request.method', value: { type: 'string', value: 'GET' } }],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
}

/** An OTLP protobuf request of one resource and scope. */
export function protobufBody(sketches: readonly SpanSketch[], service = 'shop'): Uint8Array<ArrayBuffer> {
  const data: TraceData = {
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { type: 'string', value: service } }],
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1', attributes: [], droppedAttributesCount: 0 },
            spans: sketches.map(spanOf),
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  };
  return encodeOtlpProtobuf(data);
}

/** The same as OTLP JSON. */
export function jsonBody(sketches: readonly SpanSketch[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [
          {
            scope: { name: 'test', version: '1' },
            spans: sketches.map(({ name, traceId, spanId }) => ({
              traceId: traceId ?? '0af7651916cd43dd8448eb211c80319c',
              spanId: spanId ?? 'b7ad6b7169203331',
              name,
              kind: 2,
              startTimeUnixNano: String(START),
              endTimeUnixNano: String(START + 5_000_000n),
            })),
          },
        ],
      },
    ],
  });
}
