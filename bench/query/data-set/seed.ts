/** Writes the seed: realistic traces, encoded as Clew stores them and as rows of the baseline's table. */
import { SpanBatch, type TraceData } from '@clew/model';
import { Dictionary } from '@clew/model/dictionary';
import { Random } from '@clew/testkit/random';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import type { StoreClient } from '../../../server/src/store/client.ts';
import { SpanBlockEncoder } from '../../../server/src/store/encode/span-block-encoder.ts';
import { addBaselineRows, type BaselineRow } from '../../target/baseline-rows.ts';
import { ShopWorld } from './shop-world.ts';

export interface SeedPlan {
  readonly seed: number;
  readonly spans: number;
  readonly tenant: string;
  /** The seed's traces start in the `slotNano` before this. */
  readonly endUnixNano: bigint;
  readonly slotNano: bigint;
  readonly largeTraceSpans: number;
}

export interface Seed {
  readonly spans: number;
  readonly traces: number;
  readonly largeTraceId: string;
  readonly largeTraceSpans: number;
}

export const SEED_TABLES = { clew: 'bench.seed_spans', baseline: 'bench.seed_otel' } as const;

/** Mean of 6 to 40. */
const SPANS_PER_TRACE = 23;
const TRACES_PER_BATCH = 400;

/** The tables of `clew` and `bench` must be there; spans go into `SEED_TABLES`, catalogues into `clew`. */
export async function writeSeed(
  client: StoreClient,
  insertBaseline: (rows: readonly BaselineRow[]) => Promise<void>,
  plan: SeedPlan,
  progress: (spans: number) => void,
): Promise<Seed> {
  const world = new ShopWorld(new Random(plan.seed));
  const dictionary = new Dictionary();
  const encoder = new SpanBlockEncoder({ dictionary });
  let inserts = 0;
  const insert = async (data: TraceData): Promise<void> => {
    const body = encodeOtlpProtobuf(data);
    const rows: BaselineRow[] = [];
    addBaselineRows(rows, body);
    const batch = new SpanBatch(dictionary);
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    encoder.add(batch, plan.tenant, Number(plan.endUnixNano / 1_000_000n));
    const entry = encoder.finish();
    for (const { table, bytes } of entry.blocks) {
      const name = table === 'spans' ? SEED_TABLES.clew : `clew.${table}`;
      await client.insertNative(name, [bytes], { deduplicationToken: `seed-${inserts++}` });
    }
    encoder.confirm(entry.token);
    await insertBaseline(rows);
  };
  let spans = 0;
  const planned = Math.ceil(plan.spans / SPANS_PER_TRACE);
  for (let trace = 0; trace < planned; trace += TRACES_PER_BATCH) {
    const count = Math.min(TRACES_PER_BATCH, planned - trace);
    const from = plan.endUnixNano - plan.slotNano;
    const starts = Array.from(
      { length: count },
      (_, i) => from + (plan.slotNano * BigInt(trace + i)) / BigInt(planned),
    );
    const { data, spanCount } = world.traces(starts);
    await insert(data);
    spans += spanCount;
    progress(spans);
  }
  const large = world.traces([plan.endUnixNano - plan.slotNano / 2n], plan.largeTraceSpans);
  await insert(large.data);
  return {
    spans: spans + large.spanCount,
    traces: planned + 1,
    largeTraceId: large.firstTraceId,
    largeTraceSpans: large.spanCount,
  };
}
