/** SpanBatch as objects: for tests, tools and reading files. The write side has no use for it. */
import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  type Attribute,
  type AttributeValue,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_NAME,
  EVENT_TIME,
  EVENT_WORDS,
  hexFromBytes,
  LINK_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  LINK_FLAGS,
  LINK_SPAN_ID,
  LINK_TRACE_ID,
  LINK_TRACE_STATE,
  LINK_WORDS,
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  RESOURCE_SCHEMA_URL,
  RESOURCE_WORDS,
  type ResourceSpans,
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES,
  SCOPE_NAME,
  SCOPE_RESOURCE,
  SCOPE_SCHEMA_URL,
  SCOPE_VERSION,
  SCOPE_WORDS,
  type ScopeSpans,
  SPAN_ATTRIBUTES,
  SPAN_DROPPED_ATTRIBUTES,
  SPAN_DROPPED_EVENTS,
  SPAN_DROPPED_LINKS,
  SPAN_END,
  SPAN_EVENTS,
  SPAN_FLAGS,
  SPAN_ID,
  SPAN_KIND,
  SPAN_LINKS,
  SPAN_NAME,
  SPAN_PARENT_ID,
  SPAN_SCOPE,
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_STATUS_MESSAGE,
  SPAN_TRACE_ID,
  SPAN_TRACE_STATE,
  SPAN_WORDS,
  type Span,
  type SpanBatch,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  type TraceData,
  type TraceId,
  TYPE_ARRAY,
  TYPE_BOOL,
  TYPE_BYTES,
  TYPE_DOUBLE,
  TYPE_INT,
  TYPE_KVLIST,
  TYPE_STRING,
} from '@clew/model';
import { decodeArrayContent, decodeKvlistContent, int64FromWords } from './decode-any-value.ts';

/** The spans of a batch, by scope and resource in the order they came. An id of zeros is the empty string. */
export function traceDataFromBatch(batch: SpanBatch): TraceData {
  const scopesOfResource: ScopeSpans[][] = Array.from({ length: batch.resourceCount }, () => []);
  const spansOfScope: Span[][] = [];
  for (let row = 0; row < batch.scopeCount; row++) {
    const spans: Span[] = [];
    spansOfScope.push(spans);
    scopesOfResource[batch.scopes[row * SCOPE_WORDS + SCOPE_RESOURCE]].push(scopeSpansAt(batch, row, spans));
  }
  for (let row = 0; row < batch.spanCount; row++) {
    spansOfScope[batch.spans[row * SPAN_WORDS + SPAN_SCOPE]].push(spanAt(batch, row));
  }
  return { resourceSpans: scopesOfResource.map((scopeSpans, row) => resourceSpansAt(batch, row, scopeSpans)) };
}

/** A resource; its scopes are those given. */
export function resourceSpansAt(batch: SpanBatch, row: number, scopeSpans: ScopeSpans[]): ResourceSpans {
  const word = row * RESOURCE_WORDS;
  const { resources } = batch;
  return {
    resource: {
      attributes: nestedAttributes(batch, resources, word + RESOURCE_ATTRIBUTES),
      droppedAttributesCount: resources[word + RESOURCE_DROPPED_ATTRIBUTES] >>> 0,
    },
    scopeSpans,
    schemaUrl: textPair(batch, resources, word + RESOURCE_SCHEMA_URL),
  };
}

/** A scope; its spans are those given. */
export function scopeSpansAt(batch: SpanBatch, row: number, spans: Span[]): ScopeSpans {
  const word = row * SCOPE_WORDS;
  const { scopes, dictionary } = batch;
  return {
    scope: {
      name: dictionary.text(scopes[word + SCOPE_NAME]),
      version: dictionary.text(scopes[word + SCOPE_VERSION]),
      attributes: nestedAttributes(batch, scopes, word + SCOPE_ATTRIBUTES),
      droppedAttributesCount: scopes[word + SCOPE_DROPPED_ATTRIBUTES] >>> 0,
    },
    spans,
    schemaUrl: textPair(batch, scopes, word + SCOPE_SCHEMA_URL),
  };
}

