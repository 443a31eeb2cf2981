/**
 * The flat SpanBatch: the one form of spans on the write side, whatever dialect they came in.
 *
 * Fixed-size records in a few Int32Arrays (measured: 50 % cheaper than one array per field), ids as raw
 * little-endian words, strings as (offset, length) into one arena, keys and names interned, resources and
 * scopes once each. No object per span, no BigInt, no JavaScript string.
 *
 * Word positions inside a record are the constants below: `batch.spans[row * SPAN_WORDS + SPAN_KIND]`.
 * A 64-bit number takes two words, low first. An (offset, length) pair points into `batch.bytes`.
 */
import { Dictionary, grown } from './dictionary.ts';

export const SPAN_WORDS = 32;
/** 4 words: the 16 bytes as sent, read as little-endian int32. */
export const SPAN_TRACE_ID = 0;
/** 2 words. */
export const SPAN_ID = 4;
/** 2 words; zero for a root. */
export const SPAN_PARENT_ID = 6;
/** 2 words, unsigned nanoseconds since 1970. */
export const SPAN_START = 8;
/** 2 words, unsigned nanoseconds since 1970. */
export const SPAN_END = 10;
/** Dictionary id. */
export const SPAN_NAME = 12;
export const SPAN_KIND = 13;
/** Unsigned 32 bits. */
export const SPAN_FLAGS = 14;
/** Row in `scopes`; the scope names its resource. */
export const SPAN_SCOPE = 15;
/** 2 words: offset, length. */
export const SPAN_TRACE_STATE = 16;
/** 2 words: offset, length. */
export const SPAN_STATUS_MESSAGE = 18;
/** 2 words: first row in `attributes`, count. */
export const SPAN_ATTRIBUTES = 20;
/** 2 words: first row in `events`, count. */
export const SPAN_EVENTS = 22;
/** 2 words: first row in `links`, count. */
export const SPAN_LINKS = 24;
export const SPAN_DROPPED_ATTRIBUTES = 26;
export const SPAN_DROPPED_EVENTS = 27;
export const SPAN_STATUS_CODE = 28;
export const SPAN_DROPPED_LINKS = 29;
/** 2 words: offset, length of the span's own wire form; zero where the dialect has none. */
export const SPAN_WIRE = 30;

export const ATTRIBUTE_WORDS = 4;
/** Dictionary id of the key, shifted left by 4, with the ATTRIBUTE_TYPE in the low 4 bits. */
export const ATTRIBUTE_KEY_TYPE = 0;
/**
 * 2 words. string, bytes: offset, length. int: low, high. double: low, high of the IEEE 754 bits. bool: 0 or 1, 0.
 * array, kvlist: offset, length of the *content* of an OTLP ArrayValue or KeyValueList message in protobuf form,
 * whatever dialect it came in.
 */
export const ATTRIBUTE_VALUE = 1;
// Word 3 is spare: processing marks go there.

/** Types of an attribute value: the field numbers of OTLP AnyValue, 0 for an AnyValue with no field set. */
export const TYPE_EMPTY = 0;
export const TYPE_STRING = 1;
export const TYPE_BOOL = 2;
export const TYPE_INT = 3;
export const TYPE_DOUBLE = 4;
export const TYPE_ARRAY = 5;
export const TYPE_KVLIST = 6;
export const TYPE_BYTES = 7;

export const EVENT_WORDS = 8;
/** 2 words, unsigned nanoseconds since 1970. */
export const EVENT_TIME = 0;
/** Dictionary id. */
export const EVENT_NAME = 2;
/** 2 words: first row in `nestedAttributes`, count. */
export const EVENT_ATTRIBUTES = 3;
export const EVENT_DROPPED_ATTRIBUTES = 5;

export const LINK_WORDS = 12;
/** 4 words. */
export const LINK_TRACE_ID = 0;
/** 2 words. */
export const LINK_SPAN_ID = 4;
/** 2 words: offset, length. */
export const LINK_TRACE_STATE = 6;
/** 2 words: first row in `nestedAttributes`, count. */
export const LINK_ATTRIBUTES = 8;
export const LINK_FLAGS = 10;
export const LINK_DROPPED_ATTRIBUTES = 11;

export const RESOURCE_WORDS = 8;
/** 2 words: first row in `nestedAttributes`, count. */
export const RESOURCE_ATTRIBUTES = 0;
export const RESOURCE_DROPPED_ATTRIBUTES = 2;
/** 2 words: offset, length. The schema_url of the ResourceSpans. */
export const RESOURCE_SCHEMA_URL = 3;

export const SCOPE_WORDS = 12;
/** Dictionary id. */
export const SCOPE_NAME = 0;
/** Dictionary id. */
export const SCOPE_VERSION = 1;
/** 2 words: first row in `nestedAttributes`, count. */
export const SCOPE_ATTRIBUTES = 2;
export const SCOPE_DROPPED_ATTRIBUTES = 4;
/** 2 words: offset, length. The schema_url of the ScopeSpans. */
export const SCOPE_SCHEMA_URL = 5;
/** Row in `resources`. */
export const SCOPE_RESOURCE = 7;

/** Bytes readable past the end of the content: word-wise copies and comparisons may overshoot. */
export const ARENA_PADDING = 16;

/** Keeps a leading byte order mark: it is content here. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Largest arena: offsets are int32 and a request body is limited far below. */
const MAX_ARENA_BYTES = 0x7fffff00;

/**
 * One request's spans. Reused: `reset()` keeps the memory.
 * Writers check room with the `reserve…` methods before they write a record, then raise the count.
 */
