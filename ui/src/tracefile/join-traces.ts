import { SPAN_ID, SPAN_KIND, SPAN_WORDS, SpanBatch, type TraceId } from '@clew/model';
import { TRACE_FILE_LIMITS } from '@clew/wire/file/trace-file-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { hexAt } from './batch-traces.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { traceDataOf } from './trace-data-of.ts';

/** Spans that stand as objects at a time. */
const SPANS_A_PIECE = 10_000;

export interface JoinedTraces {
  /** Each trace is on one of them alone. */
  readonly sheets: readonly Sheet[];
  /** Spans that several files hold, beyond the first. */
  readonly repeatedSpanCount: number;
}

/** Spans of one trace out of several files become one trace; a span that several files hold is there once. */
export function joinTraces(sheets: readonly Sheet[]): JoinedTraces {
  const places = new Map<TraceId, Sheet[]>();
  for (const sheet of sheets) {
    for (const traceId of sheet.traces.rows.keys()) places.set(traceId, [...(places.get(traceId) ?? []), sheet]);
  }
  const spread = [...places].filter(([, among]) => among.length > 1);
  if (spread.length === 0) return { sheets, repeatedSpanCount: 0 };
  const joined = new Map<string, { readonly fileNames: readonly string[]; readonly pieces: Uint8Array[] }>();
  let repeatedSpanCount = 0;
  for (const [traceId, among] of spread) {
    const fileNames = among.flatMap((sheet) => sheet.fileNames);
    const key = JSON.stringify(fileNames);
    const target = joined.get(key) ?? { fileNames, pieces: [] };
    joined.set(key, target);
    repeatedSpanCount += writeTrace(target.pieces, traceId, among);
  }
  const taken = new Set(spread.map(([traceId]) => traceId));
  const together = [...joined.values()].map(({ fileNames, pieces }) => sheetOf(batchOf(pieces), fileNames));
  return { sheets: [...sheets.map((sheet) => without(sheet, taken)), ...together], repeatedSpanCount };
}

/** Appends the spans of a trace as OTLP; answers how many were there before. */
function writeTrace(pieces: Uint8Array[], traceId: TraceId, among: readonly Sheet[]): number {
  let repeated = 0;
  const known = new Set<string>();
  for (const { batch, traces } of among) {
    const rows = traces.rows.get(traceId) ?? new Int32Array(0);
    // Client and server may share an id in Zipkin. Within a file every span stays: that is the file's own matter.
    const keys = Array.from(rows, (row) => {
      const word = row * SPAN_WORDS;
      return `${hexAt(batch.spans, word + SPAN_ID, 2)} ${batch.spans[word + SPAN_KIND]}`;
    });
    const fresh = rows.filter((_, at) => !known.has(keys[at]));
    repeated += rows.length - fresh.length;
    for (const key of keys) known.add(key);
    for (let from = 0; from < fresh.length; from += SPANS_A_PIECE) {
      pieces.push(encodeOtlpProtobuf(traceDataOf(batch, fresh.subarray(from, from + SPANS_A_PIECE))));
    }
  }
  return repeated;
}

/** Protobuf messages one after the other are one message with all of their fields. */
function batchOf(pieces: readonly Uint8Array[]): SpanBatch {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  const batch = new SpanBatch();
  decodeOtlpProtobuf(batch, bytes, TRACE_FILE_LIMITS);
  return batch;
}

function without(sheet: Sheet, taken: ReadonlySet<TraceId>): Sheet {
  const rows = new Map([...sheet.traces.rows].filter(([traceId]) => !taken.has(traceId)));
  return { ...sheet, traces: { ...sheet.traces, rows } };
}
