import { ByteWriter } from '@clew/wire/otlp/byte-writer';
import type { WireFormat } from './ingest.ts';

const LENGTH_DELIMITED = 2;
const RETRY_INFO_TYPE = 'type.googleapis.com/google.rpc.RetryInfo';

/**
 * An ExportTraceServiceResponse (collector/trace/v1/trace_service.proto). `partial_success` is set only when there is
 * something to say: OTLP forbids it otherwise.
 */
export function exportResponse(format: WireFormat, rejectedSpans: number, message: string): Uint8Array {
  const silent = rejectedSpans === 0 && message === '';
  if (format === 'otlp-json') {
    const partialSuccess = { rejectedSpans: String(rejectedSpans), errorMessage: message };
    return Buffer.from(JSON.stringify(silent ? {} : { partialSuccess }));
  }
  const writer = new ByteWriter(64 + message.length);
  if (!silent) {
    const start = beginField(writer, 1);
    writeVarint(writer, 1, rejectedSpans);
    writeText(writer, 2, message);
    writer.endLengthDelimited(start);
  }
  return writer.finish();
}

/** A google.rpc.Status, `code` being a gRPC status code. */
export function statusResponse(format: WireFormat, code: number, message: string): Uint8Array {
  if (format === 'otlp-json') return Buffer.from(JSON.stringify({ code, message }));
  return statusMessage(code, message).finish();
}

/** A google.rpc.Status whose details hold a RetryInfo: what `grpc-status-details-bin` carries. */
export function retryInfoStatusDetails(code: number, message: string, retryAfterMs: number): Uint8Array {
  const writer = statusMessage(code, message);
  const any = beginField(writer, 3);
  writeText(writer, 1, RETRY_INFO_TYPE);
  const retryInfo = beginField(writer, 2);
  const retryDelay = beginField(writer, 1);
  writeVarint(writer, 1, Math.floor(retryAfterMs / 1000));
  writeVarint(writer, 2, Math.round((retryAfterMs % 1000) * 1_000_000));
  writer.endLengthDelimited(retryDelay);
  writer.endLengthDelimited(retryInfo);
  writer.endLengthDelimited(any);
  return writer.finish();
}

function statusMessage(code: number, message: string): ByteWriter {
  const writer = new ByteWriter(128 + message.length);
  writeVarint(writer, 1, code);
  writeText(writer, 2, message);
  return writer;
}

function beginField(writer: ByteWriter, field: number): number {
  writer.varint(field * 8 + LENGTH_DELIMITED);
  return writer.beginLengthDelimited();
}

function writeVarint(writer: ByteWriter, field: number, value: number): void {
  if (value === 0) return;
  writer.varint(field * 8);
  writer.varint(value);
}

function writeText(writer: ByteWriter, field: number, text: string): void {
  if (text === '') return;
  const start = beginField(writer, field);
  writer.text(text);
  writer.endLengthDelimited(start);
}
