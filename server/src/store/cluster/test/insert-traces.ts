import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { SpanBlockEncoder } from '../../encode/span-block-encoder.ts';
import type { OpenedStore } from '../../opened-store.ts';
import { ShardedBlockEncoder } from '../sharded-block-encoder.ts';

const INSERT_TIMEOUT_MS = 60_000;

/**
 * Stores traces the way ingestion does: OTLP bytes, decoder, encoders by shard, each block straight to its shard.
 * @returns the number of spans.
 */
export async function insertTraces(
  { shardSlots, targetOf }: Pick<OpenedStore, 'shardSlots' | 'targetOf'>,
  data: TraceData,
  { tenant, receivedUnixMs, token }: { tenant: string; receivedUnixMs: number; token: string },
): Promise<number> {
  const dictionary = new Dictionary();
  const batch = new SpanBatch(dictionary);
  const encoder = new ShardedBlockEncoder(shardSlots ?? new Uint16Array(1), () => new SpanBlockEncoder({ dictionary }));
  for (const resourceSpans of data.resourceSpans) {
    decodeOtlpProtobuf(batch, encodeOtlpProtobuf({ resourceSpans: [resourceSpans] }), DEFAULT_DECODE_LIMITS);
    encoder.add(batch, tenant, receivedUnixMs);
  }
  const { blocks, spanCount } = encoder.finish();
  for (const { table, bytes, shard = 0 } of blocks) {
    const own = { deduplicationToken: `${token}-${table}-${shard}`, timeoutMs: INSERT_TIMEOUT_MS };
    await targetOf(shard).insertNative(table, [bytes], own);
  }
  return spanCount;
}
