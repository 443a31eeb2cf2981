import {
  LINK_SPAN_ID,
  LINK_TRACE_ID,
  LINK_WORDS,
  SPAN_ID,
  SPAN_LINKS,
  SPAN_NAME,
  SPAN_START,
  SPAN_TRACE_ID,
  SPAN_WORDS,
  type SpanBatch,
} from '@clew/model';
import { type BatchTraces, hexAt, serviceOfSpan, timeAt } from './batch-traces.ts';

/** Most spans that are told to link to one. */
export const MAX_LINKING_SPANS = 50;

/** A span elsewhere that links to the one that is looked at. */
export interface LinkingSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  readonly name: string;
  /** Unsigned nanoseconds since 1970, decimal. */
  readonly startTimeUnixNano: string;
}

/** The spans of some traces of a batch with a link to a span; at most MAX_LINKING_SPANS. */
export function linkingSpansOf(batch: SpanBatch, traces: BatchTraces, traceId: string, spanId: string): LinkingSpan[] {
  const { spans, links } = batch;
  const found: LinkingSpan[] = [];
  for (const row of rowsOf(traces)) {
    if (found.length === MAX_LINKING_SPANS) break;
    const word = row * SPAN_WORDS;
    const first = spans[word + SPAN_LINKS];
    for (let link = first; link < first + spans[word + SPAN_LINKS + 1]; link++) {
      if (hexAt(links, link * LINK_WORDS + LINK_SPAN_ID, 2) !== spanId) continue;
      if (hexAt(links, link * LINK_WORDS + LINK_TRACE_ID, 4) !== traceId) continue;
      found.push({
        traceId: hexAt(spans, word + SPAN_TRACE_ID, 4),
        spanId: hexAt(spans, word + SPAN_ID, 2),
        service: serviceOfSpan(batch, traces, row),
        name: batch.dictionary.text(spans[word + SPAN_NAME]),
        startTimeUnixNano: String(timeAt(spans, word + SPAN_START)),
      });
      break;
    }
  }
  return found;
}

function* rowsOf({ rows }: BatchTraces): Generator<number> {
  for (const some of rows.values()) yield* some;
}
