/**
 * OTLP JSON to SpanBatch in one pass (opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding").
 *
 * Exact where the specification is, generous where senders are not: field names in snake_case, ids in base64, enum
 * values by name, numbers of any width quoted or not, null for an absent field, the names of OTLP before 0.16.
 */
import {
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_NAME,
  EVENT_TIME,
  EVENT_WORDS,
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
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES,
  SCOPE_NAME,
  SCOPE_RESOURCE,
  SCOPE_SCHEMA_URL,
  SCOPE_VERSION,
  SCOPE_WORDS,
  SPAN_ATTRIBUTES,
  SPAN_DROPPED_ATTRIBUTES,
  SPAN_DROPPED_EVENTS,
  SPAN_DROPPED_LINKS,
  SPAN_END,
  SPAN_EVENTS,
  SPAN_FLAGS,
  SPAN_ID,
  SPAN_KIND,
  SPAN_KINDS,
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
  type SpanBatch,
  STATUS_CODES,
} from '@clew/model';
import { readNestedAttributes, readSpanAttributes } from './decode-json-value.ts';
import { checkRecords, type DecodeLimits, tooManySpans } from './decode-limits.ts';
import {
  FIELD_ATTRIBUTES,
  FIELD_CODE,
  FIELD_DROPPED_ATTRIBUTES_COUNT,
  FIELD_DROPPED_EVENTS_COUNT,
  FIELD_DROPPED_LINKS_COUNT,
  FIELD_END_TIME_UNIX_NANO,
  FIELD_EVENTS,
  FIELD_FLAGS,
  FIELD_KIND,
  FIELD_LINKS,
  FIELD_MESSAGE,
  FIELD_NAME,
  FIELD_PARENT_SPAN_ID,
  FIELD_RESOURCE,
  FIELD_RESOURCE_SPANS,
  FIELD_SCHEMA_URL,
  FIELD_SCOPE,
  FIELD_SCOPE_SPANS,
  FIELD_SPAN_ID,
  FIELD_SPANS,
  FIELD_START_TIME_UNIX_NANO,
  FIELD_STATUS,
  FIELD_TIME_UNIX_NANO,
  FIELD_TRACE_ID,
  FIELD_TRACE_STATE,
  FIELD_VERSION,
} from './json-fields.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, JsonReader } from './json-reader.ts';

/**
 * Decodes an ExportTraceServiceRequest in JSON into `batch`, which is emptied first. Strings point into the batch's
 * copy of `body` or, where they had escapes, into its side area; arrays and maps become protobuf content there.
 *
 * An id that is not one becomes zero words and does not fail the request, as in `decodeOtlpProtobuf`. Of a member
 * sent twice the last one counts, but lists of spans continue. UTF-8 is not checked.
 * @throws DecodeError when the body is not JSON of this form or unfolds beyond `limits`; the batch is then empty.
 */
export function decodeOtlpJson(batch: SpanBatch, body: Uint8Array, limits: DecodeLimits): void {
  batch.load(body);
  try {
    const reader = new JsonReader(batch, limits);
    if (reader.enterObject("'{'")) readRequest(reader);
    reader.finish();
  } catch (error) {
    batch.reset();
    throw error;
  }
}

function readRequest(reader: JsonReader): void {
  do {
    if (reader.readField() !== FIELD_RESOURCE_SPANS) {
      reader.skipValue();
    } else if (reader.enterArray('an array of resourceSpans')) {
      do readResourceSpans(reader);
      while (reader.hasNext(CLOSE_BRACKET));
    }
  } while (reader.hasNext(CLOSE_BRACE));
}

function readResourceSpans(reader: JsonReader): void {
  const { batch } = reader;
  const row = batch.resourceCount;
  const word = row * RESOURCE_WORDS;
  batch.reserveResource().fill(0, word, word + RESOURCE_WORDS);
  batch.resourceCount = row + 1;
  checkRecords(batch, reader.limits, reader.position);
  if (!reader.enterObject('a resourceSpans object')) return;
  do {
    const field = reader.readField();
    if (field === FIELD_SCOPE_SPANS) {
      if (reader.enterArray('an array of scopeSpans')) {
        do readScopeSpans(reader, row);
        while (reader.hasNext(CLOSE_BRACKET));
      }
    } else if (field === FIELD_RESOURCE) {
      readResource(reader, word);
    } else if (field === FIELD_SCHEMA_URL) {
      readTextTo(reader, batch.resources, word + RESOURCE_SCHEMA_URL);
    } else {
      reader.skipValue();
    }
  } while (reader.hasNext(CLOSE_BRACE));
}

function readResource(reader: JsonReader, word: number): void {
  const { batch } = reader;
  if (!reader.enterObject('a resource')) return;
  do {
    const field = reader.readField();
    if (field === FIELD_ATTRIBUTES) readNestedRun(reader, batch.resources, word + RESOURCE_ATTRIBUTES, 0);
    else if (field === FIELD_DROPPED_ATTRIBUTES_COUNT) {
      batch.resources[word + RESOURCE_DROPPED_ATTRIBUTES] = reader.readUint32();
    } else reader.skipValue();
  } while (reader.hasNext(CLOSE_BRACE));
}