/** One span, when most of the others are not asked for. */
export function spanAt(batch: SpanBatch, row: number): Span {
  const word = row * SPAN_WORDS;
  const { spans } = batch;
  const firstEvent = spans[word + SPAN_EVENTS];
  const firstLink = spans[word + SPAN_LINKS];
  return {
    traceId: idAt(spans, word + SPAN_TRACE_ID, 4) as TraceId,
    spanId: idAt(spans, word + SPAN_ID, 2) as SpanId,
    parentSpanId: idAt(spans, word + SPAN_PARENT_ID, 2) as SpanId,
    traceState: textPair(batch, spans, word + SPAN_TRACE_STATE),
    flags: spans[word + SPAN_FLAGS] >>> 0,
    name: batch.dictionary.text(spans[word + SPAN_NAME]),
    kind: spans[word + SPAN_KIND],
    startTimeUnixNano: timeAt(spans, word + SPAN_START),
    endTimeUnixNano: timeAt(spans, word + SPAN_END),
    attributes: attributesAt(batch, batch.attributes, spans[word + SPAN_ATTRIBUTES], spans[word + SPAN_ATTRIBUTES + 1]),
    droppedAttributesCount: spans[word + SPAN_DROPPED_ATTRIBUTES] >>> 0,
    events: Array.from({ length: spans[word + SPAN_EVENTS + 1] }, (_, i) => eventAt(batch, firstEvent + i)),
    droppedEventsCount: spans[word + SPAN_DROPPED_EVENTS] >>> 0,
    links: Array.from({ length: spans[word + SPAN_LINKS + 1] }, (_, i) => linkAt(batch, firstLink + i)),
    droppedLinksCount: spans[word + SPAN_DROPPED_LINKS] >>> 0,
    status: { code: spans[word + SPAN_STATUS_CODE], message: textPair(batch, spans, word + SPAN_STATUS_MESSAGE) },
  };
}

/** One event, by its row in `events`. */
export function eventAt(batch: SpanBatch, row: number): SpanEvent {
  const word = row * EVENT_WORDS;
  const { events } = batch;
  return {
    timeUnixNano: timeAt(events, word + EVENT_TIME),
    name: batch.dictionary.text(events[word + EVENT_NAME]),
    attributes: nestedAttributes(batch, events, word + EVENT_ATTRIBUTES),
    droppedAttributesCount: events[word + EVENT_DROPPED_ATTRIBUTES] >>> 0,
  };
}

function linkAt(batch: SpanBatch, row: number): SpanLink {
  const word = row * LINK_WORDS;
  const { links } = batch;
  return {
    traceId: idAt(links, word + LINK_TRACE_ID, 4) as TraceId,
    spanId: idAt(links, word + LINK_SPAN_ID, 2) as SpanId,
    traceState: textPair(batch, links, word + LINK_TRACE_STATE),
    attributes: nestedAttributes(batch, links, word + LINK_ATTRIBUTES),
    droppedAttributesCount: links[word + LINK_DROPPED_ATTRIBUTES] >>> 0,
    flags: links[word + LINK_FLAGS] >>> 0,
  };
}

function nestedAttributes(batch: SpanBatch, table: Int32Array, word: number): Attribute[] {
  return attributesAt(batch, batch.nestedAttributes, table[word], table[word + 1]);
}

function attributesAt(batch: SpanBatch, table: Int32Array, firstRow: number, count: number): Attribute[] {
  return Array.from({ length: count }, (_, i) => {
    const word = (firstRow + i) * ATTRIBUTE_WORDS;
    return { key: batch.dictionary.text(table[word + ATTRIBUTE_KEY_TYPE] >>> 4), value: valueAt(batch, table, word) };
  });
}

function valueAt(batch: SpanBatch, table: Int32Array, word: number): AttributeValue {
  const low = table[word + ATTRIBUTE_VALUE];
  const upper = table[word + ATTRIBUTE_VALUE + 1];
  switch (table[word + ATTRIBUTE_KEY_TYPE] & 15) {
    case TYPE_STRING:
      return { type: 'string', value: batch.textAt(low, upper) };
    case TYPE_BOOL:
      return { type: 'bool', value: low !== 0 };
    case TYPE_INT:
      return { type: 'int', value: int64FromWords(low, upper) };
    case TYPE_DOUBLE:
      return { type: 'double', value: new Float64Array(new Int32Array([low, upper]).buffer)[0] };
    case TYPE_BYTES:
      return { type: 'bytes', value: batch.bytes.slice(low, low + upper) };
    case TYPE_ARRAY:
      return { type: 'array', value: decodeArrayContent(batch.bytes, low, low + upper) };
    case TYPE_KVLIST:
      return { type: 'kvlist', value: decodeKvlistContent(batch.bytes, low, low + upper) };
    default:
      return { type: 'empty' };
  }
}

function textPair(batch: SpanBatch, table: Int32Array, word: number): string {
  return batch.textAt(table[word], table[word + 1]);
}

function timeAt(table: Int32Array, word: number): bigint {
  return BigInt.asUintN(64, int64FromWords(table[word], table[word + 1]));
}

function idAt(table: Int32Array, word: number, wordCount: number): string {
  const words = table.subarray(word, word + wordCount);
  if (words.every((value) => value === 0)) return '';
  const bytes = new DataView(new ArrayBuffer(wordCount * 4));
  words.forEach((value, i) => {
    bytes.setInt32(i * 4, value, true);
  });
  return hexFromBytes(new Uint8Array(bytes.buffer));
}
