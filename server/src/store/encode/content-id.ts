import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  RESOURCE_SCHEMA_URL,
  RESOURCE_WORDS,
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES,
  SCOPE_NAME,
  SCOPE_SCHEMA_URL,
  SCOPE_VERSION,
  SCOPE_WORDS,
  type SpanBatch,
  TYPE_ARRAY,
  TYPE_BYTES,
  TYPE_KVLIST,
  TYPE_STRING,
} from '@clew/model/span-batch';
import { StableHash } from './stable-hash.ts';

/**
 * Ids of resources and scopes: a stable hash of all their content, in the order sent. `low` and `high` hold the id
 * made last.
 */
export class ContentId {
  readonly #hash = new StableHash();
  #dictionaryView: DataView = new DataView(new ArrayBuffer(0));

  get low(): number {
    return this.#hash.low;
  }

  get high(): number {
    return this.#hash.high;
  }

  ofResource(batch: SpanBatch, row: number): void {
    const { resources } = batch;
    const at = row * RESOURCE_WORDS;
    const hash = this.#hash;
    hash.start();
    this.#addAttributes(batch, resources[at + RESOURCE_ATTRIBUTES], resources[at + RESOURCE_ATTRIBUTES + 1]);
    hash.addWord(resources[at + RESOURCE_DROPPED_ATTRIBUTES]);
    hash.addBytes(batch.view, resources[at + RESOURCE_SCHEMA_URL], resources[at + RESOURCE_SCHEMA_URL + 1]);
    hash.finish();
  }

  ofScope(batch: SpanBatch, row: number): void {
    const { scopes } = batch;
    const at = row * SCOPE_WORDS;
    const hash = this.#hash;
    hash.start();
    this.#addEntry(batch, scopes[at + SCOPE_NAME]);
    this.#addEntry(batch, scopes[at + SCOPE_VERSION]);
    this.#addAttributes(batch, scopes[at + SCOPE_ATTRIBUTES], scopes[at + SCOPE_ATTRIBUTES + 1]);
    hash.addWord(scopes[at + SCOPE_DROPPED_ATTRIBUTES]);
    hash.addBytes(batch.view, scopes[at + SCOPE_SCHEMA_URL], scopes[at + SCOPE_SCHEMA_URL + 1]);
    hash.finish();
  }

  #addAttributes(batch: SpanBatch, first: number, count: number): void {
    const hash = this.#hash;
    const records = batch.nestedAttributes;
    hash.addWord(count);
    const end = (first + count) * ATTRIBUTE_WORDS;
    for (let at = first * ATTRIBUTE_WORDS; at < end; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      const type = word & 15;
      const x = records[at + ATTRIBUTE_VALUE];
      const y = records[at + ATTRIBUTE_VALUE + 1];
      this.#addEntry(batch, word >>> 4);
      hash.addWord(type);
      if (type === TYPE_STRING || type === TYPE_ARRAY || type === TYPE_KVLIST || type === TYPE_BYTES) {
        hash.addBytes(batch.view, x, y);
      } else {
        hash.addWord(x);
        hash.addWord(y);
      }
    }
  }

  /** Adds the bytes of a dictionary entry: ids differ from process to process. */
  #addEntry(batch: SpanBatch, id: number): void {
    const { dictionary } = batch;
    if (this.#dictionaryView.buffer !== dictionary.bytes.buffer) {
      this.#dictionaryView = new DataView(dictionary.bytes.buffer);
    }
    this.#hash.addBytes(this.#dictionaryView, dictionary.offsets[id], dictionary.lengths[id]);
  }
}
