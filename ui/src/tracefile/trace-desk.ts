import type { SpanAnswer } from '@clew/contract';
import {
  SPAN_ID,
  SPAN_SCOPE,
  SPAN_WORDS,
  SpanBatch,
  type SpanValues,
  type TraceColumns,
  type TraceData,
  type TraceId,
} from '@clew/model';
import { readTraceFile } from '@clew/wire/file/read-trace-file';
import type { TraceFileFormat } from '@clew/wire/file/sniff-trace-file';
import { TRACE_FILE_LIMITS } from '@clew/wire/file/trace-file-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { resourceToJson, scopeToJson, spanToOtlpJson } from '@clew/wire/otlp/encode-json';
import { resourceSpansAt, scopeSpansAt, spanAt } from '@clew/wire/otlp/trace-data-from-batch';
import {
  type BatchTraces,
  describeTrace,
  type FileTrace,
  groupByTrace,
  hexAt,
  resourceOfSpan,
} from './batch-traces.ts';
import { columnsFromBatch } from './columns-from-batch.ts';
import type { ExportFormat } from './export-formats.ts';
import { exportSpans } from './export-trace.ts';
import { matchSpans, queriedData, valuesOfSpans } from './file-span-values.ts';
import { type LinkingSpan, linkingSpansOf } from './linking-spans.ts';
import { listEvents, type TraceEvents } from './trace-events.ts';
import { unpackFile } from './unpack-file.ts';

export interface DeskSummary {
  readonly format: TraceFileFormat;
  /** Most spans first. */
  readonly traces: readonly FileTrace[];
  readonly spanCount: number;
  /** Spans left out because their trace or span id is none. */
  readonly invalidSpanCount: number;
}

/** Spans with all they carry, laid out in a worker: what a file or the server gave, and every question about it. */
export class TraceDesk {
  #batch = new SpanBatch();
  #traces: BatchTraces = groupByTrace(this.#batch);
  #queried: { readonly traceId: string; readonly data: WeakRef<TraceData> } | undefined;

  /** @throws TraceFileError */
  async openFile(file: Blob): Promise<DeskSummary> {
    const { batch, format } = readTraceFile(await unpackFile(file));
    return this.#lay(batch, format);
  }

  /** A stored trace as the server sends it. @throws DecodeError */
  openProtobuf(body: Uint8Array): DeskSummary {
    const batch = new SpanBatch();
    decodeOtlpProtobuf(batch, body, TRACE_FILE_LIMITS);
    return this.#lay(batch, 'otlp-protobuf');
  }

  columns(traceId: TraceId): TraceColumns {
    return columnsFromBatch(this.#batch, this.#traces, traceId);
  }

  /** The first span with this id, or undefined. */
  span(traceId: string, spanId: string): SpanAnswer | undefined {
    const batch = this.#batch;
    for (const row of this.#rowsOf(traceId)) {
      const word = row * SPAN_WORDS;
      if (hexAt(batch.spans, word + SPAN_ID, 2) !== spanId) continue;
      const resource = resourceSpansAt(batch, resourceOfSpan(batch, row), []);
      const scope = scopeSpansAt(batch, batch.spans[word + SPAN_SCOPE], []);
      return {
        resource: resourceToJson(resource.resource),
        resourceSchemaUrl: resource.schemaUrl,
        scope: scopeToJson(scope.scope),
        scopeSchemaUrl: scope.schemaUrl,
        span: spanToOtlpJson(spanAt(batch, row)),
      };
    }
    return undefined;
  }

  /** See listEvents. */
  events(traceId: string, spanIds: Int32Array, startTimeUnixNano: bigint, filter: string): TraceEvents {
    return listEvents(this.#batch, this.#rowsOf(traceId), spanIds, startTimeUnixNano, filter);
  }

  /** See matchSpans. */
  match(traceId: string, query: string): SpanValues {
    return matchSpans(this.#dataOf(traceId), query);
  }

  /** See valuesOfSpans. */
  values(traceId: string, name: string): SpanValues {
    return valuesOfSpans(this.#dataOf(traceId), name);
  }

  linkingSpans(traceId: string, spanId: string): LinkingSpan[] {
    return linkingSpansOf(this.#batch, this.#traces, traceId, spanId);
  }

  exportTrace(traceId: string, format: ExportFormat): Blob {
    return exportSpans(this.#batch, this.#rowsOf(traceId), format);
  }

  #lay(batch: SpanBatch, format: TraceFileFormat): DeskSummary {
    this.#batch = batch;
    this.#traces = groupByTrace(batch);
    this.#queried = undefined;
    const traces = [...this.#traces.rows.keys()].map((traceId) => describeTrace(batch, this.#traces, traceId));
    return {
      format,
      traces: traces.sort((a, b) => b.spanCount - a.spanCount),
      spanCount: batch.spanCount,
      invalidSpanCount: this.#traces.invalidSpanCount,
    };
  }

  /** Kept for the next query as long as memory is not wanted for something else. */
  #dataOf(traceId: string): TraceData {
    const known = this.#queried?.traceId === traceId ? this.#queried.data.deref() : undefined;
    if (known !== undefined) return known;
    const data = queriedData(this.#batch, this.#rowsOf(traceId));
    this.#queried = { traceId, data: new WeakRef(data) };
    return data;
  }

  #rowsOf(traceId: string): Int32Array {
    return this.#traces.rows.get(traceId as TraceId) ?? new Int32Array(0);
  }
}
