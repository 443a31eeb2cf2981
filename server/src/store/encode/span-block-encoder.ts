import { Dictionary } from '@clew/model/dictionary';
import {
  ATTRIBUTE_KEY_TYPE,
  ATTRIBUTE_VALUE,
  ATTRIBUTE_WORDS,
  RESOURCE_ATTRIBUTES,
  RESOURCE_WORDS,
  SCOPE_ATTRIBUTES,
  SCOPE_RESOURCE,
  SCOPE_WORDS,
  SPAN_KIND,
  SPAN_NAME,
  SPAN_SCOPE,
  SPAN_WORDS,
  type SpanBatch,
  TYPE_STRING,
} from '@clew/model/span-batch';
import { UNKNOWN_SERVICE } from '@clew/model/trace-data';
import type { JournalEntry, TableBlock } from '../../journal/entry.ts';
import type { BlockWriter } from '../native/block-writer.ts';
import { NativeBuffer } from '../native/native-buffer.ts';
import { AttributeKeyRows, KEY_OF_RESOURCE, KEY_OF_SCOPE } from './attribute-key-rows.ts';
import { ContentId } from './content-id.ts';
import { dayOfReception } from './day.ts';
import { OperationRows } from './operation-rows.ts';
import { ResourceRows } from './resource-rows.ts';
import { ScopeRows } from './scope-rows.ts';
import type { Emitted } from './seen-table.ts';
import { SpanColumns } from './span-columns.ts';

/** A journal entry whose catalogue rows can be confirmed. All its blocks lie in one ArrayBuffer of their own. */
export interface EncodedEntry extends JournalEntry {
  /** For `confirm`. */
  readonly token: number;
}

export interface SpanBlockEncoderOptions {
  /** The dictionary of every batch that will be added. The encoder's `reset` clears it. */
  readonly dictionary: Dictionary;
  /** The class a tenant's spans are stored in: days they are kept, 0 to 65535, 0 for ever. Default: for ever. */
  readonly retentionDaysOf?: (tenant: string) => number;
}

/** Entries that may await confirmation; the oldest beyond are taken as lost and their rows emitted again. */
const MAX_UNCONFIRMED_ENTRIES = 256;
/** Keys and names kept; beyond, `needsReset` asks to start over between two blocks. */
const MAX_DICTIONARY_ENTRIES = 200_000;
const MAX_DICTIONARY_BYTES = 32 * 1024 * 1024;
/** Tenants, services and schema URLs kept from block to block. */
const MAX_TEXTS = 50_000;
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** Words of a resource's answer: id low, id high, service. */
const RESOURCE_ANSWER_WORDS = 3;
const SCOPE_ANSWER_WORDS = 2;

/**
 * Batches of spans, of one or several tenants, to one Native block a table.
 *
 * Resources, scopes, operations and attribute keys are emitted with the first span of a day that has them, and again
 * with every entry until one that carried them has been confirmed: a lost entry never leaves spans without resource.
 * When `add` throws, the block is unusable: call `discard` and fail its requests.
 */
export class SpanBlockEncoder {
  readonly #dictionary: Dictionary;
  /** Tenants, services, schema URLs. */
  readonly #texts = new Dictionary();
  readonly #resources: ResourceRows;
  readonly #scopes: ScopeRows;
  readonly #operations: OperationRows;
  readonly #keys: AttributeKeyRows;
  readonly #spans: SpanColumns;
  readonly #contentId = new ContentId();
  #resourceAnswers = new Int32Array(64 * RESOURCE_ANSWER_WORDS);
  #scopeAnswers = new Int32Array(256 * SCOPE_ANSWER_WORDS);
  #serviceKeyId = 0;
  #unknownServiceId = 0;
  #tenant = '';
  #tenantId = 0;
  #retentionDays = 0;
  readonly #retentionDaysOf: (tenant: string) => number;
  #nextToken = 1;
  readonly #unconfirmed = new Map<number, readonly Emitted[]>();

  constructor({ dictionary, retentionDaysOf = () => 0 }: SpanBlockEncoderOptions) {
    this.#dictionary = dictionary;
    this.#retentionDaysOf = retentionDaysOf;
    this.#resources = new ResourceRows(dictionary, this.#texts);
    this.#scopes = new ScopeRows(dictionary, this.#texts);
    this.#operations = new OperationRows(dictionary, this.#texts);
    this.#keys = new AttributeKeyRows(dictionary, this.#texts);
    this.#spans = new SpanColumns(dictionary, this.#texts);
    this.#enterConstants();
  }

  /** Spans in the block under construction. */
  get spanCount(): number {
    return this.#spans.rowCount;
  }

