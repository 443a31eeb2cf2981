import type { Dictionary } from '@clew/model/dictionary';
import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  type SpanBatch,
  TYPE_BOOL,
  TYPE_DOUBLE,
  TYPE_EMPTY,
  TYPE_INT,
  TYPE_STRING,
} from '@clew/model/span-batch';
import { ByteWriter } from '../native/byte-writer.ts';
import type { ColumnWriter } from '../native/column-writer.ts';
import { MapWriter } from '../native/map-writer.ts';
import { StringWriter } from '../native/string-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { anyValueTag } from './any-value-tags.ts';

/** The five typed attribute maps of a table: spans, resources, scopes. */
export class AttributeColumns {
  readonly #strings: MapWriter<StringWriter>;
  readonly #ints: MapWriter<WordWriter>;
  readonly #doubles: MapWriter<WordWriter>;
  readonly #bools: MapWriter<ByteWriter>;
  readonly #others: MapWriter<StringWriter>;

  constructor(dictionary: Dictionary) {
    this.#strings = new MapWriter(dictionary, new StringWriter());
    this.#ints = new MapWriter(dictionary, new WordWriter('Int64'));
    this.#doubles = new MapWriter(dictionary, new WordWriter('Float64'));
    this.#bools = new MapWriter(dictionary, new ByteWriter('Bool'));
    this.#others = new MapWriter(dictionary, new StringWriter());
  }

  get columns(): readonly (readonly [string, ColumnWriter])[] {
    return [
      ['attributes_string', this.#strings],
      ['attributes_int', this.#ints],
      ['attributes_double', this.#doubles],
      ['attributes_bool', this.#bools],
      ['attributes_other', this.#others],
    ];
  }

  /** Adds an attribute to the row at hand: `x` and `y` are the value words of its record. */
  add(bytes: Uint8Array, view: DataView, keyId: number, type: number, x: number, y: number): void {
    if (type === TYPE_STRING) {
      this.#strings.keys.add(keyId);
      this.#strings.values.add(bytes, view, x, y);
    } else if (type === TYPE_INT) {
      this.#ints.keys.add(keyId);
      this.#ints.values.add64(x, y);
    } else if (type === TYPE_DOUBLE) {
      this.#doubles.keys.add(keyId);
      this.#doubles.values.add64(x, y);
    } else if (type === TYPE_BOOL) {
      this.#bools.keys.add(keyId);
      this.#bools.values.add(x);
    } else {
      this.#others.keys.add(keyId);
      if (type === TYPE_EMPTY) this.#others.values.add(bytes, view, 0, 0);
      else this.#others.values.addField(-1, anyValueTag(type), bytes, view, x, y);
    }
  }

  /** Adds a run of the batch's nested attributes as a whole row. */
  addRow(batch: SpanBatch, first: number, count: number): void {
    const records = batch.nestedAttributes;
    const end = (first + count) * ATTRIBUTE_WORDS;
    for (let at = first * ATTRIBUTE_WORDS; at < end; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      const x = records[at + ATTRIBUTE_VALUE];
      this.add(batch.bytes, batch.view, word >>> 4, word & 15, x, records[at + ATTRIBUTE_VALUE + 1]);
    }
    this.endRow();
  }

  endRow(): void {
    this.#strings.endRow();
    this.#ints.endRow();
    this.#doubles.endRow();
    this.#bools.endRow();
    this.#others.endRow();
  }
}