function readScopeSpans(reader: JsonReader, resourceRow: number): void {
  const { batch } = reader;
  const row = batch.scopeCount;
  const word = row * SCOPE_WORDS;
  const scopes = batch.reserveScope();
  scopes.fill(0, word, word + SCOPE_WORDS);
  scopes[word + SCOPE_RESOURCE] = resourceRow;
  batch.scopeCount = row + 1;
  checkRecords(batch, reader.limits, reader.position);
  if (!reader.enterObject('a scopeSpans object')) return;
  do {
    const field = reader.readField();
    if (field === FIELD_SPANS) {
      if (reader.enterArray('an array of spans')) {
        do readSpan(reader, row);
        while (reader.hasNext(CLOSE_BRACKET));
      }
    } else if (field === FIELD_SCOPE) {
      readScope(reader, scopes, word);
    } else if (field === FIELD_SCHEMA_URL) {
      readTextTo(reader, scopes, word + SCOPE_SCHEMA_URL);
    } else {
      reader.skipValue();
    }
  } while (reader.hasNext(CLOSE_BRACE));
}

function readScope(reader: JsonReader, scopes: Int32Array, word: number): void {
  if (!reader.enterObject('a scope')) return;
  do {
    const field = reader.readField();
    if (field === FIELD_NAME) scopes[word + SCOPE_NAME] = readName(reader);
    else if (field === FIELD_VERSION) scopes[word + SCOPE_VERSION] = readName(reader);
    else if (field === FIELD_ATTRIBUTES) readNestedRun(reader, scopes, word + SCOPE_ATTRIBUTES, 0);
    else if (field === FIELD_DROPPED_ATTRIBUTES_COUNT) scopes[word + SCOPE_DROPPED_ATTRIBUTES] = reader.readUint32();
    else reader.skipValue();
  } while (reader.hasNext(CLOSE_BRACE));
}

function readSpan(reader: JsonReader, scopeRow: number): void {
  const { batch, limits } = reader;
  if (batch.spanCount >= limits.maxSpans) throw tooManySpans(limits, reader.position);
  const spans = batch.reserveSpan();
  const span = batch.spanCount * SPAN_WORDS;
  spans.fill(0, span, span + SPAN_WORDS);
  spans[span + SPAN_SCOPE] = scopeRow;
  if (reader.enterObject('a span')) {
    do readSpanField(reader, spans, span);
    while (reader.hasNext(CLOSE_BRACE));
  }
  batch.spanCount++;
  checkRecords(batch, limits, reader.position);
}

function readSpanField(reader: JsonReader, spans: Int32Array, span: number): void {
  switch (reader.readField()) {
    case FIELD_TRACE_ID:
      reader.readId(spans, span + SPAN_TRACE_ID, 4);
      break;
    case FIELD_SPAN_ID:
      reader.readId(spans, span + SPAN_ID, 2);
      break;
    case FIELD_PARENT_SPAN_ID:
      reader.readId(spans, span + SPAN_PARENT_ID, 2);
      break;
    case FIELD_NAME:
      spans[span + SPAN_NAME] = readName(reader);
      break;
    case FIELD_KIND:
      spans[span + SPAN_KIND] = reader.tryNull() ? 0 : reader.readEnum(SPAN_KINDS, 'SPAN_KIND_');
      break;
    case FIELD_START_TIME_UNIX_NANO:
      readTimeTo(reader, spans, span + SPAN_START);
      break;
    case FIELD_END_TIME_UNIX_NANO:
      readTimeTo(reader, spans, span + SPAN_END);
      break;
    case FIELD_ATTRIBUTES:
      spans[span + SPAN_ATTRIBUTES] = reader.batch.attributeCount;
      spans[span + SPAN_ATTRIBUTES + 1] = readSpanAttributes(reader, spans[span + SPAN_NAME]);
      break;
    case FIELD_EVENTS:
      readEvents(reader, spans, span);
      break;
    case FIELD_LINKS:
      readLinks(reader, spans, span);
      break;
    case FIELD_STATUS:
      readStatus(reader, spans, span);
      break;
    case FIELD_TRACE_STATE:
      readTextTo(reader, spans, span + SPAN_TRACE_STATE);
      break;
    case FIELD_FLAGS:
      spans[span + SPAN_FLAGS] = reader.readUint32();
      break;
    case FIELD_DROPPED_ATTRIBUTES_COUNT:
      spans[span + SPAN_DROPPED_ATTRIBUTES] = reader.readUint32();
      break;
    case FIELD_DROPPED_EVENTS_COUNT:
      spans[span + SPAN_DROPPED_EVENTS] = reader.readUint32();
      break;
    case FIELD_DROPPED_LINKS_COUNT:
      spans[span + SPAN_DROPPED_LINKS] = reader.readUint32();
      break;
    default:
      reader.skipValue();
  }
}

