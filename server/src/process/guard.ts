import { SPAN_ID, SPAN_TRACE_ID, SPAN_WORDS, type SpanBatch } from '@clew/model';
import type { ProcessStage } from './pipeline.ts';
import type { Rejections } from './rejections.ts';

export const NO_TRACE_ID = 'trace id missing or all zeros';
export const NO_SPAN_ID = 'span id missing or all zeros';

/**
 * Drops spans nobody could find again: those without a trace id or a span id (trace.proto: "an ID with all zeroes
 * is considered invalid"). The decoders turn ids of a wrong length into zeros, so those go here too.
 */
export function createGuard(): ProcessStage {
  return { name: 'guard', process: dropSpansWithoutIds };
}

function dropSpansWithoutIds(batch: SpanBatch, rejections: Rejections): void {
  const { spans, spanCount } = batch;
  let noTraceId = 0;
  let noSpanId = 0;
  let kept = 0;
  for (let row = 0; row < spanCount; row++) {
    const at = row * SPAN_WORDS;
    const traceId = at + SPAN_TRACE_ID;
    const spanId = at + SPAN_ID;
    if ((spans[traceId] | spans[traceId + 1] | spans[traceId + 2] | spans[traceId + 3]) === 0) {
      noTraceId++;
    } else if ((spans[spanId] | spans[spanId + 1]) === 0) {
      noSpanId++;
    } else {
      if (kept !== row) spans.copyWithin(kept * SPAN_WORDS, at, at + SPAN_WORDS);
      kept++;
    }
  }
  // The attributes, events and links of dropped spans stay in their tables, where no span points to them.
  batch.spanCount = kept;
  rejections.add(NO_TRACE_ID, noTraceId);
  rejections.add(NO_SPAN_ID, noSpanId);
}
