import type { Dictionary } from '@clew/model/dictionary';
import {
  RESOURCE_ATTRIBUTES,
  RESOURCE_DROPPED_ATTRIBUTES,
  RESOURCE_SCHEMA_URL,
  RESOURCE_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { BlockWriter } from '../native/block-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { AttributeColumns } from './attribute-columns.ts';
import { SeenTable } from './seen-table.ts';

/** Rows of the resources table: each (tenant, id, day of reception) until it is safely stored. */
export class ResourceRows {
  readonly block: BlockWriter;
  readonly seen = new SeenTable();
  readonly #texts: Dictionary;
  readonly #tenant: LowCardinalityWriter;
  readonly #id = new WordWriter('UInt64');
  readonly #day = new ShortWriter('Date');
  readonly #service: LowCardinalityWriter;
  readonly #attributes: AttributeColumns;
  readonly #dropped = new WordWriter('UInt32');
  readonly #schemaUrl: LowCardinalityWriter;
  rowCount = 0;

  constructor(dictionary: Dictionary, texts: Dictionary) {
    this.#texts = texts;
    this.#tenant = new LowCardinalityWriter(texts);
    this.#service = new LowCardinalityWriter(texts);
    this.#attributes = new AttributeColumns(dictionary);
    this.#schemaUrl = new LowCardinalityWriter(texts);
    this.block = new BlockWriter('resources', [
      ['tenant', this.#tenant],
      ['id', this.#id],
      ['day', this.#day],
      ['service', this.#service],
      ...this.#attributes.columns,
      ['dropped_attributes_count', this.#dropped],
      ['schema_url', this.#schemaUrl],
    ]);
  }

  /** Adds a resource of the batch unless it is safely stored or already in this block. */
  note(
    batch: SpanBatch,
    row: number,
    tenantId: number,
    idLow: number,
    idHigh: number,
    serviceId: number,
    day: number,
  ): void {
    if (!this.seen.shouldEmit(tenantId, idLow, idHigh, day, 0)) return;
    const { resources } = batch;
    const at = row * RESOURCE_WORDS;
    this.#tenant.add(tenantId);
    this.#id.add64(idLow, idHigh);
    this.#day.add(day);
    this.#service.add(serviceId);
    this.#attributes.addRow(batch, resources[at + RESOURCE_ATTRIBUTES], resources[at + RESOURCE_ATTRIBUTES + 1]);
    this.#dropped.add(resources[at + RESOURCE_DROPPED_ATTRIBUTES]);
    const urlOffset = resources[at + RESOURCE_SCHEMA_URL];
    this.#schemaUrl.add(this.#texts.intern(batch.view, urlOffset, resources[at + RESOURCE_SCHEMA_URL + 1]));
    this.rowCount++;
  }

  /** Call when a block has ended: what is not confirmed is emitted again. */
  clear(): void {
    this.block.clear();
    this.rowCount = 0;
  }

  /** Call when a dictionary has been cleared. */
  reset(): void {
    this.block.release();
    this.seen.clear();
    this.rowCount = 0;
  }
}
