import type { IncomingHttpHeaders } from 'node:http';
import type { Compression, WireFormat } from './ingest.ts';

/** The format a Content-Type names; parameters such as `; charset=utf-8` are allowed. Undefined: not one of OTLP's. */
export function tryWireFormat(contentType: string | undefined): WireFormat | undefined {
  if (contentType === undefined) return undefined;
  if (contentType === 'application/x-protobuf') return 'otlp-protobuf';
  const semicolon = contentType.indexOf(';');
  const mediaType = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (mediaType === 'application/x-protobuf') return 'otlp-protobuf';
  if (mediaType === 'application/json') return 'otlp-json';
  return undefined;
}

/** The compression a Content-Encoding (or grpc-encoding) names. Undefined: one we cannot read. */
export function tryCompression(encoding: string | undefined): Compression | undefined {
  if (encoding === undefined) return 'identity';
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'zstd':
      return 'zstd';
    default:
      return undefined;
  }
}

/** The announced length of a body in bytes; undefined when it comes in chunks. */
export function announcedBytes(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['content-length'];
  // Node's parser has refused anything but digits.
  return value === undefined ? undefined : Number(value);
}

/** A Retry-After value: whole seconds, at least one, because some senders read a 0 as "at once". */
export function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
