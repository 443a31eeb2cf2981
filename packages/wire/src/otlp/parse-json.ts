import { SpanBatch, type TraceData } from '@clew/model';
import { decodeOtlpJson } from './decode-json.ts';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from './decode-limits.ts';
import { traceDataFromBatch } from './trace-data-from-batch.ts';

/**
 * OTLP JSON text (TracesData or an export request) as trace objects: for files and answers, not for the write side.
 * @throws DecodeError as `decodeOtlpJson` does.
 */
export function parseOtlpJson(text: string, limits: DecodeLimits = DEFAULT_DECODE_LIMITS): TraceData {
  const batch = new SpanBatch();
  decodeOtlpJson(batch, new TextEncoder().encode(text), limits);
  return traceDataFromBatch(batch);
}
