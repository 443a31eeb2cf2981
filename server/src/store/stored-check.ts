/** Whether a group of spans that failed to be inserted left something in the store after all. */
import { readNativeBuffer } from './native/block-reader.ts';
import { FixedStringColumn } from './native/fixed-string-column.ts';
import type { NativeBlock } from './native/native-block.ts';
import { NumberColumn } from './native/number-column.ts';
import type { StoreClient } from './store-client.ts';

interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** @returns true when a span of these blocks is in the store, or one with its ids. */
export async function containsAnySpan(
  client: Pick<StoreClient, 'selectJson'>,
  database: string,
  spanBlocks: readonly Uint8Array[],
): Promise<boolean> {
  return (await countFound(client, database, sampleOf(spanBlocks))) > 0;
}

/** @returns true when of each partition of these blocks a span, or one with its ids, is in the store. */
export async function containsAllSpans(
  client: Pick<StoreClient, 'selectJson'>,
  database: string,
  spanBlocks: readonly Uint8Array[],
): Promise<boolean> {
  const sample = sampleOf(spanBlocks);
  const distinct = new Set(sample.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).size;
  return (await countFound(client, database, sample)) === distinct;
}

/** Blocks that are looked into, spread over the group: an insert stores all rows of a partition or none. */
const MAX_BLOCKS = 100;

/** One of each partition of each block: at most MAX_BLOCKS times the seven days and the retention classes there are. */
function sampleOf(spanBlocks: readonly Uint8Array[]): readonly SpanIds[] {
  const step = Math.ceil(spanBlocks.length / MAX_BLOCKS);
  const looked = spanBlocks.filter((_, at) => at % step === 0);
  return looked.flatMap((bytes) => readNativeBuffer(bytes).flatMap(oneOfEachPartition));
}

/** How many different spans of these are there. */
async function countFound(
  client: Pick<StoreClient, 'selectJson'>,
  database: string,
  ids: readonly SpanIds[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const spans = ids.map(({ traceId, spanId }) => `(unhex('${traceId}'), unhex('${spanId}'))`).join(', ');
  const traces = [...new Set(ids.map(({ traceId }) => `unhex('${traceId}')`))].join(', ');
  // The traces by themselves as well: the table has an index of them.
  const { rows } = await client.selectJson<{ found: string }>(
    `SELECT uniqExact(trace_id, span_id) AS found FROM ${database}.spans
     WHERE trace_id IN (${traces}) AND (trace_id, span_id) IN (${spans})`,
  );
  return Number(rows[0]?.found ?? 0);
}

function oneOfEachPartition(block: NativeBlock): SpanIds[] {
  const traces = block.column('trace_id', FixedStringColumn);
  const spans = block.column('span_id', FixedStringColumn);
  const retention = block.column('retention_days', NumberColumn);
  const days = block.column('day', NumberColumn);
  const seen = new Map<string, SpanIds>();
  for (let row = 0; row < block.rowCount; row++) {
    const partition = `${retention.number(row)} ${days.number(row)}`;
    if (!seen.has(partition)) seen.set(partition, { traceId: traces.hex(row), spanId: spans.hex(row) });
  }
  return [...seen.values()];
}
