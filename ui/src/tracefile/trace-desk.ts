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
import { TRACE_FILE_LIMITS } from '@clew/wire/file/trace-file-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { resourceToJson, scopeToJson, spanToOtlpJson } from '@clew/wire/otlp/encode-json';
import { resourceSpansAt, scopeSpansAt, spanAt } from '@clew/wire/otlp/trace-data-from-batch';
import { describeTrace, type FileTrace, hexAt, resourceOfSpan } from './batch-traces.ts';
import { columnsFromBatch } from './columns-from-batch.ts';
import type { ExportFormat } from './export-formats.ts';
import { exportSpans } from './export-trace.ts';
import { matchSpans, queriedData, valuesOfSpans } from './file-span-values.ts';
import { joinTraces } from './join-traces.ts';
import { type LinkingSpan, linkingSpansOf, MAX_LINKING_SPANS } from './linking-spans.ts';
import { type FailedFile, type OpenedFile, readFiles } from './read-files.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { listEvents, type TraceEvents } from './trace-events.ts';

export interface DeskSummary {
  readonly files: readonly OpenedFile[];
  readonly failed: readonly FailedFile[];
  /** Of all files; most spans first. */
  readonly traces: readonly FileTrace[];
  readonly spanCount: number;
  /** Spans left out because their trace or span id is none. */
  readonly invalidSpanCount: number;
  /** Spans left out because a file before holds them too. */
  readonly repeatedSpanCount: number;
}

/** Spans with all they carry, laid out in a worker: what files or the server gave, and every question about it. */
export class TraceDesk {
  #sheets: readonly Sheet[] = [];
  #sheetOf: ReadonlyMap<TraceId, Sheet> = new Map();
  #queried: { readonly traceId: string; readonly data: WeakRef<TraceData> } | undefined;

  /** Opens files in the place of what was open: see readFiles and joinTraces. */
  async openFiles(files: readonly File[]): Promise<DeskSummary> {
    const { sheets: read, opened, failed } = await readFiles(files);
    const { sheets, repeatedSpanCount } = joinTraces(read);
    this.#lay(sheets);
    const traces = sheets.flatMap(({ batch, traces: among, fileNames }) =>
      [...among.rows.keys()].map((traceId) => ({ ...describeTrace(batch, among, traceId), fileNames })),
    );
    return {
      files: opened,
      failed,
      traces: traces.sort((a, b) => b.spanCount - a.spanCount),
      spanCount: traces.reduce((sum, { spanCount }) => sum + spanCount, 0),
      invalidSpanCount: read.reduce((sum, sheet) => sum + sheet.traces.invalidSpanCount, 0),
      repeatedSpanCount,
    };
  }

  /** A stored trace as the server sends it. @throws DecodeError */
  openProtobuf(body: Uint8Array): void {
    const batch = new SpanBatch();
    decodeOtlpProtobuf(batch, body, TRACE_FILE_LIMITS);
    this.#lay([sheetOf(batch, [])]);
  }

  columns(traceId: TraceId): TraceColumns {
    const { batch, traces } = this.#sheet(traceId);
    return columnsFromBatch(batch, traces, traceId);
  }

  /** The first span with this id, or undefined. */
  span(traceId: string, spanId: string): SpanAnswer | undefined {
    const { batch, rows } = this.#spansOf(traceId);
    for (const row of rows) {
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
    const { batch, rows } = this.#spansOf(traceId);
    return listEvents(batch, rows, spanIds, startTimeUnixNano, filter);
  }

  /** See matchSpans. */
  match(traceId: string, query: string): SpanValues {
    return matchSpans(this.#dataOf(traceId), query);
  }

  /** See valuesOfSpans. */
  values(traceId: string, name: string): SpanValues {
    return valuesOfSpans(this.#dataOf(traceId), name);
  }

  /** Of all sheets; at most MAX_LINKING_SPANS. */
  linkingSpans(traceId: string, spanId: string): LinkingSpan[] {
    return this.#sheets
      .flatMap(({ batch, traces }) => linkingSpansOf(batch, traces, traceId, spanId))
      .slice(0, MAX_LINKING_SPANS);
  }

  exportTrace(traceId: string, format: ExportFormat): Blob {
    const { batch, rows } = this.#spansOf(traceId);
    return exportSpans(batch, rows, format);
  }

  #lay(sheets: readonly Sheet[]): void {
    this.#sheets = sheets;
    this.#sheetOf = new Map(
      sheets.flatMap((sheet) => [...sheet.traces.rows.keys()].map((traceId) => [traceId, sheet] as const)),
    );
    this.#queried = undefined;
  }

  /** Kept for the next query as long as memory is not wanted for something else. */
  #dataOf(traceId: string): TraceData {
    const known = this.#queried?.traceId === traceId ? this.#queried.data.deref() : undefined;
    if (known !== undefined) return known;
    const { batch, rows } = this.#spansOf(traceId);
    const data = queriedData(batch, rows);
    this.#queried = { traceId, data: new WeakRef(data) };
    return data;
  }

  #spansOf(traceId: string): { readonly batch: SpanBatch; readonly rows: Int32Array } {
    const { batch, traces } = this.#sheet(traceId);
    return { batch, rows: traces.rows.get(traceId as TraceId) ?? new Int32Array(0) };
  }

  /** The one with the spans of a trace; an empty one where there is none. */
  #sheet(traceId: string): Sheet {
    return this.#sheetOf.get(traceId as TraceId) ?? sheetOf(new SpanBatch(), []);
  }
}
