import type { Dictionary } from '@clew/model/dictionary';
import {
  SCOPE_ATTRIBUTES,
  SCOPE_DROPPED_ATTRIBUTES,
  SCOPE_NAME,
  SCOPE_SCHEMA_URL,
  SCOPE_VERSION,
  SCOPE_WORDS,
  type SpanBatch,
} from '@clew/model/span-batch';
import { BlockWriter } from '../native/block-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { AttributeColumns } from './attribute-columns.ts';
import { SeenTable } from './seen-table.ts';

/** Rows of the scopes table: each (tenant, id, day of reception) until it is safely stored. */
export class ScopeRows {
  readonly block: BlockWriter;
  readonly seen = new SeenTable();
  readonly #texts: Dictionary;
  readonly #tenant: LowCardinalityWriter;
  readonly #id = new WordWriter('UInt64');
  readonly #day = new ShortWriter('Date');
  readonly #name: LowCardinalityWriter;
  readonly #version: LowCardinalityWriter;
  readonly #attributes: AttributeColumns;
  readonly #dropped = new WordWriter('UInt32');
  readonly #schemaUrl: LowCardinalityWriter;
  rowCount = 0;

  constructor(dictionary: Dictionary, texts: Dictionary) {
    this.#texts = texts;
    this.#tenant = new LowCardinalityWriter(texts);
    this.#name = new LowCardinalityWriter(dictionary);
    this.#version = new LowCardinalityWriter(dictionary);
    this.#attributes = new AttributeColumns(dictionary);
    this.#schemaUrl = new LowCardinalityWriter(texts);
    this.block = new BlockWriter('scopes', [
      ['tenant', this.#tenant],
      ['id', this.#id],
      ['day', this.#day],
      ['name', this.#name],
      ['version', this.#version],
      ...this.#attributes.columns,
      ['dropped_attributes_count', this.#dropped],
      ['schema_url', this.#schemaUrl],
    ]);
  }

  /** Adds a scope of the batch unless it is safely stored or already in this block. */
  note(batch: SpanBatch, row: number, tenantId: number, idLow: number, idHigh: number, day: number): void {
    if (!this.seen.shouldEmit(tenantId, idLow, idHigh, day, 0)) return;
    const { scopes } = batch;
    const at = row * SCOPE_WORDS;
    this.#tenant.add(tenantId);
    this.#id.add64(idLow, idHigh);
    this.#day.add(day);
    this.#name.add(scopes[at + SCOPE_NAME]);
    this.#version.add(scopes[at + SCOPE_VERSION]);
    this.#attributes.addRow(batch, scopes[at + SCOPE_ATTRIBUTES], scopes[at + SCOPE_ATTRIBUTES + 1]);
    this.#dropped.add(scopes[at + SCOPE_DROPPED_ATTRIBUTES]);
    const urlOffset = scopes[at + SCOPE_SCHEMA_URL];
    this.#schemaUrl.add(this.#texts.intern(batch.view, urlOffset, scopes[at + SCOPE_SCHEMA_URL + 1]));
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
