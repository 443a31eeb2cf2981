import { Dictionary, SpanBatch, type TraceId } from '@clew/model';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { describe, expect, it } from 'vitest';
import type { TableBlock } from '../../journal/entry.ts';
import { SpanBlockEncoder } from '../encode/span-block-encoder.ts';
import { readNativeBuffer } from '../native/block-reader.ts';
import { FixedStringColumn } from '../native/fixed-string-column.ts';
import { ShardedBlockEncoder } from './sharded-block-encoder.ts';
import { shardOfTrace, slotsOf } from './trace-shards.ts';

const SLOTS = slotsOf([1, 1, 2]);
const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9);
const [{ body, spanCount }] = generateRequestBodies({ seed: 7, bodies: 1, spansPerBody: 300, resources: 4 });

function start() {
  const dictionary = new Dictionary();
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  const encoder = new ShardedBlockEncoder(SLOTS, () => new SpanBlockEncoder({ dictionary }));
  return { dictionary, batch, encoder };
}

function idsOf(
  blocks: readonly TableBlock[],
): { readonly shard: number; readonly trace: TraceId; readonly span: string }[] {
  return blocks
    .filter(({ table }) => table === 'spans')
    .flatMap(({ bytes, shard = 0 }) =>
      readNativeBuffer(bytes).flatMap((block) => {
        const traces = block.column('trace_id', FixedStringColumn);
        const spans = block.column('span_id', FixedStringColumn);
        return Array.from({ length: block.rowCount }, (_, row) => ({
          shard,
          trace: traces.hex(row) as TraceId,
          span: spans.hex(row),
        }));
      }),
    );
}

const tablesOf = (blocks: readonly TableBlock[]) => blocks.map(({ table, shard = 0 }) => `${table} ${shard}`);

describe('the encoder by shard', () => {
  it('puts every span once, on the shard of its trace', () => {
    const { batch, encoder, dictionary } = start();
    encoder.add(batch, 'acme', RECEIVED_UNIX_MS);
    expect(encoder.spanCount).toBe(spanCount);
    const { blocks } = encoder.finish();
    const ids = idsOf(blocks);
    for (const { shard, trace } of ids) expect(shard).toBe(shardOfTrace(trace, SLOTS));
    expect(new Set(ids.map(({ shard }) => shard)).size).toBe(3);

    const whole = new SpanBlockEncoder({ dictionary });
    whole.add(batch, 'acme', RECEIVED_UNIX_MS);
    const expected = idsOf(whole.finish().blocks).map(({ trace, span }) => trace + span);
    expect(ids.map(({ trace, span }) => trace + span).sort()).toEqual(expected.sort());
  });

  it('leaves the batch as it was', () => {
    const { batch, encoder } = start();
    const before = batch.spans;
    const content = before.slice(0, spanCount * 32);
    encoder.add(batch, 'acme', RECEIVED_UNIX_MS);
    expect(batch.spans).toBe(before);
    expect(batch.spanCount).toBe(spanCount);
    expect(before.slice(0, content.length)).toEqual(content);
  });

  it('gives each shard the catalogue until an entry with it is confirmed', () => {
    const { batch, encoder } = start();
    const next = () => {
      encoder.add(batch, 'acme', RECEIVED_UNIX_MS);
      return encoder.finish();
    };
    const first = next();
    expect(tablesOf(first.blocks)).toEqual(
      [0, 1, 2].flatMap((shard) =>
        ['resources', 'scopes', 'operations', 'attribute_keys', 'spans'].map((table) => `${table} ${shard}`),
      ),
    );
    encoder.forget(first.token);
    const second = next();
    expect(tablesOf(second.blocks)).toEqual(tablesOf(first.blocks));
    encoder.confirm(second.token);
    expect(tablesOf(next().blocks)).toEqual(['spans 0', 'spans 1', 'spans 2']);
  });

  it('forgets a block that is discarded, and all names on reset', () => {
    const { batch, encoder, dictionary } = start();
    encoder.add(batch, 'acme', RECEIVED_UNIX_MS);
    expect(() => encoder.reset()).toThrow(`reset with ${spanCount} spans`);
    encoder.discard();
    expect(encoder.spanCount).toBe(0);
    encoder.reset();
    const again = new SpanBatch(dictionary);
    decodeOtlpProtobuf(again, body, DEFAULT_DECODE_LIMITS);
    encoder.add(again, 'acme', RECEIVED_UNIX_MS);
    expect(idsOf(encoder.finish().blocks)).toHaveLength(spanCount);
  });
});
