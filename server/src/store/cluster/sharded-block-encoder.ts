import { SPAN_TRACE_ID, SPAN_WORDS, type SpanBatch } from '@clew/model/span-batch';
import type { TableBlock } from '../../journal/entry.ts';
import type { EncodedEntry, SpanBlockEncoder } from '../encode/span-block-encoder.ts';
import { hashTraceId } from './trace-shards.ts';

/**
 * Encodes a batch into one block a table and shard. Span records are of fixed size and refer to everything else by
 * number, so a shard's part of a batch is the batch with fewer records.
 */
export class ShardedBlockEncoder {
  readonly #slots: Uint16Array;
  /** By shard; all on the batches' one dictionary. */
  readonly #encoders: readonly SpanBlockEncoder[];
  /** Shard of each span of the batch at hand. */
  #shards = new Uint16Array(512);
  /** Its span records, shard after shard. */
  #records = new Int32Array(512 * SPAN_WORDS);
  readonly #counts: Int32Array;
  readonly #nextRow: Int32Array;
  readonly #tokens = new Map<number, readonly (number | undefined)[]>();
  #nextToken = 1;

  /** @param slots the shard of each slot, see trace-shards.ts. */
  constructor(slots: Uint16Array, createEncoder: () => SpanBlockEncoder) {
    this.#slots = slots;
    const shardCount = slots.reduce((last, shard) => Math.max(last, shard), 0) + 1;
    this.#encoders = Array.from({ length: shardCount }, createEncoder);
    this.#counts = new Int32Array(shardCount);
    this.#nextRow = new Int32Array(shardCount);
  }

  get spanCount(): number {
    return this.#encoders.reduce((sum, { spanCount }) => sum + spanCount, 0);
  }

  get needsReset(): boolean {
    return this.#encoders[0].needsReset;
  }

  /** The batch is as it was afterwards. */
  add(batch: SpanBatch, tenant: string, receivedUnixMs: number): void {
    const { spans, spanCount } = batch;
    if (spanCount === 0) return;
    this.#countByShard(batch);
    const counts = this.#counts;
    const first = this.#shards[0];
    if (counts[first] === spanCount) {
      this.#encoders[first].add(batch, tenant, receivedUnixMs);
      return;
    }
    this.#groupRecords(batch);
    try {
      for (let shard = 0, from = 0; shard < counts.length; shard++) {
        const count = counts[shard];
        if (count === 0) continue;
        batch.spans = this.#records.subarray(from * SPAN_WORDS, (from + count) * SPAN_WORDS);
        batch.spanCount = count;
        this.#encoders[shard].add(batch, tenant, receivedUnixMs);
        from += count;
      }
    } finally {
      batch.spans = spans;
      batch.spanCount = spanCount;
    }
  }

  finish(allocate?: (byteLength: number) => ArrayBuffer): EncodedEntry {
    const blocks: TableBlock[] = [];
    const tokens: (number | undefined)[] = [];
    let spanCount = 0;
    for (const [shard, encoder] of this.#encoders.entries()) {
      if (encoder.spanCount === 0) {
        tokens.push(undefined);
        continue;
      }
      const entry = encoder.finish(allocate);
      spanCount += entry.spanCount;
      tokens.push(entry.token);
      for (const block of entry.blocks) blocks.push(shard === 0 ? block : { ...block, shard });
    }
    const token = this.#nextToken++;
    this.#tokens.set(token, tokens);
    return { token, spanCount, blocks };
  }

  confirm(token: number): void {
    this.#settle(token, (encoder, own) => encoder.confirm(own));
  }

  forget(token: number): void {
    this.#settle(token, (encoder, own) => encoder.forget(own));
  }

  discard(): void {
    for (const encoder of this.#encoders) encoder.discard();
  }

  /** Each clears the dictionary they share and enters the same few texts anew, under the same ids. */
  reset(): void {
    if (this.spanCount > 0) {
      throw new Error(`sharded encoder: reset with ${this.spanCount} spans in the block. Finish it first.`);
    }
    for (const encoder of this.#encoders) encoder.reset();
    this.#tokens.clear();
  }

  #settle(token: number, settle: (encoder: SpanBlockEncoder, own: number) => void): void {
    for (const [shard, own] of (this.#tokens.get(token) ?? []).entries()) {
      if (own !== undefined) settle(this.#encoders[shard], own);
    }
    this.#tokens.delete(token);
  }

  #countByShard({ spans, spanCount }: SpanBatch): void {
    if (this.#shards.length < spanCount) this.#shards = new Uint16Array(spanCount * 2);
    const shards = this.#shards;
    const slots = this.#slots;
    const counts = this.#counts.fill(0);
    for (let row = 0, at = SPAN_TRACE_ID; row < spanCount; row++, at += SPAN_WORDS) {
      const shard = slots[hashTraceId(spans[at], spans[at + 1], spans[at + 2], spans[at + 3]) % slots.length];
      shards[row] = shard;
      counts[shard]++;
    }
  }

  /** In their order within each shard: encoding wants runs of one scope. */
  #groupRecords({ spans, spanCount }: SpanBatch): void {
    if (this.#records.length < spanCount * SPAN_WORDS) this.#records = new Int32Array(spanCount * 2 * SPAN_WORDS);
    const records = this.#records;
    const nextRow = this.#nextRow;
    for (let shard = 0, row = 0; shard < nextRow.length; shard++) {
      nextRow[shard] = row;
      row += this.#counts[shard];
    }
    for (let row = 0, at = 0; row < spanCount; row++) {
      let to = nextRow[this.#shards[row]]++ * SPAN_WORDS;
      for (const end = at + SPAN_WORDS; at < end; ) records[to++] = spans[at++];
    }
  }
}
