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
  const ids = spanBlocks.flatMap((bytes) => readNativeBuffer(bytes).flatMap(oneOfEachPartition));
  if (ids.length === 0) return false;
  const spans = ids.map(({ traceId, spanId }) => `(unhex('${traceId}'), unhex('${spanId}'))`).join(', ');
  const traces = [...new Set(ids.map(({ traceId }) => `unhex('${traceId}')`))].join(', ');
  // The traces by themselves as well: the table has an index of them.
  const { rows } = await client.selectJson<{ found: string }>(
    `SELECT count() AS found FROM ${database}.spans WHERE trace_id IN (${traces}) AND (trace_id, span_id) IN (${spans})`,
  );
  return Number(rows[0]?.found ?? 0) > 0;
}

/** An insert stores all rows of a partition or none: one of each tells. */
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
