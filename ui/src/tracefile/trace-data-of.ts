import { type ScopeSpans, SPAN_SCOPE, SPAN_WORDS, type Span, type SpanBatch, type TraceData } from '@clew/model';
import { resourceSpansAt, scopeSpansAt, spanAt } from '@clew/wire/otlp/trace-data-from-batch';
import { resourceOfSpan } from './batch-traces.ts';

/** Some spans of a batch as objects, under their resources and scopes. */
export function traceDataOf(batch: SpanBatch, rows: Int32Array): TraceData {
  const resources = new Map<number, Map<number, Span[]>>();
  for (const row of rows) {
    const resourceRow = resourceOfSpan(batch, row);
    const scopeRow = batch.spans[row * SPAN_WORDS + SPAN_SCOPE];
    const scopes = resources.get(resourceRow) ?? new Map<number, Span[]>();
    resources.set(resourceRow, scopes);
    const spans = scopes.get(scopeRow) ?? [];
    scopes.set(scopeRow, spans);
    spans.push(spanAt(batch, row));
  }
  const resourceSpans = [...resources].map(([resourceRow, scopes]) => {
    const scopeSpans: ScopeSpans[] = [...scopes].map(([scopeRow, spans]) => scopeSpansAt(batch, scopeRow, spans));
    return resourceSpansAt(batch, resourceRow, scopeSpans);
  });
  return { resourceSpans };
}
