import { type Dictionary, grown } from '@clew/model/dictionary';
import { BlockWriter } from '../native/block-writer.ts';
import { LowCardinalityWriter } from '../native/low-cardinality-writer.ts';
import { ShortWriter } from '../native/short-writer.ts';
import { WordWriter } from '../native/word-writer.ts';
import { SeenTable } from './seen-table.ts';

const WORDS_PER_NAME = 5;

/**
 * Rows of the operations table: each (tenant, service, name, kind, day) until it is safely stored. Nearly every span
 * is answered by what its name was last seen with.
 */
export class OperationRows {
  readonly block: BlockWriter;
  readonly seen = new SeenTable();
  readonly #tenant: LowCardinalityWriter;
  readonly #service: LowCardinalityWriter;
  readonly #name: LowCardinalityWriter;
  readonly #kind = new WordWriter('Int32');
  readonly #day = new ShortWriter('Date');
  /** By name id: block, tenant, service, kind, day it was last seen with. */
  #last: Int32Array = new Int32Array(1 << 10);
  #blockNumber = 1;
  rowCount = 0;

  constructor(dictionary: Dictionary, texts: Dictionary) {
    this.#tenant = new LowCardinalityWriter(texts);
    this.#service = new LowCardinalityWriter(texts);
    this.#name = new LowCardinalityWriter(dictionary);
    this.block = new BlockWriter('operations', [
      ['tenant', this.#tenant],
      ['service', this.#service],
      ['name', this.#name],
      ['kind', this.#kind],
      ['day', this.#day],
    ]);
  }

  /** Makes room for all names of a dictionary of this size, so that `note` need not check. */
  reserve(dictionarySize: number): void {
    if (this.#last.length < dictionarySize * WORDS_PER_NAME) {
      this.#last = grown(this.#last, dictionarySize * WORDS_PER_NAME * 2);
    }
  }

  note(tenantId: number, serviceId: number, nameId: number, kind: number, day: number): void {
    const last = this.#last;
    const at = nameId * WORDS_PER_NAME;
    if (
      last[at] === this.#blockNumber &&
      last[at + 1] === tenantId &&
      last[at + 2] === serviceId &&
      last[at + 3] === kind &&
      last[at + 4] === day
    ) {
      return;
    }
    last[at] = this.#blockNumber;
    last[at + 1] = tenantId;
    last[at + 2] = serviceId;
    last[at + 3] = kind;
    last[at + 4] = day;
    if (this.seen.shouldEmit(tenantId, serviceId, nameId, kind, day)) {
      this.#tenant.add(tenantId);
      this.#service.add(serviceId);
      this.#name.add(nameId);
      this.#kind.add(kind);
      this.#day.add(day);
      this.rowCount++;
    }
  }

  /** Call when a block has ended: what is not confirmed is emitted again. */
  clear(): void {
    this.block.clear();
    this.rowCount = 0;
    this.#blockNumber++;
  }

  /** Call when a dictionary has been cleared. */
  reset(): void {
    this.block.release();
    this.seen.clear();
    this.rowCount = 0;
    this.#blockNumber++;
    this.#last = new Int32Array(1 << 10);
  }
}
