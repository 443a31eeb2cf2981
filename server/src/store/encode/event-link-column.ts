/**
 * Events and links of a span in one map: the cost of a column, to send, to insert and with every merge, is that of its
 * streams, and most spans have neither (docs/internals/write-path.md).
 *
 * Entries in order, all events before all links. An event or a link begins with an entry of its own, its attributes
 * follow. The first byte of the value tells them apart:
 *
 *     name of the event    '0' + time, int64 LE nanoseconds + dropped attributes, uint32 LE
 *     ''                   '1' + trace id, 16 bytes + span id, 8 bytes + flags, uint32 LE + dropped attributes,
 *                          uint32 LE + trace state
 *     key                  attribute of the event: 's', 'i', 'd', 'b' or 'o' and its value (tagged-value.ts)
 *     key                  attribute of the link: 'S', 'I', 'D', 'B' or 'O' and its value
 */
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
  LINK_ATTRIBUTES,
  LINK_DROPPED_ATTRIBUTES,
  LINK_FLAGS,
  LINK_SPAN_ID,
  LINK_TRACE_ID,
  LINK_TRACE_STATE,
  LINK_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { MapWriter } from '../native/map-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { type AttributeKeyRows, KEY_OF_EVENT, KEY_OF_LINK } from './attribute-key-rows.ts';
import { addTaggedValue, OF_EVENT, OF_LINK } from './tagged-value.ts';

/** Name of the column. */
export const EVENTS_AND_LINKS = 'events_and_links';

export const EVENT_TAG = 0x30;
export const LINK_TAG = 0x31;
/** Bytes of the value that begins an event: tag, time, dropped attributes. */
export const EVENT_BYTES = 13;
/** Bytes of the value that begins a link, before its trace state: tag, ids, flags, dropped attributes. */
export const LINK_BYTES = 33;

const EVENT_VALUE_WORDS = 3;
const LINK_VALUE_WORDS = 8;
/** Id of the empty text in every Dictionary. */
const NO_TEXT = 0;

export class EventLinkColumn {
  readonly writer: MapWriter<StringWriter>;
  /** The fixed words of one value. */
  readonly #words = new Int32Array(LINK_VALUE_WORDS);

  constructor(dictionary: Dictionary) {
    this.writer = new MapWriter(dictionary, new StringWriter());
  }

  /** Adds a span's events to the row at hand. */
  addEvents(batch: SpanBatch, first: number, count: number, keyRows: AttributeKeyRows): void {
    const { events, bytes, view } = batch;
    const { keys, values } = this.writer;
    const words = this.#words;
    for (let at = first * EVENT_WORDS; at < (first + count) * EVENT_WORDS; at += EVENT_WORDS) {
      words[0] = events[at + EVENT_TIME];
      words[1] = events[at + EVENT_TIME + 1];
      words[2] = events[at + EVENT_DROPPED_ATTRIBUTES];
      keys.add(events[at + EVENT_NAME]);
      values.addTaggedWords(EVENT_TAG, words, EVENT_VALUE_WORDS, bytes, view, 0, 0);
      const firstAttribute = events[at + EVENT_ATTRIBUTES];
      const attributeCount = events[at + EVENT_ATTRIBUTES + 1];
      this.#addAttributes(batch, firstAttribute, attributeCount, OF_EVENT);
      keyRows.noteNested(KEY_OF_EVENT, batch, firstAttribute, attributeCount);
    }
  }

  /** Adds a span's links to the row at hand, after its events. */
  addLinks(batch: SpanBatch, first: number, count: number, keyRows: AttributeKeyRows): void {
    const { links, bytes, view } = batch;
    const { keys, values } = this.writer;
    const words = this.#words;
    for (let at = first * LINK_WORDS; at < (first + count) * LINK_WORDS; at += LINK_WORDS) {
      for (let word = 0; word < 4; word++) words[word] = links[at + LINK_TRACE_ID + word];
      words[4] = links[at + LINK_SPAN_ID];
      words[5] = links[at + LINK_SPAN_ID + 1];
      words[6] = links[at + LINK_FLAGS];
      words[7] = links[at + LINK_DROPPED_ATTRIBUTES];
      const state = links[at + LINK_TRACE_STATE];
      const stateLength = links[at + LINK_TRACE_STATE + 1];
      keys.add(NO_TEXT);
      values.addTaggedWords(LINK_TAG, words, LINK_VALUE_WORDS, bytes, view, state, stateLength);
      const firstAttribute = links[at + LINK_ATTRIBUTES];
      const attributeCount = links[at + LINK_ATTRIBUTES + 1];
      this.#addAttributes(batch, firstAttribute, attributeCount, OF_LINK);
      keyRows.noteNested(KEY_OF_LINK, batch, firstAttribute, attributeCount);
    }
  }

  endRow(): void {
    this.writer.endRow();
  }

  #addAttributes(batch: SpanBatch, first: number, count: number, owner: number): void {
    const { keys, values } = this.writer;
    const records = batch.nestedAttributes;
    const end = (first + count) * ATTRIBUTE_WORDS;
    for (let at = first * ATTRIBUTE_WORDS; at < end; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      const x = records[at + ATTRIBUTE_VALUE];
      const y = records[at + ATTRIBUTE_VALUE + 1];
      keys.add(word >>> 4);
      addTaggedValue(values, owner, batch.bytes, batch.view, word & 15, x, y);
    }
  }
}