  /** Bytes of the block under construction, catalogue rows included, headers and late fillings aside. */
  get byteCount(): number {
    let sum = 0;
    for (const { block } of this.#parts()) sum += block.dataBytes;
    return sum;
  }

  /** Whether the dictionaries have grown past their limit: call `reset` when the block at hand is finished. */
  get needsReset(): boolean {
    return this.#dictionary.size > MAX_DICTIONARY_ENTRIES || this.#dictionary.byteSize > MAX_DICTIONARY_BYTES;
  }

  /**
   * Adds a request's spans. Nothing of the batch is kept: it may be reset afterwards.
   * @param receivedUnixMs a time from 1970 to 2105.
   */
  add(batch: SpanBatch, tenant: string, receivedUnixMs: number): void {
    if (batch.dictionary !== this.#dictionary) {
      throw new Error('span block encoder: the batch has another dictionary. Give both the same.');
    }
    const tenantId = this.#tenantIdOf(tenant);
    const day = dayOfReception(receivedUnixMs);
    this.#operations.reserve(this.#dictionary.size);
    this.#keys.setContext(tenantId, day);
    for (let row = 0; row < batch.resourceCount; row++) this.#addResource(batch, row, tenantId, day);
    for (let row = 0; row < batch.scopeCount; row++) this.#addScope(batch, row, tenantId, day);
    const spans = this.#spans;
    const firstRow = spans.rowCount;
    spans.addFixed(batch, tenantId, receivedUnixMs, this.#retentionDays);
    this.#addScopeRuns(batch, tenantId, firstRow);
    spans.addNested(batch, tenantId, this.#keys);
  }

  /**
   * Ends the block and starts the next. Without spans the entry has no blocks.
   * @param allocate memory of at least so many bytes, of any content. Default: new.
   */
  finish(allocate = (byteLength: number) => new ArrayBuffer(byteLength)): EncodedEntry {
    const spanCount = this.#spans.rowCount;
    this.#spans.complete();
    const parts = this.#parts().filter((part) => part.rowCount > 0);
    const byteLength = parts.reduce((sum, part) => sum + part.block.byteLength(part.rowCount), 0);
    const target = new NativeBuffer(byteLength, allocate(byteLength));
    const blocks: TableBlock[] = [];
    for (const { block, rowCount } of parts) {
      const from = target.position;
      block.write(target, rowCount);
      blocks.push({ table: block.table, rowCount, bytes: target.bytes.subarray(from, target.position) });
    }
    const token = this.#nextToken++;
    this.#unconfirmed.set(token, [
      this.#resources.seen.endBlock(),
      this.#scopes.seen.endBlock(),
      this.#operations.seen.endBlock(),
      this.#keys.seen.endBlock(),
    ]);
    if (this.#unconfirmed.size > MAX_UNCONFIRMED_ENTRIES) {
      for (const oldest of this.#unconfirmed.keys()) {
        this.#unconfirmed.delete(oldest);
        break;
      }
    }
    this.#clear();
    return { token, spanCount, blocks };
  }

  /** The entry with this token is in the journal: its catalogue rows need not be emitted again. */
  confirm(token: number): void {
    const emitted = this.#unconfirmed.get(token);
    if (emitted === undefined) return;
    this.#unconfirmed.delete(token);
    this.#resources.seen.confirm(emitted[0]);
    this.#scopes.seen.confirm(emitted[1]);
    this.#operations.seen.confirm(emitted[2]);
    this.#keys.seen.confirm(emitted[3]);
  }

  /** The entry with this token was not written: its catalogue rows are emitted again. */
  forget(token: number): void {
    this.#unconfirmed.delete(token);
  }

  /** Throws the block under construction away. */
  discard(): void {
    for (const { seen } of [this.#resources, this.#scopes, this.#operations, this.#keys]) seen.endBlock();
    this.#clear();
  }

  /**
   * Clears the dictionary and everything that holds its ids; batches decoded before must not be added any more.
   * Throws when a block is under construction.
   */
  reset(): void {
    if (this.#spans.rowCount > 0) {
      throw new Error(`span block encoder: reset with ${this.#spans.rowCount} spans in the block. Finish it first.`);
    }
    this.#dictionary.clear();
    this.#resetTables();
  }

  #parts(): readonly { readonly block: BlockWriter; readonly rowCount: number }[] {
    return [this.#resources, this.#scopes, this.#operations, this.#keys, this.#spans];
  }

  #clear(): void {
    this.#resources.clear();
    this.#scopes.clear();
    this.#operations.clear();
    this.#keys.clear();
    this.#spans.clear();
    if (this.#texts.size > MAX_TEXTS || this.#texts.byteSize > MAX_TEXT_BYTES) this.#resetTables();
  }

  #resetTables(): void {
    this.#texts.clear();
    this.#resources.reset();
    this.#scopes.reset();
    this.#operations.reset();
    this.#keys.reset();
    this.#spans.reset();
    this.#unconfirmed.clear();
    this.#enterConstants();
  }

  #enterConstants(): void {
    this.#serviceKeyId = this.#dictionary.internString('service.name');
    this.#unknownServiceId = this.#texts.internString(UNKNOWN_SERVICE);
    this.#tenant = '';
    this.#tenantId = 0;
    this.#retentionDays = this.#retentionDaysOf('');
  }

  #tenantIdOf(tenant: string): number {
    if (tenant !== this.#tenant) {
      this.#tenant = tenant;
      this.#tenantId = this.#texts.internString(tenant);
      this.#retentionDays = this.#retentionDaysOf(tenant);
    }
    return this.#tenantId;
  }

