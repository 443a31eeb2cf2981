import { type Dictionary, grown } from '@clew/model/dictionary';
import { ATTRIBUTE_KEY_TYPE, ATTRIBUTE_WORDS, type SpanBatch } from '@clew/model/span-batch';
import { BlockWriter } from '../native/block-writer.ts';
import { ByteWriter } from '../native/byte-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { SeenTable } from './seen-table.ts';

/** Numbers of the `scope` enum of the attribute_keys table. */
export const KEY_OF_SPAN = 1;
export const KEY_OF_RESOURCE = 2;
export const KEY_OF_EVENT = 3;
export const KEY_OF_LINK = 4;
export const KEY_OF_SCOPE = 5;

const SCOPE_TYPE = "Enum8('span' = 1, 'resource' = 2, 'event' = 3, 'link' = 4, 'instrumentation' = 5)";

/**
 * Rows of the attribute_keys table: each (tenant, scope, key, type, day) until it is safely stored. The check made
 * for every attribute is one load and compare: a table by key and type holds the context (tenant and day, in this
 * block) it was last seen in.
 */
export class AttributeKeyRows {
  readonly block: BlockWriter;
  readonly seen = new SeenTable();
  readonly #tenant: LowCardinalityWriter;
  readonly #scope = new ByteWriter(SCOPE_TYPE);
  readonly #key: LowCardinalityWriter;
  readonly #type = new ByteWriter('UInt8');
  readonly #day = new ShortWriter('Date');
  /** By scope: context by key id × 8 + type. */
  readonly #contexts: Int32Array[];
  #context = 1;
  #tenantId = 0;
  #contextDay = 0;
  rowCount = 0;

  constructor(dictionary: Dictionary, texts: Dictionary) {
    this.#tenant = new LowCardinalityWriter(texts);
    this.#key = new LowCardinalityWriter(dictionary);
    this.#contexts = Array.from({ length: KEY_OF_SCOPE + 1 }, () => new Int32Array(1 << 10));
    this.block = new BlockWriter('attribute_keys', [
      ['tenant', this.#tenant],
      ['scope', this.#scope],
      ['key', this.#key],
      ['type', this.#type],
      ['day', this.#day],
    ]);
  }

  /** Sets tenant and day of the attributes to come. */
  setContext(tenantId: number, day: number): void {
    if (tenantId === this.#tenantId && day === this.#contextDay) return;
    this.#tenantId = tenantId;
    this.#contextDay = day;
    this.#context++;
  }

  /** Notes an attribute by the first word of its record. A key beyond the table reads as undefined: never met. */
  note(scope: number, keyAndType: number): void {
    const index = ((keyAndType >>> 4) << 3) | (keyAndType & 7);
    if (this.#contexts[scope][index] !== this.#context) this.#noteNew(scope, index);
  }

  /** Notes a run of the batch's nested attributes. */
  noteNested(scope: number, batch: SpanBatch, first: number, count: number): void {
    const end = (first + count) * ATTRIBUTE_WORDS;
    for (let at = first * ATTRIBUTE_WORDS; at < end; at += ATTRIBUTE_WORDS) {
      this.note(scope, batch.nestedAttributes[at + ATTRIBUTE_KEY_TYPE]);
    }
  }

  /** Call when a block has ended: what is not confirmed is emitted again. */
  clear(): void {
    this.block.clear();
    this.rowCount = 0;
    this.#context++;
  }

  /** Call when a dictionary has been cleared. */
  reset(): void {
    this.block.release();
    this.seen.clear();
    this.rowCount = 0;
    this.#context++;
    for (let scope = 0; scope < this.#contexts.length; scope++) this.#contexts[scope] = new Int32Array(1 << 10);
  }

  #noteNew(scope: number, index: number): void {
    const contexts = this.#contexts[scope];
    if (index >= contexts.length) this.#contexts[scope] = grown(contexts, Math.max(index + 1, contexts.length * 2));
    this.#contexts[scope][index] = this.#context;
    if (!this.seen.shouldEmit(this.#tenantId, scope, index, this.#contextDay, 0)) return;
    this.#tenant.add(this.#tenantId);
    this.#scope.add(scope);
    this.#key.add(index >>> 3);
    this.#type.add(index & 7);
    this.#day.add(this.#contextDay);
    this.rowCount++;
  }
}
