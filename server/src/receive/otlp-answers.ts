import {
  encodeExportResponse,
  encodeExportResponseJson,
  encodeRpcStatus,
  encodeRpcStatusJson,
} from '@clew/wire/otlp/responses';
import type { WireFormat } from './ingest.ts';

/** An ExportTraceServiceResponse in the request's encoding. */
export function exportResponse(format: WireFormat, rejectedSpans: number, errorMessage: string): Uint8Array {
  const partialSuccess = { rejectedSpans, errorMessage };
  return format === 'otlp-json' ? encodeExportResponseJson(partialSuccess) : encodeExportResponse(partialSuccess);
}

/** A google.rpc.Status in the request's encoding, `code` being a gRPC status code; a RetryInfo says when to retry. */
export function statusResponse(
  format: WireFormat,
  code: number,
  message: string,
  retryAfterMs: number | undefined,
): Uint8Array {
  const status = retryAfterMs === undefined ? { code, message } : { code, message, retryAfterMs };
  return format === 'otlp-json' ? encodeRpcStatusJson(status) : encodeRpcStatus(status);
}
