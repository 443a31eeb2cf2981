import { type Attribute, NO_SPAN_ID, type SpanEvent, type SpanId, type SpanLink, type TraceId } from '@clew/model';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { EVENT_BYTES, EVENT_TAG, EVENTS_AND_LINKS, LINK_BYTES, LINK_TAG } from '../encode/event-link-column.ts';
import { readTaggedValue } from '../encode/tagged-value.ts';
import { TextColumn } from '../native/column.ts';
import { MapColumn } from '../native/map-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NativeFormatError } from '../native/native-format-error.ts';
import { StringColumn } from '../native/string-column.ts';

export interface EventsAndLinks {
  readonly events: SpanEvent[];
  readonly links: SpanLink[];
}

/** ignoreBOM: a leading U+FEFF is part of the value. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** The events and links of a row: encode/event-link-column.ts. */
export class EventLinkReader {
  readonly #runs: MapColumn;
  readonly #keys: TextColumn;
  readonly #values: StringColumn;

  constructor(block: NativeBlock) {
    this.#runs = block.column(EVENTS_AND_LINKS, MapColumn);
    this.#keys = this.#runs.keysAs(TextColumn);
    this.#values = this.#runs.valuesAs(StringColumn);
  }

  /** @throws NativeFormatError for an entry of no known form, or an attribute of nothing. */
  read(row: number): EventsAndLinks {
    const events: SpanEvent[] = [];
    const links: SpanLink[] = [];
    /** Of the event or link at hand. */
    let attributes: Attribute[] | undefined;
    for (let i = this.#runs.from(row); i < this.#runs.to(row); i++) {
      const value = this.#values.bytesAt(i);
      if (value[0] === EVENT_TAG) {
        attributes = [];
        events.push(readEvent(this.#keys.text(i), value, attributes));
      } else if (value[0] === LINK_TAG) {
        attributes = [];
        links.push(readLink(value, attributes));
      } else if (attributes !== undefined) {
        attributes.push({ key: this.#keys.text(i), value: readTaggedValue(value, decodeAnyValue) });
      } else throw new NativeFormatError('stored events and links begin with an attribute: of which is not known.');
    }
    return { events, links };
  }
}

function readEvent(name: string, value: Uint8Array, attributes: readonly Attribute[]): SpanEvent {
  const view = viewOf(value, EVENT_BYTES, 'event');
  return {
    timeUnixNano: view.getBigUint64(1, true),
    name,
    attributes,
    droppedAttributesCount: view.getUint32(9, true),
  };
}

function readLink(value: Uint8Array, attributes: readonly Attribute[]): SpanLink {
  const view = viewOf(value, LINK_BYTES, 'link');
  const traceId = hexOrNone(value, 1, 17);
  const spanId = hexOrNone(value, 17, 25);
  return {
    traceId: traceId as TraceId,
    spanId: spanId === '' ? NO_SPAN_ID : (spanId as SpanId),
    traceState: UTF8.decode(value.subarray(LINK_BYTES)),
    attributes,
    droppedAttributesCount: view.getUint32(29, true),
    flags: view.getUint32(25, true),
  };
}

function viewOf(value: Uint8Array, least: number, what: string): DataView {
  if (value.length < least) {
    throw new NativeFormatError(`stored ${what}: ${value.length} bytes (at least ${least}).`);
  }
  return new DataView(value.buffer, value.byteOffset, value.byteLength);
}

/** Hex digits; empty where all bytes are zero. */
function hexOrNone(bytes: Uint8Array, from: number, to: number): string {
  const id = bytes.subarray(from, to);
  return id.every((byte) => byte === 0) ? '' : Buffer.from(id).toString('hex');
}
