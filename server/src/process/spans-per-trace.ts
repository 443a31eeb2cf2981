import { SPAN_TRACE_ID, SPAN_WORDS, type SpanBatch } from '@clew/model';
import type { LimitCounts } from './limit-counts.ts';
import { NameHash } from './name-hash.ts';
import type { ProcessStage } from './pipeline.ts';
import type { Rejections } from './rejections.ts';
import type { TenantContext } from './tenant-context.ts';
import type { TraceCounts } from './trace-counts.ts';

/** Rejects what a trace brings beyond `limits.spansPerTrace`: a loop that never ends must not fill the store. */
export class SpansPerTrace implements ProcessStage {
  readonly name = 'spans per trace';
  readonly #counts: TraceCounts;
  readonly #hits: LimitCounts;
  readonly #seed: number;
  readonly #hash: NameHash;
  #tenant = '';
  #tenantHash = 0;

  constructor(counts: TraceCounts, hits: LimitCounts, seed: number) {
    this.#counts = counts;
    this.#hits = hits;
    this.#seed = seed | 0;
    this.#hash = new NameHash(seed);
  }

  process(batch: SpanBatch, rejections: Rejections, { tenant, limits }: TenantContext): void {
    const limit = limits.spansPerTrace;
    if (limit === 0) return;
    this.#enterTenant(tenant);
    this.#counts.enterWindow();
    const { spans, spanCount } = batch;
    let kept = 0;
    for (let row = 0; row < spanCount; ) {
      const end = endOfRun(spans, row, spanCount);
      const room = limit - this.#add(spans, row * SPAN_WORDS + SPAN_TRACE_ID, end - row);
      const taken = Math.min(Math.max(room, 0), end - row);
      if (kept !== row) spans.copyWithin(kept * SPAN_WORDS, row * SPAN_WORDS, (row + taken) * SPAN_WORDS);
      kept += taken;
      row = end;
    }
    if (kept === spanCount) return;
    batch.spanCount = kept;
    rejections.add(`more than ${limit} spans in a trace (limits.spansPerTrace)`, spanCount - kept);
    this.#hits.add('spans_per_trace', tenant, spanCount - kept);
  }

  #enterTenant(tenant: string): void {
    if (tenant === this.#tenant) return;
    this.#tenant = tenant;
    this.#hash.start();
    this.#hash.addText(tenant);
    this.#hash.finish();
    this.#tenantHash = this.#hash.low;
  }

  /** Ids are random as a rule, so little mixing is needed; it is there for those that are not. */
  #add(spans: Int32Array, at: number, count: number): number {
    let low = Math.imul(spans[at] ^ this.#tenantHash, 0x85ebca6b) ^ spans[at + 1];
    low = Math.imul(low ^ (low >>> 15), 0xc2b2ae35) ^ spans[at + 2];
    low = Math.imul(low ^ (low >>> 13), 0x9e3779b1) ^ spans[at + 3];
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
    let high = Math.imul(spans[at + 3] ^ this.#seed, 0xc2b2ae35) ^ spans[at];
    high = Math.imul(high ^ (high >>> 15) ^ spans[at + 1], 0x85ebca6b) + low;
    high = Math.imul(high ^ (high >>> 13) ^ spans[at + 2], 0x9e3779b1);
    low ^= low >>> 13;
    return this.#counts.add(low === 0 ? 1 : low, high ^ (high >>> 16), count);
  }
}

/** Spans of one trace mostly come one after the other: the table is asked once for them. */
function endOfRun(spans: Int32Array, row: number, spanCount: number): number {
  const at = row * SPAN_WORDS + SPAN_TRACE_ID;
  let end = row + 1;
  for (let next = at + SPAN_WORDS; end < spanCount; end++, next += SPAN_WORDS) {
    if (
      spans[next + 3] !== spans[at + 3] ||
      spans[next] !== spans[at] ||
      spans[next + 1] !== spans[at + 1] ||
      spans[next + 2] !== spans[at + 2]
    ) {
      break;
    }
  }
  return end;
}
