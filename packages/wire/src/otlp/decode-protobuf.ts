/**
 * OTLP protobuf to SpanBatch in one pass (opentelemetry-proto trace/v1/trace.proto,
 * collector/trace/v1/trace_service.proto; TracesData has the same wire form).
 *
 * Field tags are written as the byte they are on the wire: field number × 8 + wire type. A known field with another
 * wire type is skipped like an unknown one, as protobuf prescribes.
 *
 * Measured: `bytes` and `view` as parameters are cheaper than as module variables; ids and one-byte numbers are read
 * in place; a key-value is cheaper as a function of its own than inlined here. Keys and names take about a third.
 */
import {
  ATTRIBUTE_WORDS,
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
  SPAN_LINKS,
  SPAN_NAME,
  SPAN_PARENT_ID,
  SPAN_SCOPE,
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_STATUS_MESSAGE,
  SPAN_TRACE_ID,
  SPAN_TRACE_STATE,
  SPAN_WIRE,
  SPAN_WORDS,
  type SpanBatch,
} from '@clew/model';
import { decodeKeyValue } from './decode-key-value.ts';
import { checkRecords, type DecodeLimits, tooManySpans } from './decode-limits.ts';
import { next, overrun, readLength, readVarint, skipField } from './protobuf-wire.ts';

/** The deprecated instrumentation_library_spans, field 1000 of ResourceSpans before OTLP 0.16; laid out as ScopeSpans. */
const TAG_INSTRUMENTATION_LIBRARY_SPANS = 1000 * 8 + 2;

/**
 * Decodes an ExportTraceServiceRequest into `batch`, which is emptied first. Strings point into the batch's copy
 * of `body`; names and keys go to the batch's dictionary, which is never cleared here.
 *
 * An id of the wrong length becomes zero words and does not fail the request: rejecting such spans is the next
 * stage's work. UTF-8 is not checked.
 * @throws DecodeError when the body is malformed or unfolds beyond `limits`; the batch is then empty.
 */
export function decodeOtlpProtobuf(batch: SpanBatch, body: Uint8Array, limits: DecodeLimits): void {
  batch.load(body);
  try {
    decodeRequest(batch, limits, body.length);
  } catch (error) {
    batch.reset();
    throw error;
  }
}

