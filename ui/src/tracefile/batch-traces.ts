import {
  NO_SPAN_ID,
  SCOPE_RESOURCE,
  SCOPE_WORDS,
  SPAN_END,
  SPAN_ID,
  SPAN_NAME,
  SPAN_PARENT_ID,
  SPAN_SCOPE,
  SPAN_START,
  SPAN_STATUS_CODE,
  SPAN_TRACE_ID,
  SPAN_WORDS,
  type SpanBatch,
  serviceName,
  type TraceId,
} from '@clew/model';
import { resourceSpansAt } from '@clew/wire/otlp/trace-data-from-batch';

const STATUS_ERROR = 2;

/** One trace of a file, for a list to choose from. */
export interface FileTrace {
  readonly traceId: TraceId;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Distinct, in the order they come. */
  readonly services: readonly string[];
  /** Of the earliest root; empty when no root is in the file. */
  readonly rootService: string;
  readonly rootName: string;
  /** Unsigned nanoseconds since 1970, decimal. */
  readonly startTimeUnixNano: string;
  /** Latest end − earliest start. */
  readonly durationNano: number;
  /** Names of the files that hold its spans. */
  readonly fileNames: readonly string[];
}

/** The rows of a batch by trace. */
export interface BatchTraces {
  /** By trace id, in the order traces first appear. */
  readonly rows: ReadonlyMap<TraceId, Int32Array>;
  /** Spans without a valid trace or span id, which belong nowhere. */
  readonly invalidSpanCount: number;
  /** Service name of every resource. */
  readonly serviceOfResource: readonly string[];
}

export function groupByTrace(batch: SpanBatch): BatchTraces {
  const { spans, spanCount } = batch;
  const found = new Map<TraceId, number[]>();
  let invalidSpanCount = 0;
  let current: number[] = [];
  let previous = -1;
  for (let row = 0; row < spanCount; row++) {
    const word = row * SPAN_WORDS;
    if (isZero(spans, word + SPAN_TRACE_ID, 4) || isZero(spans, word + SPAN_ID, 2)) {
      invalidSpanCount++;
      continue;
    }
    // Files mostly hold the spans of a trace together: few ids are made into text.
    if (previous === -1 || !sameTrace(spans, previous, word)) {
      const traceId = hexAt(spans, word + SPAN_TRACE_ID, 4) as TraceId;
      const known = found.get(traceId);
      current = known ?? [];
      if (known === undefined) found.set(traceId, current);
    }
    previous = word;
    current.push(row);
  }
  const rows = new Map([...found].map(([traceId, list]) => [traceId, Int32Array.from(list)] as const));
  const serviceOfResource = Array.from({ length: batch.resourceCount }, (_, row) =>
    serviceName(resourceSpansAt(batch, row, []).resource),
  );
  return { rows, invalidSpanCount, serviceOfResource };
}

/** The name of the service a span belongs to. */
export function serviceOfSpan(batch: SpanBatch, traces: BatchTraces, row: number): string {
  return traces.serviceOfResource[resourceOfSpan(batch, row)];
}

/** Row in `resources`. */
export function resourceOfSpan(batch: SpanBatch, row: number): number {
  return batch.scopes[batch.spans[row * SPAN_WORDS + SPAN_SCOPE] * SCOPE_WORDS + SCOPE_RESOURCE];
}

/** What a list says of one trace. */
export function describeTrace(batch: SpanBatch, traces: BatchTraces, traceId: TraceId): Omit<FileTrace, 'fileNames'> {
  const { spans } = batch;
  const rows = traces.rows.get(traceId) ?? new Int32Array(0);
  const services = new Set<string>();
  let errorCount = 0;
  let start = (1n << 64n) - 1n;
  let end = 0n;
  let rootRow = -1;
  let rootStart = start;
  for (const row of rows) {
    const word = row * SPAN_WORDS;
    services.add(serviceOfSpan(batch, traces, row));
    if (spans[word + SPAN_STATUS_CODE] === STATUS_ERROR) errorCount++;
    const from = timeAt(spans, word + SPAN_START);
    const to = timeAt(spans, word + SPAN_END);
    if (from < start) start = from;
    if (to > end) end = to;
    if (isZero(spans, word + SPAN_PARENT_ID, 2) && (rootRow === -1 || from < rootStart)) {
      rootRow = row;
      rootStart = from;
    }
  }
  return {
    traceId,
    spanCount: rows.length,
    errorCount,
    services: [...services],
    rootService: rootRow === -1 ? '' : serviceOfSpan(batch, traces, rootRow),
    rootName: rootRow === -1 ? '' : batch.dictionary.text(spans[rootRow * SPAN_WORDS + SPAN_NAME]),
    startTimeUnixNano: String(start),
    durationNano: end > start ? Number(end - start) : 0,
  };
}

export function timeAt(table: Int32Array, word: number): bigint {
  return (BigInt(table[word + 1] >>> 0) << 32n) | BigInt(table[word] >>> 0);
}

/** Lower-case hex of the id bytes that words hold as little-endian int32; empty for zeros. */
export function hexAt(table: Int32Array, word: number, wordCount: number): string {
  if (isZero(table, word, wordCount)) return NO_SPAN_ID;
  let hex = '';
  for (let at = word; at < word + wordCount; at++) {
    for (let shift = 0; shift < 32; shift += 8) hex += ((table[at] >>> shift) & 0xff).toString(16).padStart(2, '0');
  }
  return hex;
}

function sameTrace(spans: Int32Array, a: number, b: number): boolean {
  for (let word = SPAN_TRACE_ID; word < SPAN_TRACE_ID + 4; word++)
    if (spans[a + word] !== spans[b + word]) return false;
  return true;
}

function isZero(table: Int32Array, word: number, wordCount: number): boolean {
  for (let at = word; at < word + wordCount; at++) if (table[at] !== 0) return false;
  return true;
}
