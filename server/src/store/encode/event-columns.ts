import type { Dictionary } from '@clew/model/dictionary';
import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  EVENT_ATTRIBUTES,
  EVENT_DROPPED_ATTRIBUTES,
  EVENT_NAME,
  EVENT_TIME,
  EVENT_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { ArrayWriter } from '../native/array-writer.ts';
import type { ColumnWriter } from '../native/column-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { MapWriter } from '../native/map-writer.ts';
import { OffsetsWriter } from '../native/offsets-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { type AttributeKeyRows, KEY_OF_EVENT } from './attribute-key-rows.ts';
import { addTaggedValue } from './tagged-value.ts';

/** The event_… columns of spans: arrays of equal length. */
export class EventColumns {
  readonly #offsets = new OffsetsWriter();
  readonly #time = new WordWriter('DateTime64(9)');
  readonly #name: LowCardinalityWriter;
  readonly #dropped = new WordWriter('UInt32');
  readonly #attributes: MapWriter<StringWriter>;
  readonly columns: readonly (readonly [string, ColumnWriter])[];

  constructor(dictionary: Dictionary) {
    this.#name = new LowCardinalityWriter(dictionary);
    this.#attributes = new MapWriter(dictionary, new StringWriter());
    const offsets = this.#offsets;
    this.columns = [
      ['event_time', new ArrayWriter(offsets, this.#time)],
      ['event_name', new ArrayWriter(offsets, this.#name)],
      ['event_dropped_attributes_count', new ArrayWriter(offsets, this.#dropped)],
      ['event_attributes', new ArrayWriter(offsets, this.#attributes)],
    ];
  }

  /** Adds the row of a span without events. */
  addEmptyRow(): void {
    this.#offsets.add(0);
  }

  /** Adds a span's events as one row. */
  addRow(batch: SpanBatch, first: number, count: number, keys: AttributeKeyRows): void {
    const { events } = batch;
    for (let at = first * EVENT_WORDS; at < (first + count) * EVENT_WORDS; at += EVENT_WORDS) {
      this.#time.add64(events[at + EVENT_TIME], events[at + EVENT_TIME + 1]);
      this.#name.add(events[at + EVENT_NAME]);
      this.#dropped.add(events[at + EVENT_DROPPED_ATTRIBUTES]);
      const firstAttribute = events[at + EVENT_ATTRIBUTES];
      const attributeCount = events[at + EVENT_ATTRIBUTES + 1];
      addTaggedRow(this.#attributes, batch, firstAttribute, attributeCount);
      keys.noteNested(KEY_OF_EVENT, batch, firstAttribute, attributeCount);
    }
    this.#offsets.add(count);
  }
}

/** Adds a run of the batch's nested attributes as one row of a map with tagged values. */
export function addTaggedRow(map: MapWriter<StringWriter>, batch: SpanBatch, first: number, count: number): void {
  const records = batch.nestedAttributes;
  const end = (first + count) * ATTRIBUTE_WORDS;
  for (let at = first * ATTRIBUTE_WORDS; at < end; at += ATTRIBUTE_WORDS) {
    const word = records[at + ATTRIBUTE_KEY_TYPE];
    map.keys.add(word >>> 4);
    const x = records[at + ATTRIBUTE_VALUE];
    addTaggedValue(map.values, batch.bytes, batch.view, word & 15, x, records[at + ATTRIBUTE_VALUE + 1]);
  }
  map.endRow();
}