export class SpanBatch {
  readonly dictionary: Dictionary;

  /** The request's bytes, then the side area; `byteCount` of them are in use. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Same memory as `bytes`. */
  view: DataView<ArrayBuffer>;
  byteCount = 0;

  spanCount = 0;
  spans: Int32Array<ArrayBuffer>;
  /** Attributes of spans: each span's run is contiguous. */
  attributeCount = 0;
  attributes: Int32Array<ArrayBuffer>;
  /** Attributes of events, links, resources and scopes. */
  nestedAttributeCount = 0;
  nestedAttributes: Int32Array<ArrayBuffer>;
  eventCount = 0;
  events: Int32Array<ArrayBuffer>;
  linkCount = 0;
  links: Int32Array<ArrayBuffer>;
  resourceCount = 0;
  resources: Int32Array<ArrayBuffer>;
  scopeCount = 0;
  scopes: Int32Array<ArrayBuffer>;

  constructor(dictionary: Dictionary = new Dictionary()) {
    this.dictionary = dictionary;
    this.bytes = new Uint8Array(1 << 16);
    this.view = new DataView(this.bytes.buffer);
    this.spans = new Int32Array(512 * SPAN_WORDS);
    this.attributes = new Int32Array(8192 * ATTRIBUTE_WORDS);
    this.nestedAttributes = new Int32Array(1024 * ATTRIBUTE_WORDS);
    this.events = new Int32Array(256 * EVENT_WORDS);
    this.links = new Int32Array(64 * LINK_WORDS);
    this.resources = new Int32Array(64 * RESOURCE_WORDS);
    this.scopes = new Int32Array(256 * SCOPE_WORDS);
  }

  /** Empties the batch, keeping memory and dictionary. */
  reset(): void {
    this.byteCount = 0;
    this.spanCount = 0;
    this.attributeCount = 0;
    this.nestedAttributeCount = 0;
    this.eventCount = 0;
    this.linkCount = 0;
    this.resourceCount = 0;
    this.scopeCount = 0;
  }

  /** Empties the batch and copies a request's bytes to the start of the arena. */
  load(body: Uint8Array): void {
    this.reset();
    this.reserveBytes(body.length);
    this.bytes.set(body, 0);
    this.byteCount = body.length;
    // What follows must not look like content of an earlier request to an overshooting reader.
    this.bytes.fill(0, body.length, body.length + ARENA_PADDING);
  }

  /** Makes room for `count` more bytes (and the padding). Replaces `bytes` and `view` when it grows. */
  reserveBytes(count: number): void {
    const needed = this.byteCount + count + ARENA_PADDING;
    if (needed <= this.bytes.length) return;
    if (needed > MAX_ARENA_BYTES) {
      throw new RangeError(`span batch arena: ${needed} bytes (limit ${MAX_ARENA_BYTES}). Send smaller requests.`);
    }
    let capacity = this.bytes.length * 2;
    while (capacity < needed) capacity *= 2;
    const bytes = new Uint8Array(Math.min(capacity, MAX_ARENA_BYTES));
    bytes.set(this.bytes.subarray(0, this.byteCount));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** Appends bytes to the side area and returns their offset. */
  appendBytes(source: Uint8Array): number {
    this.reserveBytes(source.length);
    const offset = this.byteCount;
    this.bytes.set(source, offset);
    this.byteCount += source.length;
    return offset;
  }

  /** Memory held in bytes, for limits and metrics. */
  get heldBytes(): number {
    return (
      this.bytes.length +
      4 *
        (this.spans.length +
          this.attributes.length +
          this.nestedAttributes.length +
          this.events.length +
          this.links.length +
          this.resources.length +
          this.scopes.length)
    );
  }

  /** The string at an (offset, length) pair, for slow paths and tests. */
  textAt(offset: number, length: number): string {
    return UTF8.decode(this.bytes.subarray(offset, offset + length));
  }

  reserveSpan(): Int32Array {
    if ((this.spanCount + 1) * SPAN_WORDS > this.spans.length) this.spans = grown(this.spans, this.spans.length * 2);
    return this.spans;
  }

  reserveAttributes(count = 1): Int32Array {
    while ((this.attributeCount + count) * ATTRIBUTE_WORDS > this.attributes.length) {
      this.attributes = grown(this.attributes, this.attributes.length * 2);
    }
    return this.attributes;
  }

  reserveNestedAttributes(count = 1): Int32Array {
    while ((this.nestedAttributeCount + count) * ATTRIBUTE_WORDS > this.nestedAttributes.length) {
      this.nestedAttributes = grown(this.nestedAttributes, this.nestedAttributes.length * 2);
    }
    return this.nestedAttributes;
  }

  reserveEvent(): Int32Array {
    if ((this.eventCount + 1) * EVENT_WORDS > this.events.length)
      this.events = grown(this.events, this.events.length * 2);
    return this.events;
  }

  reserveLink(): Int32Array {
    if ((this.linkCount + 1) * LINK_WORDS > this.links.length) this.links = grown(this.links, this.links.length * 2);
    return this.links;
  }

  reserveResource(): Int32Array {
    if ((this.resourceCount + 1) * RESOURCE_WORDS > this.resources.length) {
      this.resources = grown(this.resources, this.resources.length * 2);
    }
    return this.resources;
  }

  reserveScope(): Int32Array {
    if ((this.scopeCount + 1) * SCOPE_WORDS > this.scopes.length)
      this.scopes = grown(this.scopes, this.scopes.length * 2);
    return this.scopes;
  }
}
