import { NO_SPAN_ID, type Span, type SpanEvent, type SpanId, type SpanLink, type TraceId } from '@clew/model';
import { ArrayColumn } from '../native/array-column.ts';
import { TextColumn } from '../native/column.ts';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import { Int64Column } from '../native/int64-column.ts';
import { MapColumn } from '../native/map-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';
import { ATTRIBUTE_MAP_COLUMNS, AttributeReader, PROMOTED_COLUMNS, readTaggedAttributes } from './attribute-reader.ts';

/** Columns of a statement whose blocks `SpanReader` reads. */
export const SPAN_COLUMNS: readonly string[] = [
  ...['trace_id', 'span_id', 'parent_span_id', 'trace_state', 'flags', 'name', 'kind', 'start', 'duration', 'status'],
  ...['status_message', 'resource_id', 'scope_id'],
  ...['dropped_attributes_count', 'dropped_events_count', 'dropped_links_count'],
  ...PROMOTED_COLUMNS,
  ...ATTRIBUTE_MAP_COLUMNS,
  ...['event_time', 'event_name', 'event_dropped_attributes_count', 'event_attributes'],
  ...['link_trace_id', 'link_span_id', 'link_trace_state', 'link_flags', 'link_dropped_attributes_count'],
  'link_attributes',
];

/** Spans of a block as objects, 64 bits exact. */
export class SpanReader {
  readonly #traceId: FixedStringColumn;
  readonly #spanId: FixedStringColumn;
  readonly #parentSpanId: FixedStringColumn;
  readonly #traceState: TextColumn;
  readonly #flags: NumberColumn;
  readonly #name: TextColumn;
  readonly #kind: NumberColumn;
  readonly #start: Int64Column;
  readonly #duration: Int64Column;
  readonly #status: NumberColumn;
  readonly #statusMessage: TextColumn;
  readonly #droppedAttributes: NumberColumn;
  readonly #droppedEvents: NumberColumn;
  readonly #droppedLinks: NumberColumn;
  readonly #attributes: AttributeReader;
  readonly #events: EventReader;
  readonly #links: LinkReader;

  constructor(block: NativeBlock) {
    this.#traceId = block.column('trace_id', FixedStringColumn);
    this.#spanId = block.column('span_id', FixedStringColumn);
    this.#parentSpanId = block.column('parent_span_id', FixedStringColumn);
    this.#traceState = block.column('trace_state', TextColumn);
    this.#flags = block.column('flags', NumberColumn);
    this.#name = block.column('name', TextColumn);
    this.#kind = block.column('kind', NumberColumn);
    this.#start = block.column('start', Int64Column);
    this.#duration = block.column('duration', Int64Column);
    this.#status = block.column('status', NumberColumn);
    this.#statusMessage = block.column('status_message', TextColumn);
    this.#droppedAttributes = block.column('dropped_attributes_count', NumberColumn);
    this.#droppedEvents = block.column('dropped_events_count', NumberColumn);
    this.#droppedLinks = block.column('dropped_links_count', NumberColumn);
    this.#attributes = new AttributeReader(block, true);
    this.#events = new EventReader(block);
    this.#links = new LinkReader(block);
  }

  read(row: number): Span {
    const startTimeUnixNano = this.#start.unsignedBigint(row);
    return {
      traceId: this.#traceId.hex(row) as TraceId,
      spanId: this.#spanId.hex(row) as SpanId,
      parentSpanId: this.#parentSpanId.isZero(row) ? NO_SPAN_ID : (this.#parentSpanId.hex(row) as SpanId),
      traceState: this.#traceState.text(row),
      flags: this.#flags.number(row),
      name: this.#name.text(row),
      kind: this.#kind.number(row),
      startTimeUnixNano,
      endTimeUnixNano: BigInt.asUintN(64, startTimeUnixNano + this.#duration.bigint(row)),
      attributes: this.#attributes.read(row),
      droppedAttributesCount: this.#droppedAttributes.number(row),
      events: this.#events.read(row),
      droppedEventsCount: this.#droppedEvents.number(row),
      links: this.#links.read(row),
      droppedLinksCount: this.#droppedLinks.number(row),
      status: { code: this.#status.number(row), message: this.#statusMessage.text(row) },
    };
  }
}

class EventReader {
  readonly #runs: ArrayColumn;
  readonly #time: Int64Column;
  readonly #name: TextColumn;
  readonly #dropped: NumberColumn;
  readonly #attributes: MapColumn;

  constructor(block: NativeBlock) {
    this.#runs = block.column('event_time', ArrayColumn);
    this.#time = this.#runs.elementsAs(Int64Column);
    this.#name = block.column('event_name', ArrayColumn).elementsAs(TextColumn);
    this.#dropped = block.column('event_dropped_attributes_count', ArrayColumn).elementsAs(NumberColumn);
    this.#attributes = block.column('event_attributes', ArrayColumn).elementsAs(MapColumn);
  }

  read(row: number): SpanEvent[] {
    const events: SpanEvent[] = [];
    for (let i = this.#runs.from(row); i < this.#runs.to(row); i++) {
      events.push({
        timeUnixNano: this.#time.unsignedBigint(i),
        name: this.#name.text(i),
        attributes: readTaggedAttributes(this.#attributes, i),
        droppedAttributesCount: this.#dropped.number(i),
      });
    }
    return events;
  }
}

class LinkReader {
  readonly #runs: ArrayColumn;
  readonly #traceId: FixedStringColumn;
  readonly #spanId: FixedStringColumn;
  readonly #traceState: TextColumn;
  readonly #flags: NumberColumn;
  readonly #dropped: NumberColumn;
  readonly #attributes: MapColumn;

  constructor(block: NativeBlock) {
    this.#runs = block.column('link_trace_id', ArrayColumn);
    this.#traceId = this.#runs.elementsAs(FixedStringColumn);
    this.#spanId = block.column('link_span_id', ArrayColumn).elementsAs(FixedStringColumn);
    this.#traceState = block.column('link_trace_state', ArrayColumn).elementsAs(TextColumn);
    this.#flags = block.column('link_flags', ArrayColumn).elementsAs(NumberColumn);
    this.#dropped = block.column('link_dropped_attributes_count', ArrayColumn).elementsAs(NumberColumn);
    this.#attributes = block.column('link_attributes', ArrayColumn).elementsAs(MapColumn);
  }

  read(row: number): SpanLink[] {
    const links: SpanLink[] = [];
    for (let i = this.#runs.from(row); i < this.#runs.to(row); i++) {
      links.push({
        traceId: this.#traceId.isZero(i) ? ('' as TraceId) : (this.#traceId.hex(i) as TraceId),
        spanId: this.#spanId.isZero(i) ? NO_SPAN_ID : (this.#spanId.hex(i) as SpanId),
        traceState: this.#traceState.text(i),
        attributes: readTaggedAttributes(this.#attributes, i),
        droppedAttributesCount: this.#dropped.number(i),
        flags: this.#flags.number(i),
      });
    }
    return links;
  }
}