function decodeRequest(batch: SpanBatch, limits: DecodeLimits, end: number): void {
  // The arena may be replaced by a larger one while decoding (side area); the request's bytes stay valid here.
  const { bytes, view } = batch;
  let p = 0;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      decodeResourceSpans(batch, limits, bytes, view, p, p + length);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function decodeResourceSpans(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): void {
  const row = batch.resourceCount;
  const word = row * RESOURCE_WORDS;
  batch.reserveResource().fill(0, word, word + RESOURCE_WORDS);
  batch.resourceCount = row + 1;
  checkRecords(batch, limits, start);
  let occurrences = 0;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x12 || tag === TAG_INSTRUMENTATION_LIBRARY_SPANS) {
      const length = readLength(bytes, p, end);
      p = next;
      decodeScopeSpans(batch, limits, bytes, view, p, p + length, row);
      p += length;
    } else if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      occurrences++;
      if (occurrences === 1) {
        batch.resources[word + RESOURCE_ATTRIBUTES] = batch.nestedAttributeCount;
        decodeResource(batch, limits, bytes, view, p, p + length, word);
      } else if (occurrences === 2) {
        mergeOccurrences(batch, limits, bytes, view, start, end, word, decodeResource);
      }
      p += length;
    } else if (tag === 0x1a) {
      batch.resources[word + RESOURCE_SCHEMA_URL + 1] = readLength(bytes, p, end);
      batch.resources[word + RESOURCE_SCHEMA_URL] = next;
      p = next + batch.resources[word + RESOURCE_SCHEMA_URL + 1];
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

type DecodeShared = typeof decodeResource;

/**
 * Protobuf merges a message field that is sent twice, and an attribute run must be contiguous. On the second
 * occurrence of field 1 in [start, end), all of them are decoded again into one new run; later ones are then
 * already in. At most twice the work, whatever is sent.
 */
function mergeOccurrences(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  word: number,
  decode: DecodeShared,
): void {
  if (decode === decodeResource) {
    batch.resources[word + RESOURCE_ATTRIBUTES] = batch.nestedAttributeCount;
    batch.resources[word + RESOURCE_ATTRIBUTES + 1] = 0;
  } else {
    batch.scopes[word + SCOPE_ATTRIBUTES] = batch.nestedAttributeCount;
    batch.scopes[word + SCOPE_ATTRIBUTES + 1] = 0;
  }
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      decode(batch, limits, bytes, view, p, p + length, word);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
}

/** Adds the Resource in [start, end) to the resource record at `word`, whose attribute run is the newest. */
function decodeResource(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  word: number,
): void {
  let key = 0;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      key = appendNestedAttribute(batch, limits, bytes, view, p, p + length, key);
      batch.resources[word + RESOURCE_ATTRIBUTES + 1]++;
      p += length;
    } else if (tag === 0x10) {
      batch.resources[word + RESOURCE_DROPPED_ATTRIBUTES] = readVarint(bytes, p);
      p = next;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function decodeScopeSpans(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  resourceRow: number,
): void {
  const row = batch.scopeCount;
  const word = row * SCOPE_WORDS;
  const scopes = batch.reserveScope();
  scopes.fill(0, word, word + SCOPE_WORDS);
  scopes[word + SCOPE_RESOURCE] = resourceRow;
  batch.scopeCount = row + 1;
  checkRecords(batch, limits, start);
  let occurrences = 0;
  let p = start;
  while (p < end) {
    let tag = bytes[p++];
    if (tag > 127) {
      tag = readVarint(bytes, p - 1);
      p = next;
    }
    if (tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      if (batch.spanCount >= limits.maxSpans) throw tooManySpans(limits, p);
      decodeSpan(batch, limits, bytes, view, p, p + length, row);
      p += length;
    } else if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      occurrences++;
      if (occurrences === 1) {
        scopes[word + SCOPE_ATTRIBUTES] = batch.nestedAttributeCount;
        decodeScope(batch, limits, bytes, view, p, p + length, word);
      } else if (occurrences === 2) {
        mergeOccurrences(batch, limits, bytes, view, start, end, word, decodeScope);
      }
      p += length;
    } else if (tag === 0x1a) {
      scopes[word + SCOPE_SCHEMA_URL + 1] = readLength(bytes, p, end);
      scopes[word + SCOPE_SCHEMA_URL] = next;
      p = next + scopes[word + SCOPE_SCHEMA_URL + 1];
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

/** Adds the InstrumentationScope in [start, end) to the scope record at `word`, whose attribute run is the newest. */
function decodeScope(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  word: number,
): void {
  const { scopes, dictionary } = batch;
  let key = 0;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a || tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      scopes[word + (tag === 0x0a ? SCOPE_NAME : SCOPE_VERSION)] = dictionary.intern(view, p, length);
      p += length;
    } else if (tag === 0x1a) {
      const length = readLength(bytes, p, end);
      p = next;
      key = appendNestedAttribute(batch, limits, bytes, view, p, p + length, key);
      scopes[word + SCOPE_ATTRIBUTES + 1]++;
      p += length;
    } else if (tag === 0x20) {
      scopes[word + SCOPE_DROPPED_ATTRIBUTES] = readVarint(bytes, p);
      p = next;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

/** Appends the KeyValue in [start, end) to `nestedAttributes`; returns its key's dictionary id. */
function appendNestedAttribute(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  previousKey: number,
): number {
  const word = batch.nestedAttributeCount * ATTRIBUTE_WORDS;
  if (word === batch.nestedAttributes.length) checkRecords(batch, limits, start);
  const table = batch.reserveNestedAttributes();
  const key = decodeKeyValue(batch, limits, bytes, view, start, end, table, word, previousKey);
  batch.nestedAttributeCount++;
  return key;
}

function decodeSpan(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  scopeRow: number,
): void {
  const dictionary = batch.dictionary;
  const spans = batch.reserveSpan();
  const span = batch.spanCount * SPAN_WORDS;
  for (let word = span; word < span + SPAN_WORDS; word += 4) {
    spans[word] = 0;
    spans[word + 1] = 0;
    spans[word + 2] = 0;
    spans[word + 3] = 0;
  }
  let attributes: Int32Array = batch.attributes;
  const firstAttribute = batch.attributeCount;
  let attributeWord = firstAttribute * ATTRIBUTE_WORDS;
  const firstEvent = batch.eventCount;
  const firstLink = batch.linkCount;
  let key = 0;
  let p = start;
  while (p < end) {
    let tag = bytes[p++];
    if (tag > 127) {
      tag = readVarint(bytes, p - 1);
      p = next;
    }
    switch (tag) {
      case 0x4a: {
        let length = bytes[p++];
        if (length > 127 || length > end - p) {
          length = readLength(bytes, p - 1, end);
          p = next;
        }
        const attributeEnd = p + length;
        if (attributeWord === attributes.length) {
          batch.attributeCount = attributeWord >> 2;
          checkRecords(batch, limits, p);
          attributes = batch.reserveAttributes();
        }
        key = decodeKeyValue(batch, limits, bytes, view, p, attributeEnd, attributes, attributeWord, key);
        attributeWord += ATTRIBUTE_WORDS;
        p = attributeEnd;
        break;
      }
      case 0x0a:
        if (bytes[p] === 16 && p + 16 < end) {
          spans[span + SPAN_TRACE_ID] = view.getInt32(p + 1, true);
          spans[span + SPAN_TRACE_ID + 1] = view.getInt32(p + 5, true);
          spans[span + SPAN_TRACE_ID + 2] = view.getInt32(p + 9, true);
          spans[span + SPAN_TRACE_ID + 3] = view.getInt32(p + 13, true);
          p += 17;
        } else {
          p = readTraceId(bytes, view, p, end, spans, span + SPAN_TRACE_ID);
        }
        break;
      case 0x12:
        if (bytes[p] === 8 && p + 8 < end) {
          spans[span + SPAN_ID] = view.getInt32(p + 1, true);
          spans[span + SPAN_ID + 1] = view.getInt32(p + 5, true);
          p += 9;
        } else {
          p = readSpanId(bytes, view, p, end, spans, span + SPAN_ID);
        }
        break;
      case 0x22:
        if (bytes[p] === 8 && p + 8 < end) {
          spans[span + SPAN_PARENT_ID] = view.getInt32(p + 1, true);
          spans[span + SPAN_PARENT_ID + 1] = view.getInt32(p + 5, true);
          p += 9;
        } else {
          p = readSpanId(bytes, view, p, end, spans, span + SPAN_PARENT_ID);
        }
        break;
      case 0x2a: {
        let length = bytes[p++];
        if (length > 127 || length > end - p) {
          length = readLength(bytes, p - 1, end);
          p = next;
        }
        // Most spans of one name have the same first attribute.
        key = dictionary.intern(view, p, length);
        spans[span + SPAN_NAME] = key;
        p += length;
        break;
      }
      case 0x30: {
        let kind = bytes[p++];
        if (kind > 127) {
          kind = readVarint(bytes, p - 1);
          p = next;
        }
        spans[span + SPAN_KIND] = kind;
        break;
      }
      case 0x39:
        spans[span + SPAN_START] = view.getInt32(p, true);
        spans[span + SPAN_START + 1] = view.getInt32(p + 4, true);
        p += 8;
        break;
      case 0x41:
        spans[span + SPAN_END] = view.getInt32(p, true);
        spans[span + SPAN_END + 1] = view.getInt32(p + 4, true);
        p += 8;
        break;
      case 0x1a: {
        const length = readLength(bytes, p, end);
        spans[span + SPAN_TRACE_STATE] = next;
        spans[span + SPAN_TRACE_STATE + 1] = length;
        p = next + length;
        break;
      }
      case 0x5a: {
        const length = readLength(bytes, p, end);
        p = next;
        decodeEvent(batch, limits, bytes, view, p, p + length);
        p += length;
        break;
      }
      case 0x6a: {
        const length = readLength(bytes, p, end);
        p = next;
        decodeLink(batch, limits, bytes, view, p, p + length);
        p += length;
        break;
      }
      case 0x7a: {
        const length = readLength(bytes, p, end);
        p = next;
        decodeStatus(bytes, p, p + length, spans, span);
        p += length;
        break;
      }
      case 0x85:
        spans[span + SPAN_FLAGS] = view.getInt32(p, true);
        p += 4;
        break;
      case 0x50:
        spans[span + SPAN_DROPPED_ATTRIBUTES] = readVarint(bytes, p);
        p = next;
        break;
      case 0x60:
        spans[span + SPAN_DROPPED_EVENTS] = readVarint(bytes, p);
        p = next;
        break;
      case 0x70:
        spans[span + SPAN_DROPPED_LINKS] = readVarint(bytes, p);
        p = next;
        break;
      default:
        p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  batch.attributeCount = attributeWord >> 2;
  spans[span + SPAN_SCOPE] = scopeRow;
  spans[span + SPAN_ATTRIBUTES] = firstAttribute;
  spans[span + SPAN_ATTRIBUTES + 1] = batch.attributeCount - firstAttribute;
  spans[span + SPAN_EVENTS] = firstEvent;
  spans[span + SPAN_EVENTS + 1] = batch.eventCount - firstEvent;
  spans[span + SPAN_LINKS] = firstLink;
  spans[span + SPAN_LINKS + 1] = batch.linkCount - firstLink;
  spans[span + SPAN_WIRE] = start;
  spans[span + SPAN_WIRE + 1] = end - start;
  batch.spanCount++;
  checkRecords(batch, limits, end);
}

/** Four words at `word`; zeros when the id has not 16 bytes. Returns the position behind it. */
function readTraceId(
  bytes: Uint8Array,
  view: DataView,
  position: number,
  end: number,
  table: Int32Array,
  word: number,
): number {
  const length = readLength(bytes, position, end);
  const p = next;
  if (length === 16) {
    table[word] = view.getInt32(p, true);
    table[word + 1] = view.getInt32(p + 4, true);
    table[word + 2] = view.getInt32(p + 8, true);
    table[word + 3] = view.getInt32(p + 12, true);
  } else {
    table.fill(0, word, word + 4);
  }
  return p + length;
}

/** Two words at `word`; zeros when the id has not 8 bytes. Returns the position behind it. */
function readSpanId(
  bytes: Uint8Array,
  view: DataView,
  position: number,
  end: number,
  table: Int32Array,
  word: number,
): number {
  const length = readLength(bytes, position, end);
  const p = next;
  if (length === 8) {
    table[word] = view.getInt32(p, true);
    table[word + 1] = view.getInt32(p + 4, true);
  } else {
    table[word] = 0;
    table[word + 1] = 0;
  }
  return p + length;
}

function decodeStatus(bytes: Uint8Array, start: number, end: number, spans: Int32Array, span: number): void {
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x12) {
      const length = readLength(bytes, p, end);
      spans[span + SPAN_STATUS_MESSAGE] = next;
      spans[span + SPAN_STATUS_MESSAGE + 1] = length;
      p = next + length;
    } else if (tag === 0x18) {
      spans[span + SPAN_STATUS_CODE] = readVarint(bytes, p);
      p = next;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function decodeEvent(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): void {
  const event = batch.eventCount * EVENT_WORDS;
  if (event === batch.events.length) checkRecords(batch, limits, start);
  const events = batch.reserveEvent();
  events.fill(0, event, event + EVENT_WORDS);
  const firstAttribute = batch.nestedAttributeCount;
  let key = 0;
  let p = start;
  while (p < end) {
    let tag = bytes[p++];
    if (tag > 127) {
      tag = readVarint(bytes, p - 1);
      p = next;
    }
    if (tag === 0x1a) {
      const length = readLength(bytes, p, end);
      p = next;
      key = appendNestedAttribute(batch, limits, bytes, view, p, p + length, key);
      p += length;
    } else if (tag === 0x09) {
      events[event + EVENT_TIME] = view.getInt32(p, true);
      events[event + EVENT_TIME + 1] = view.getInt32(p + 4, true);
      p += 8;
    } else if (tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      key = batch.dictionary.intern(view, p, length);
      events[event + EVENT_NAME] = key;
      p += length;
    } else if (tag === 0x20) {
      events[event + EVENT_DROPPED_ATTRIBUTES] = readVarint(bytes, p);
      p = next;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  events[event + EVENT_ATTRIBUTES] = firstAttribute;
  events[event + EVENT_ATTRIBUTES + 1] = batch.nestedAttributeCount - firstAttribute;
  batch.eventCount++;
}

function decodeLink(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): void {
  const link = batch.linkCount * LINK_WORDS;
  if (link === batch.links.length) checkRecords(batch, limits, start);
  const links = batch.reserveLink();
  links.fill(0, link, link + LINK_WORDS);
  const firstAttribute = batch.nestedAttributeCount;
  let key = 0;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    switch (tag) {
      case 0x0a:
        p = readTraceId(bytes, view, p, end, links, link + LINK_TRACE_ID);
        break;
      case 0x12:
        p = readSpanId(bytes, view, p, end, links, link + LINK_SPAN_ID);
        break;
      case 0x1a: {
        const length = readLength(bytes, p, end);
        links[link + LINK_TRACE_STATE] = next;
        links[link + LINK_TRACE_STATE + 1] = length;
        p = next + length;
        break;
      }
      case 0x22: {
        const length = readLength(bytes, p, end);
        p = next;
        key = appendNestedAttribute(batch, limits, bytes, view, p, p + length, key);
        p += length;
        break;
      }
      case 0x28:
        links[link + LINK_DROPPED_ATTRIBUTES] = readVarint(bytes, p);
        p = next;
        break;
      case 0x35:
        links[link + LINK_FLAGS] = view.getInt32(p, true);
        p += 4;
        break;
      default:
        p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  links[link + LINK_ATTRIBUTES] = firstAttribute;
  links[link + LINK_ATTRIBUTES + 1] = batch.nestedAttributeCount - firstAttribute;
  batch.linkCount++;
}
