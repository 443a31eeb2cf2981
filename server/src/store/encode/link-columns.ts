import type { Dictionary } from '@clew/model/dictionary';
import {
  LINK_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  LINK_FLAGS,
  LINK_SPAN_ID,
  LINK_TRACE_ID,
  LINK_TRACE_STATE,
  LINK_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { ArrayWriter } from '../native/array-writer.ts';
import type { ColumnWriter } from '../native/column-writer.ts';
import { MapWriter } from '../native/map-writer.ts';
import { OffsetsWriter } from '../native/offsets-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { type AttributeKeyRows, KEY_OF_LINK } from './attribute-key-rows.ts';
import { addTaggedRow } from './event-columns.ts';

/** The link_… columns of spans: arrays of equal length. */
export class LinkColumns {
  readonly #offsets = new OffsetsWriter();
  readonly #traceId = new WordWriter('FixedString(16)');
  readonly #spanId = new WordWriter('FixedString(8)');
  readonly #traceState = new StringWriter();
  readonly #flags = new WordWriter('UInt32');
  readonly #dropped = new WordWriter('UInt32');
  readonly #attributes: MapWriter<StringWriter>;
  readonly columns: readonly (readonly [string, ColumnWriter])[];

  constructor(dictionary: Dictionary) {
    this.#attributes = new MapWriter(dictionary, new StringWriter());
    const offsets = this.#offsets;
    this.columns = [
      ['link_trace_id', new ArrayWriter(offsets, this.#traceId)],
      ['link_span_id', new ArrayWriter(offsets, this.#spanId)],
      ['link_trace_state', new ArrayWriter(offsets, this.#traceState)],
      ['link_flags', new ArrayWriter(offsets, this.#flags)],
      ['link_dropped_attributes_count', new ArrayWriter(offsets, this.#dropped)],
      ['link_attributes', new ArrayWriter(offsets, this.#attributes)],
    ];
  }

  /** Adds the row of a span without links. */
  addEmptyRow(): void {
    this.#offsets.add(0);
  }

  /** Adds a span's links as one row. */
  addRow(batch: SpanBatch, first: number, count: number, keys: AttributeKeyRows): void {
    const { links } = batch;
    for (let at = first * LINK_WORDS; at < (first + count) * LINK_WORDS; at += LINK_WORDS) {
      this.#traceId.add64(links[at + LINK_TRACE_ID], links[at + LINK_TRACE_ID + 1]);
      this.#traceId.add64(links[at + LINK_TRACE_ID + 2], links[at + LINK_TRACE_ID + 3]);
      this.#spanId.add64(links[at + LINK_SPAN_ID], links[at + LINK_SPAN_ID + 1]);
      this.#traceState.add(batch.bytes, batch.view, links[at + LINK_TRACE_STATE], links[at + LINK_TRACE_STATE + 1]);
      this.#flags.add(links[at + LINK_FLAGS]);
      this.#dropped.add(links[at + LINK_DROPPED_ATTRIBUTES]);
      const firstAttribute = links[at + LINK_ATTRIBUTES];
      const attributeCount = links[at + LINK_ATTRIBUTES + 1];
      addTaggedRow(this.#attributes, batch, firstAttribute, attributeCount);
      keys.noteNested(KEY_OF_LINK, batch, firstAttribute, attributeCount);
    }
    this.#offsets.add(count);
  }
}