  #addResource(batch: SpanBatch, row: number, tenantId: number, day: number): void {
    const at = row * RESOURCE_ANSWER_WORDS;
    if (at >= this.#resourceAnswers.length) this.#resourceAnswers = doubled(this.#resourceAnswers);
    const id = this.#contentId;
    id.ofResource(batch, row);
    const { low, high } = id;
    const serviceId = this.#serviceIdOf(batch, row);
    this.#resourceAnswers[at] = low;
    this.#resourceAnswers[at + 1] = high;
    this.#resourceAnswers[at + 2] = serviceId;
    this.#resources.note(batch, row, tenantId, low, high, serviceId, day);
    const first = batch.resources[row * RESOURCE_WORDS + RESOURCE_ATTRIBUTES];
    const count = batch.resources[row * RESOURCE_WORDS + RESOURCE_ATTRIBUTES + 1];
    this.#keys.noteNested(KEY_OF_RESOURCE, batch, first, count);
  }

  #addScope(batch: SpanBatch, row: number, tenantId: number, day: number): void {
    const at = row * SCOPE_ANSWER_WORDS;
    if (at >= this.#scopeAnswers.length) this.#scopeAnswers = doubled(this.#scopeAnswers);
    const id = this.#contentId;
    id.ofScope(batch, row);
    const { low, high } = id;
    this.#scopeAnswers[at] = low;
    this.#scopeAnswers[at + 1] = high;
    this.#scopes.note(batch, row, tenantId, low, high, day);
    const first = batch.scopes[row * SCOPE_WORDS + SCOPE_ATTRIBUTES];
    const count = batch.scopes[row * SCOPE_WORDS + SCOPE_ATTRIBUTES + 1];
    this.#keys.noteNested(KEY_OF_SCOPE, batch, first, count);
  }

  /** The first service.name, when it is a string and not empty. */
  #serviceIdOf(batch: SpanBatch, row: number): number {
    const records = batch.nestedAttributes;
    const first = batch.resources[row * RESOURCE_WORDS + RESOURCE_ATTRIBUTES];
    const count = batch.resources[row * RESOURCE_WORDS + RESOURCE_ATTRIBUTES + 1];
    for (let at = first * ATTRIBUTE_WORDS; at < (first + count) * ATTRIBUTE_WORDS; at += ATTRIBUTE_WORDS) {
      const word = records[at + ATTRIBUTE_KEY_TYPE];
      if (word >>> 4 !== this.#serviceKeyId) continue;
      const length = records[at + ATTRIBUTE_VALUE + 1];
      if ((word & 15) !== TYPE_STRING || length === 0) break;
      return this.#texts.intern(batch.view, records[at + ATTRIBUTE_VALUE], length);
    }
    return this.#unknownServiceId;
  }

  /** What spans have from their scope and resource, and their operations: by runs of spans of one scope. */
  #addScopeRuns(batch: SpanBatch, tenantId: number, firstRow: number): void {
    const { spans, spanCount, scopes } = batch;
    const days = this.#spans.days;
    const resourceAnswers = this.#resourceAnswers;
    const scopeAnswers = this.#scopeAnswers;
    const operations = this.#operations;
    for (let from = 0; from < spanCount; ) {
      const scope = spans[from * SPAN_WORDS + SPAN_SCOPE];
      const resourceAt = scopes[scope * SCOPE_WORDS + SCOPE_RESOURCE] * RESOURCE_ANSWER_WORDS;
      const serviceId = resourceAnswers[resourceAt + 2];
      let to = from;
      for (; to < spanCount && spans[to * SPAN_WORDS + SPAN_SCOPE] === scope; to++) {
        const at = to * SPAN_WORDS;
        operations.note(tenantId, serviceId, spans[at + SPAN_NAME], spans[at + SPAN_KIND], days[firstRow + to]);
      }
      const scopeAt = scope * SCOPE_ANSWER_WORDS;
      this.#spans.addScopeRun(
        to - from,
        serviceId,
        resourceAnswers[resourceAt],
        resourceAnswers[resourceAt + 1],
        scopeAnswers[scopeAt],
        scopeAnswers[scopeAt + 1],
      );
      from = to;
    }
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(array.length * 2);
  copy.set(array);
  return copy;
}
