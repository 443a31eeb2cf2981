/**
 * What an OTLP receiver answers: ExportTraceServiceResponse (opentelemetry-proto trace_service.proto) and
 * google.rpc.Status (google/rpc/status.proto) with RetryInfo (google/rpc/error_details.proto).
 */
import { ByteWriter } from './byte-writer.ts';

/** Spans not taken, or a warning when the count is 0 and the message is not empty. The sender must not retry. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/** A refusal: `code` is one of gRPC's, `retryAfterMs` says that and when to try again. */
export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}

const RETRY_INFO_TYPE_URL = 'type.googleapis.com/google.rpc.RetryInfo';

/** Full success is the empty message: `partial_success` must then be unset (OTLP specification, "Full Success"). */
export function encodeExportResponse(partialSuccess?: PartialSuccess): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(64);
  if (isSet(partialSuccess)) {
    writer.byte(0x0a);
    const start = writer.beginLengthDelimited();
    if (partialSuccess.rejectedSpans !== 0) {
      writer.byte(0x08);
      writer.varint(partialSuccess.rejectedSpans);
    }
    textField(writer, 0x12, partialSuccess.errorMessage);
    writer.endLengthDelimited(start);
  }
  return writer.finish();
}

/** The same in JSON; `rejectedSpans` is an int64 and so a string. */
export function encodeExportResponseJson(partialSuccess?: PartialSuccess): Uint8Array<ArrayBuffer> {
  if (!isSet(partialSuccess)) return utf8('{}');
  const { rejectedSpans, errorMessage } = partialSuccess;
  return utf8(
    JSON.stringify({
      partialSuccess: {
        ...(rejectedSpans !== 0 && { rejectedSpans: String(rejectedSpans) }),
        ...(errorMessage !== '' && { errorMessage }),
      },
    }),
  );
}

/** For the body of an HTTP error and for the gRPC trailer `grpc-status-details-bin`. */
export function encodeRpcStatus(status: RpcStatus): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(128);
  if (status.code !== 0) {
    writer.byte(0x08);
    writer.varint(status.code);
  }
  textField(writer, 0x12, status.message);
  if (status.retryAfterMs !== undefined) {
    writer.byte(0x1a);
    const details = writer.beginLengthDelimited();
    textField(writer, 0x0a, RETRY_INFO_TYPE_URL);
    writer.byte(0x12);
    const retryInfo = writer.beginLengthDelimited();
    writer.byte(0x0a);
    const delay = writer.beginLengthDelimited();
    writeDuration(writer, status.retryAfterMs);
    writer.endLengthDelimited(delay);
    writer.endLengthDelimited(retryInfo);
    writer.endLengthDelimited(details);
  }
  return writer.finish();
}

/** The same in JSON (protobuf.dev, "ProtoJSON Format": Any has "@type", Duration is text in seconds). */
export function encodeRpcStatusJson(status: RpcStatus): Uint8Array<ArrayBuffer> {
  const { code, message, retryAfterMs } = status;
  return utf8(
    JSON.stringify({
      code,
      message,
      ...(retryAfterMs !== undefined && {
        details: [{ '@type': RETRY_INFO_TYPE_URL, retryDelay: `${Number((retryAfterMs / 1000).toFixed(3))}s` }],
      }),
    }),
  );
}

function isSet(partialSuccess: PartialSuccess | undefined): partialSuccess is PartialSuccess {
  return partialSuccess !== undefined && (partialSuccess.rejectedSpans !== 0 || partialSuccess.errorMessage !== '');
}

function writeDuration(writer: ByteWriter, durationMs: number): void {
  const seconds = Math.floor(durationMs / 1000);
  const nanos = Math.round((durationMs - seconds * 1000) * 1e6);
  if (seconds !== 0) {
    writer.byte(0x08);
    writer.varint(seconds);
  }
  if (nanos !== 0) {
    writer.byte(0x10);
    writer.varint(nanos);
  }
}

function textField(writer: ByteWriter, tag: number, text: string): void {
  if (text === '') return;
  writer.byte(tag);
  const start = writer.beginLengthDelimited();
  writer.text(text);
  writer.endLengthDelimited(start);
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
