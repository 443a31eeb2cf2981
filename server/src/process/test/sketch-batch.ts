import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  type Attribute,
  type Dictionary,
  SPAN_ATTRIBUTES,
  SPAN_DROPPED_ATTRIBUTES,
  SPAN_NAME,
  SPAN_WORDS,
  type Span,
  SpanBatch,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  type TraceId,
  TYPE_STRING,
} from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';

export interface SpanSketch {
  readonly name?: string;
  /** Hex; default: one for all. */
  readonly traceId?: string;
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly SpanEvent[];
  readonly links?: readonly SpanLink[];
}

export interface ResourceSketch {
  readonly attributes: readonly Attribute[];
  readonly spans: readonly SpanSketch[];
}

export function text(key: string, value: string): Attribute {
  return { key, value: { type: 'string', value } };
}

/** A batch as the decoder makes it, of one scope a resource. */
export function sketchBatch(resources: readonly ResourceSketch[], dictionary?: Dictionary): SpanBatch {
  let number = 0;
  const spanOf = (sketch: SpanSketch): Span => ({
    traceId: (sketch.traceId ?? '0af7651916cd43dd8448eb211c80319c') as TraceId,
    spanId: (++number).toString(16).padStart(16, '0') as SpanId,
    parentSpanId: '' as SpanId,
    traceState: '',
    flags: 1,
    name: sketch.name ?? 'work',
    kind: 1,
    startTimeUnixNano: 1n,
    endTimeUnixNano: 2n,
    attributes: sketch.attributes ?? [],
    droppedAttributesCount: 0,
    events: sketch.events ?? [],
    droppedEventsCount: 0,
    links: sketch.links ?? [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  });
  const body = encodeOtlpProtobuf({
    resourceSpans: resources.map(({ attributes, spans }) => ({
      resource: { attributes, droppedAttributesCount: 0 },
      scopeSpans: [
        {
          scope: { name: 'test', version: '', attributes: [], droppedAttributesCount: 0 },
          spans: spans.map(spanOf),
          schemaUrl: '',
        },
      ],
      schemaUrl: '',
    })),
  });
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  return batch;
}

/** A batch of one resource that has a service.name. */
export function serviceBatch(service: string, spans: readonly SpanSketch[], dictionary?: Dictionary): SpanBatch {
  return sketchBatch([{ attributes: [text('service.name', service)], spans }], dictionary);
}

export function namesOf(batch: SpanBatch): string[] {
  return Array.from({ length: batch.spanCount }, (_, row) =>
    batch.dictionary.text(batch.spans[row * SPAN_WORDS + SPAN_NAME]),
  );
}

/** Text attributes of a span, and how many were dropped. */
export function attributesOf(batch: SpanBatch, row: number): { attributes: Record<string, string>; dropped: number } {
  const at = row * SPAN_WORDS;
  return {
    attributes: textsOf(
      batch,
      batch.attributes,
      batch.spans[at + SPAN_ATTRIBUTES],
      batch.spans[at + SPAN_ATTRIBUTES + 1],
    ),
    dropped: batch.spans[at + SPAN_DROPPED_ATTRIBUTES] >>> 0,
  };
}

/** A run of text attributes. */
export function textsOf(batch: SpanBatch, records: Int32Array, first: number, count: number): Record<string, string> {
  const texts: Record<string, string> = {};
  for (let row = first; row < first + count; row++) {
    const at = row * ATTRIBUTE_WORDS;
    const word = records[at + ATTRIBUTE_KEY_TYPE];
    if ((word & 15) !== TYPE_STRING) throw new Error('not a text attribute');
    texts[batch.dictionary.text(word >>> 4)] = batch.textAt(
      records[at + ATTRIBUTE_VALUE],
      records[at + ATTRIBUTE_VALUE + 1],
    );
  }
  return texts;
}
