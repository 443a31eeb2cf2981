import { SPAN_ID, SPAN_WORDS, type SpanBatch } from '@clew/model';
import { Random } from '@clew/testkit/random';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { LimitCounts } from './limit-counts.ts';
import { Rejections } from './rejections.ts';
import { SpansPerTrace } from './spans-per-trace.ts';
import { TenantContexts } from './tenant-context.ts';
import { serviceBatch } from './test/sketch-batch.ts';
import { TraceCounts } from './trace-counts.ts';

const DEFAULTS = loadConfig({ cwd: '/nowhere', env: {} }).limits;
const A = 'a'.repeat(32);
const B = 'b'.repeat(32);

interface TestStage {
  readonly hits: LimitCounts;
  process(batch: SpanBatch, tenant?: string): { readonly kept: readonly number[]; readonly message: string };
}

function stageWith(spansPerTrace: number, clock = { nowMs: 0 }): TestStage {
  const hits = new LimitCounts();
  const counts = new TraceCounts(new SharedArrayBuffer(TraceCounts.byteLength), () => clock.nowMs);
  const stage = new SpansPerTrace(counts, hits, 99);
  const contexts = new TenantContexts(() => ({ ...DEFAULTS, spansPerTrace }));
  return {
    hits,
    process(batch, tenant = 'shop') {
      const before = batch.spanCount;
      const rejections = new Rejections();
      stage.process(batch, rejections, contexts.of(tenant));
      const kept = Array.from({ length: batch.spanCount }, (_, row) => spanNumber(batch, row));
      return { kept, message: rejections.message(before) };
    },
  };
}

function spanNumber(batch: SpanBatch, row: number): number {
  const at = row * SPAN_WORDS + SPAN_ID + 1;
  return new DataView(Int32Array.of(batch.spans[at]).buffer).getUint32(0);
}

function batchOf(...traceIds: readonly string[]): SpanBatch {
  return serviceBatch(
    'a',
    traceIds.map((traceId) => ({ traceId })),
  );
}

describe('the number of spans in a trace', () => {
  test('rejects what comes beyond it, in the middle of a request and in later ones', () => {
    const { process, hits } = stageWith(3);
    expect(process(batchOf(A, A, B, A, A, B))).toEqual({
      kept: [1, 2, 3, 4, 6],
      message: '1 of 6 spans rejected: more than 3 spans in a trace (limits.spansPerTrace) (1)',
    });
    expect(process(batchOf(B, A, B)).kept).toEqual([1]);
    expect(process(batchOf(B)).kept).toEqual([]);
    expect(hits.take()).toEqual([{ limit: 'spans_per_trace', tenant: 'shop', count: 4 }]);
  });

  test('counts tenants apart and starts anew each hour', () => {
    const clock = { nowMs: 0 };
    const { process } = stageWith(1, clock);
    expect(process(batchOf(A, A)).kept).toEqual([1]);
    expect(process(batchOf(A), 'bank').kept).toEqual([1]);
    expect(process(batchOf(A)).kept).toEqual([]);
    clock.nowMs += 3_600_000;
    expect(process(batchOf(A)).kept).toEqual([1]);
  });

  test('never rejects a trace below it, among however many others', () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = new Random(seed);
    const { process } = stageWith(40);
    for (let round = 0; round < 40; round++) {
      const traceIds: string[] = [];
      for (let i = 0; i < 5_000; i++) {
        const id = Array.from({ length: 4 }, () =>
          Math.floor(random.float() * 2 ** 32)
            .toString(16)
            .padStart(8, '0'),
        );
        traceIds.push(id.join(''));
      }
      expect(process(batchOf(...traceIds)).kept, `seed ${seed}`).toHaveLength(5_000);
    }
  });

  test('finds a trace that grows fast among 200,000 others, and ids that only count up', () => {
    const { process } = stageWith(500);
    let kept = 0;
    for (let round = 0; round < 20; round++) {
      const others = Array.from({ length: 10_000 }, (_, i) => (round * 10_000 + i + 1).toString(16).padStart(32, '0'));
      const answer = process(batchOf(...Array.from({ length: 50 }, () => A), ...others));
      kept += answer.kept.filter((number) => number <= 50).length;
      expect(answer.kept.filter((number) => number > 50)).toHaveLength(10_000);
    }
    expect(kept).toBe(500);
  });
});
