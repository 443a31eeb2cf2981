import { SPAN_SCOPE, SPAN_WORDS, type SpanBatch } from '@clew/model';
import type { SpanInContext } from '@clew/wire/file/span-in-context';
import { writeJaegerJson } from '@clew/wire/jaeger/write-jaeger-json';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { resourceSpansAt, scopeSpansAt, spanAt } from '@clew/wire/otlp/trace-data-from-batch';
import { writeZipkinJson } from '@clew/wire/zipkin/write-zipkin-json';
import { resourceOfSpan } from './batch-traces.ts';
import type { ExportFormat } from './export-formats.ts';
import { traceDataOf } from './trace-data-of.ts';

/** Characters gathered before they become a part of the file. */
const PART_CHARACTERS = 1 << 20;
const JSON_TYPE = 'application/json';

/** Some spans of a batch as a file; a span at a time, so that the whole never stands as one string. */
export function exportSpans(batch: SpanBatch, rows: Int32Array, format: ExportFormat): Blob {
  if (format === 'jaeger') return blobOf(writeJaegerJson(eachSpan(batch, rows)));
  if (format === 'zipkin') return blobOf(writeZipkinJson(eachSpan(batch, rows)));
  return new Blob([writeOtlpJson(traceDataOf(batch, rows))], { type: JSON_TYPE });
}

function blobOf(texts: Iterable<string>): Blob {
  const parts: Blob[] = [];
  let pending: string[] = [];
  let length = 0;
  for (const text of texts) {
    pending.push(text);
    length += text.length;
    if (length < PART_CHARACTERS) continue;
    parts.push(new Blob(pending));
    pending = [];
    length = 0;
  }
  return new Blob([...parts, ...pending], { type: JSON_TYPE });
}

/** Resources and scopes are made once each: writers tell them apart by identity. */
function* eachSpan(batch: SpanBatch, rows: Int32Array): Generator<SpanInContext> {
  const contexts = new Map<number, Omit<SpanInContext, 'span'>>();
  const resources = new Map<number, SpanInContext['resource']>();
  for (const row of rows) {
    const scopeRow = batch.spans[row * SPAN_WORDS + SPAN_SCOPE];
    let context = contexts.get(scopeRow);
    if (context === undefined) {
      const resourceRow = resourceOfSpan(batch, row);
      const resource = resources.get(resourceRow) ?? resourceSpansAt(batch, resourceRow, []).resource;
      resources.set(resourceRow, resource);
      context = { resource, scope: scopeSpansAt(batch, scopeRow, []).scope };
      contexts.set(scopeRow, context);
    }
    yield { span: spanAt(batch, row), ...context };
  }
}
