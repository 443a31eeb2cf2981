import type { Dictionary } from '@clew/model/dictionary';
import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
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
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_STATUS_MESSAGE,
  SPAN_TRACE_ID,
  SPAN_TRACE_STATE,
  SPAN_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { BlockWriter } from '../native/block-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { AttributeColumns } from './attribute-columns.ts';
import { type AttributeKeyRows, KEY_OF_SPAN } from './attribute-key-rows.ts';
import { PartitionDay } from './day.ts';
import { EVENTS_AND_LINKS, EventLinkColumn } from './event-link-column.ts';
import { PromotedActions } from './promoted-actions.ts';
import { PromotedColumns } from './promoted-columns.ts';

/** The columns of the spans table. Filled column by column for fixed-size fields, row by row for the rest. */
export class SpanColumns {
  readonly block: BlockWriter;
  readonly #tenant: LowCardinalityWriter;
  readonly #retentionDays = new ShortWriter('UInt16');
  readonly #day = new ShortWriter('Date');
  readonly #received = new WordWriter('DateTime');
  readonly #traceId = new WordWriter('FixedString(16)');
  readonly #spanId = new WordWriter('FixedString(8)');
  readonly #parentSpanId = new WordWriter('FixedString(8)');
  readonly #traceState = new StringWriter();
  readonly #flags = new WordWriter('UInt32');
  readonly #service: LowCardinalityWriter;
  readonly #name: LowCardinalityWriter;
  readonly #kind = new WordWriter('Int32');
  readonly #start = new WordWriter('DateTime64(9)');
  readonly #duration = new WordWriter('Int64');
  readonly #status = new WordWriter('Int32');
  readonly #statusMessage = new StringWriter();
  readonly #resourceId = new WordWriter('UInt64');
  readonly #scopeId = new WordWriter('UInt64');
  readonly #droppedAttributes = new WordWriter('UInt32');
  readonly #droppedEvents = new WordWriter('UInt32');
  readonly #droppedLinks = new WordWriter('UInt32');
  readonly #promoted = new PromotedColumns();
  readonly #attributes: AttributeColumns;
  readonly #eventsAndLinks: EventLinkColumn;
  readonly #actions: PromotedActions;
  readonly #partitionDay = new PartitionDay();
  rowCount = 0;