function readStatus(reader: JsonReader, spans: Int32Array, span: number): void {
  if (!reader.enterObject('a status')) return;
  do {
    const field = reader.readField();
    if (field === FIELD_MESSAGE) readTextTo(reader, spans, span + SPAN_STATUS_MESSAGE);
    else if (field === FIELD_CODE) {
      spans[span + SPAN_STATUS_CODE] = reader.tryNull() ? 0 : reader.readEnum(STATUS_CODES, 'STATUS_CODE_');
    } else reader.skipValue();
  } while (reader.hasNext(CLOSE_BRACE));
}

function readEvents(reader: JsonReader, spans: Int32Array, span: number): void {
  const { batch } = reader;
  spans[span + SPAN_EVENTS] = batch.eventCount;
  if (reader.enterArray('an array of events')) {
    do readEvent(reader);
    while (reader.hasNext(CLOSE_BRACKET));
  }
  spans[span + SPAN_EVENTS + 1] = batch.eventCount - spans[span + SPAN_EVENTS];
}

function readEvent(reader: JsonReader): void {
  const { batch } = reader;
  const event = batch.eventCount * EVENT_WORDS;
  if (event === batch.events.length) checkRecords(batch, reader.limits, reader.position);
  const events = batch.reserveEvent();
  events.fill(0, event, event + EVENT_WORDS);
  if (reader.enterObject('an event')) {
    do {
      const field = reader.readField();
      if (field === FIELD_TIME_UNIX_NANO) readTimeTo(reader, events, event + EVENT_TIME);
      else if (field === FIELD_NAME) events[event + EVENT_NAME] = readName(reader);
      else if (field === FIELD_ATTRIBUTES) {
        readNestedRun(reader, events, event + EVENT_ATTRIBUTES, events[event + EVENT_NAME]);
      } else if (field === FIELD_DROPPED_ATTRIBUTES_COUNT) {
        events[event + EVENT_DROPPED_ATTRIBUTES] = reader.readUint32();
      } else reader.skipValue();
    } while (reader.hasNext(CLOSE_BRACE));
  }
  batch.eventCount++;
}

function readLinks(reader: JsonReader, spans: Int32Array, span: number): void {
  const { batch } = reader;
  spans[span + SPAN_LINKS] = batch.linkCount;
  if (reader.enterArray('an array of links')) {
    do readLink(reader);
    while (reader.hasNext(CLOSE_BRACKET));
  }
  spans[span + SPAN_LINKS + 1] = batch.linkCount - spans[span + SPAN_LINKS];
}

function readLink(reader: JsonReader): void {
  const { batch } = reader;
  const link = batch.linkCount * LINK_WORDS;
  if (link === batch.links.length) checkRecords(batch, reader.limits, reader.position);
  const links = batch.reserveLink();
  links.fill(0, link, link + LINK_WORDS);
  if (reader.enterObject('a link')) {
    do {
      const field = reader.readField();
      if (field === FIELD_TRACE_ID) reader.readId(links, link + LINK_TRACE_ID, 4);
      else if (field === FIELD_SPAN_ID) reader.readId(links, link + LINK_SPAN_ID, 2);
      else if (field === FIELD_TRACE_STATE) readTextTo(reader, links, link + LINK_TRACE_STATE);
      else if (field === FIELD_ATTRIBUTES) readNestedRun(reader, links, link + LINK_ATTRIBUTES, 0);
      else if (field === FIELD_DROPPED_ATTRIBUTES_COUNT) {
        links[link + LINK_DROPPED_ATTRIBUTES] = reader.readUint32();
      } else if (field === FIELD_FLAGS) links[link + LINK_FLAGS] = reader.readUint32();
      else reader.skipValue();
    } while (reader.hasNext(CLOSE_BRACE));
  }
  batch.linkCount++;
}

/** An (offset, length) pair to `word`. */
function readTextTo(reader: JsonReader, table: Int32Array, word: number): void {
  reader.readTextOrNull();
  table[word] = reader.textOffset;
  table[word + 1] = reader.textLength;
}

function readTimeTo(reader: JsonReader, table: Int32Array, word: number): void {
  reader.readInt64(false);
  table[word] = reader.low;
  table[word + 1] = reader.high;
}

/** Dictionary id of a string. */
function readName(reader: JsonReader): number {
  const sideEnd = reader.batch.byteCount;
  reader.readTextOrNull();
  const id = reader.batch.dictionary.intern(reader.view, reader.textOffset, reader.textLength);
  reader.batch.byteCount = sideEnd;
  return id;
}

/** First row and count of a run in `nestedAttributes` to `word`. */
function readNestedRun(reader: JsonReader, table: Int32Array, word: number, previousKey: number): void {
  table[word] = reader.batch.nestedAttributeCount;
  table[word + 1] = readNestedAttributes(reader, previousKey);
}
