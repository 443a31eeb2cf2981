import { NO_SPAN_ID, type Span, type SpanId, type TraceId } from '@clew/model';
import { EVENTS_AND_LINKS } from '../encode/event-link-column.ts';
import { TextColumn } from '../native/column.ts';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import { Int64Column } from '../native/int64-column.ts';
import type { NativeBlock } from '../native/native-block.ts';
import { NumberColumn } from '../native/number-column.ts';
import { ATTRIBUTE_MAP_COLUMNS, AttributeReader, PROMOTED_COLUMNS } from './attribute-reader.ts';
import { EventLinkReader } from './event-link-reader.ts';

/** Columns of a statement whose blocks `SpanReader` reads. */
export const SPAN_COLUMNS: readonly string[] = [
  ...['trace_id', 'span_id', 'parent_span_id', 'trace_state', 'flags', 'name', 'kind', 'start', 'duration', 'status'],
  ...['status_message', 'resource_id', 'scope_id'],
  ...['dropped_attributes_count', 'dropped_events_count', 'dropped_links_count'],
  ...PROMOTED_COLUMNS,
  ...ATTRIBUTE_MAP_COLUMNS,
  EVENTS_AND_LINKS,
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
  readonly #eventsAndLinks: EventLinkReader;

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
    this.#eventsAndLinks = new EventLinkReader(block);
  }

  read(row: number): Span {
    const startTimeUnixNano = this.#start.unsignedBigint(row);
    const { events, links } = this.#eventsAndLinks.read(row);
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
      events,
      droppedEventsCount: this.#droppedEvents.number(row),
      links,
      droppedLinksCount: this.#droppedLinks.number(row),
      status: { code: this.#status.number(row), message: this.#statusMessage.text(row) },
    };
  }
}