  constructor(dictionary: Dictionary, texts: Dictionary) {
    this.#tenant = new LowCardinalityWriter(texts);
    this.#service = new LowCardinalityWriter(texts);
    this.#name = new LowCardinalityWriter(dictionary);
    this.#attributes = new AttributeColumns(dictionary);
    this.#eventsAndLinks = new EventLinkColumn(dictionary);
    this.#actions = new PromotedActions(dictionary);
    this.block = new BlockWriter('spans', [
      ['tenant', this.#tenant],
      ['retention_days', this.#retentionDays],
      ['day', this.#day],
      ['received', this.#received],
      ['trace_id', this.#traceId],
      ['span_id', this.#spanId],
      ['parent_span_id', this.#parentSpanId],
      ['trace_state', this.#traceState],
      ['flags', this.#flags],
      ['service', this.#service],
      ['name', this.#name],
      ['kind', this.#kind],
      ['start', this.#start],
      ['duration', this.#duration],
      ['status', this.#status],
      ['status_message', this.#statusMessage],
      ['resource_id', this.#resourceId],
      ['scope_id', this.#scopeId],
      ['dropped_attributes_count', this.#droppedAttributes],
      ['dropped_events_count', this.#droppedEvents],
      ['dropped_links_count', this.#droppedLinks],
      ...this.#promoted.columns,
      ...this.#attributes.columns,
      [EVENTS_AND_LINKS, this.#eventsAndLinks.writer],
    ]);
  }

  /** Partition days of the rows, by row of the block. */
  get days(): Uint16Array {
    return this.#day.values;
  }

  /** Adds the fields every span has, except those of its scope (`addScopeRun`), of a whole batch. */
  addFixed(batch: SpanBatch, tenantId: number, receivedUnixMs: number, retentionDays: number): void {
    const count = batch.spanCount;
    this.#tenant.addRun(tenantId, count);
    this.#retentionDays.addRun(retentionDays, count);
    this.#received.addRun(Math.floor(receivedUnixMs / 1000), count);
    this.#addDays(batch, receivedUnixMs);
    this.#addIds(batch);
    this.#addTimes(batch);
    addWords(this.#kind, batch, SPAN_KIND);
    addWords(this.#flags, batch, SPAN_FLAGS);
    addWords(this.#status, batch, SPAN_STATUS_CODE);
    addWords(this.#droppedAttributes, batch, SPAN_DROPPED_ATTRIBUTES);
    addWords(this.#droppedEvents, batch, SPAN_DROPPED_EVENTS);
    addWords(this.#droppedLinks, batch, SPAN_DROPPED_LINKS);
    addTexts(this.#traceState, batch, SPAN_TRACE_STATE);
    addTexts(this.#statusMessage, batch, SPAN_STATUS_MESSAGE);
    const { spans } = batch;
    for (let i = 0, at = SPAN_NAME; i < count; i++, at += SPAN_WORDS) this.#name.add(spans[at]);
  }

  /** Adds what `count` spans of one scope have in common. */
  addScopeRun(
    count: number,
    serviceId: number,
    resourceIdLow: number,
    resourceIdHigh: number,
    scopeIdLow: number,
    scopeIdHigh: number,
  ): void {
    this.#service.addRun(serviceId, count);
    this.#resourceId.addRun64(resourceIdLow, resourceIdHigh, count);
    this.#scopeId.addRun64(scopeIdLow, scopeIdHigh, count);
  }

  /** Adds attributes, events and links of a whole batch and notes their keys; then the batch's rows are complete. */
  addNested(batch: SpanBatch, tenantId: number, keys: AttributeKeyRows): void {
    this.#actions.reserve();
    const { actions } = this.#actions;
    const { spans, attributes, bytes, view } = batch;
    const days = this.#day.values;
    const promoted = this.#promoted;
    const maps = this.#attributes;
    const eventsAndLinks = this.#eventsAndLinks;
    let row = this.rowCount;
    const end = batch.spanCount * SPAN_WORDS;
    for (let span = 0; span < end; span += SPAN_WORDS, row++) {
      keys.setContext(tenantId, days[row]);
      let at = spans[span + SPAN_ATTRIBUTES] * ATTRIBUTE_WORDS;
      const atEnd = at + spans[span + SPAN_ATTRIBUTES + 1] * ATTRIBUTE_WORDS;
      for (; at < atEnd; at += ATTRIBUTE_WORDS) {
        const word = attributes[at + ATTRIBUTE_KEY_TYPE];
        keys.note(KEY_OF_SPAN, word);
        const keyId = word >>> 4;
        const type = word & 15;
        const x = attributes[at + ATTRIBUTE_VALUE];
        const y = attributes[at + ATTRIBUTE_VALUE + 1];
        const action = actions[keyId];
        if (action !== 0 && promoted.tryAdd(action - 1, row, bytes, view, type, x, y)) continue;
        maps.add(bytes, view, keyId, type, x, y);
      }
      maps.endRow();
      const eventCount = spans[span + SPAN_EVENTS + 1];
      if (eventCount !== 0) eventsAndLinks.addEvents(batch, spans[span + SPAN_EVENTS], eventCount, keys);
      const linkCount = spans[span + SPAN_LINKS + 1];
      if (linkCount !== 0) eventsAndLinks.addLinks(batch, spans[span + SPAN_LINKS], linkCount, keys);
      eventsAndLinks.endRow();
    }
    this.rowCount = row;
  }

  /** Completes the columns that are filled in late. Call before the block is measured and written. */
  complete(): void {
    this.#promoted.padTo(this.rowCount);
  }

  clear(): void {
    this.block.clear();
    this.#promoted.trim();
    this.rowCount = 0;
  }

  /** Call when a dictionary has been cleared. */
  reset(): void {
    this.block.release();
    this.#promoted.trim();
    this.#actions.reset();
    this.rowCount = 0;
  }

  #addDays(batch: SpanBatch, receivedUnixMs: number): void {
    const { spans, spanCount } = batch;
    const days = this.#day.reserve(spanCount);
    const first = this.#day.rowCount;
    for (let i = 0, at = SPAN_START; i < spanCount; i++, at += SPAN_WORDS) {
      days[first + i] = this.#partitionDay.dayOf(spans[at], spans[at + 1], receivedUnixMs);
    }
    this.#day.rowCount = first + spanCount;
  }

  #addIds(batch: SpanBatch): void {
    const { spans, spanCount } = batch;
    const traceIds = this.#traceId.reserve(spanCount * 4);
    const spanIds = this.#spanId.reserve(spanCount * 2);
    const parentIds = this.#parentSpanId.reserve(spanCount * 2);
    let wide = this.#traceId.used;
    let narrow = this.#spanId.used;
    const end = spanCount * SPAN_WORDS;
    for (let at = 0; at < end; at += SPAN_WORDS) {
      traceIds[wide] = spans[at + SPAN_TRACE_ID];
      traceIds[wide + 1] = spans[at + SPAN_TRACE_ID + 1];
      traceIds[wide + 2] = spans[at + SPAN_TRACE_ID + 2];
      traceIds[wide + 3] = spans[at + SPAN_TRACE_ID + 3];
      spanIds[narrow] = spans[at + SPAN_ID];
      spanIds[narrow + 1] = spans[at + SPAN_ID + 1];
      parentIds[narrow] = spans[at + SPAN_PARENT_ID];
      parentIds[narrow + 1] = spans[at + SPAN_PARENT_ID + 1];
      wide += 4;
      narrow += 2;
    }
    this.#traceId.used = wide;
    this.#spanId.used = narrow;
    this.#parentSpanId.used = narrow;
  }

  /** Start as sent; duration = end − start, wrapping at 64 bits. */
  #addTimes(batch: SpanBatch): void {
    const { spans, spanCount } = batch;
    const starts = this.#start.reserve(spanCount * 2);
    const durations = this.#duration.reserve(spanCount * 2);
    let to = this.#start.used;
    const end = spanCount * SPAN_WORDS;
    for (let at = 0; at < end; at += SPAN_WORDS) {
      const startLow = spans[at + SPAN_START];
      const startHigh = spans[at + SPAN_START + 1];
      const endLow = spans[at + SPAN_END];
      starts[to] = startLow;
      starts[to + 1] = startHigh;
      durations[to] = endLow - startLow;
      durations[to + 1] = spans[at + SPAN_END + 1] - startHigh - (endLow >>> 0 < startLow >>> 0 ? 1 : 0);
      to += 2;
    }
    this.#start.used = to;
    this.#duration.used = to;
  }
}

function addWords(target: WordWriter, batch: SpanBatch, field: number): void {
  const { spans, spanCount } = batch;
  const words = target.reserve(spanCount);
  let to = target.used;
  for (let i = 0, at = field; i < spanCount; i++, at += SPAN_WORDS) words[to++] = spans[at];
  target.used = to;
}

function addTexts(target: StringWriter, batch: SpanBatch, field: number): void {
  const { spans, spanCount, bytes, view } = batch;
  for (let i = 0, at = field; i < spanCount; i++, at += SPAN_WORDS) target.add(bytes, view, spans[at], spans[at + 1]);
}
