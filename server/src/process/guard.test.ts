import { SPAN_ID, SPAN_KIND, SPAN_TRACE_ID, SPAN_WORDS, SpanBatch } from '@clew/model';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { createGuard } from './guard.ts';
import { Pipeline } from './pipeline.ts';
import { Rejections } from './rejections.ts';
import { TenantContexts } from './tenant-context.ts';

const CONTEXT = new TenantContexts(() => loadConfig({ cwd: '/nowhere', env: {} }).limits).of('shop');

interface Ids {
  readonly trace: readonly [number, number, number, number];
  readonly span: readonly [number, number];
}

/** Spans numbered by their kind word, so that it shows which are left. */
function batchOf(ids: readonly Ids[]): SpanBatch {
  const batch = new SpanBatch();
  for (const { trace, span } of ids) {
    const spans = batch.reserveSpan();
    const at = batch.spanCount * SPAN_WORDS;
    spans.fill(0, at, at + SPAN_WORDS);
    spans.set(trace, at + SPAN_TRACE_ID);
    spans.set(span, at + SPAN_ID);
    spans[at + SPAN_KIND] = batch.spanCount;
    batch.spanCount++;
  }
  return batch;
}

function numbersLeft(batch: SpanBatch): number[] {
  return Array.from({ length: batch.spanCount }, (_, row) => batch.spans[row * SPAN_WORDS + SPAN_KIND]);
}

const GOOD: Ids = { trace: [1, 2, 3, 4], span: [5, 6] };
const NO_TRACE: Ids = { trace: [0, 0, 0, 0], span: [5, 6] };
const NO_SPAN: Ids = { trace: [1, 2, 3, 4], span: [0, 0] };

describe('the guard', () => {
  test('drops spans without ids and keeps the others in their order', () => {
    const batch = batchOf([GOOD, NO_TRACE, GOOD, NO_SPAN, GOOD, NO_TRACE, GOOD, GOOD, GOOD, GOOD]);
    const rejections = new Rejections();
    createGuard().process(batch, rejections, CONTEXT);
    expect(numbersLeft(batch)).toEqual([0, 2, 4, 6, 7, 8, 9]);
    expect(rejections.message(10)).toBe(
      '3 of 10 spans rejected: trace id missing or all zeros (2), span id missing or all zeros (1)',
    );
  });

  test('keeps a span with any one word of its ids set', () => {
    const ids: Ids[] = [];
    for (let i = 0; i < 4; i++) {
      const trace: [number, number, number, number] = [0, 0, 0, 0];
      trace[i] = 1 << 31;
      ids.push({ trace, span: i % 2 === 0 ? [0, 1] : [1, 0] });
    }
    const batch = batchOf(ids);
    const rejections = new Rejections();
    createGuard().process(batch, rejections, CONTEXT);
    expect(batch.spanCount).toBe(4);
    expect(rejections.total).toBe(0);
    expect(rejections.message(4)).toBe('');
  });

  test('counts a span without either id once', () => {
    const batch = batchOf([{ trace: [0, 0, 0, 0], span: [0, 0] }]);
    const rejections = new Rejections();
    createGuard().process(batch, rejections, CONTEXT);
    expect(batch.spanCount).toBe(0);
    expect(rejections.total).toBe(1);
  });
});

describe('the pipeline', () => {
  test('runs its stages in order and counts what each saw and dropped', () => {
    const seen: number[] = [];
    const pipeline = new Pipeline([
      createGuard(),
      { name: 'watch', process: (batch) => void seen.push(batch.spanCount) },
    ]);
    pipeline.process(batchOf([GOOD, NO_SPAN, GOOD]), new Rejections(), CONTEXT);
    pipeline.process(batchOf([GOOD]), new Rejections(), CONTEXT);
    expect(seen).toEqual([2, 1]);
    expect(pipeline.counts()).toEqual([
      { stage: 'guard', spansIn: 4, spansDropped: 1 },
      { stage: 'watch', spansIn: 3, spansDropped: 0 },
    ]);
  });

  test('stops when nothing is left', () => {
    const seen: number[] = [];
    const pipeline = new Pipeline([
      createGuard(),
      { name: 'watch', process: (batch) => void seen.push(batch.spanCount) },
    ]);
    pipeline.process(batchOf([NO_TRACE]), new Rejections(), CONTEXT);
    expect(seen).toEqual([]);
  });
});
