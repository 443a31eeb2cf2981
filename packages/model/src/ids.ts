/** Trace and span identifiers as lower-case hex, the form people copy and URLs carry. */

/** 32 lower-case hex digits: 16 bytes. W3C Trace Context §3.2.2.3. */
export type TraceId = string & { readonly __brand: 'TraceId' };
/** 16 lower-case hex digits: 8 bytes. W3C Trace Context §3.2.2.4. */
export type SpanId = string & { readonly __brand: 'SpanId' };

/** No span: the parent of a root. */
export const NO_SPAN_ID = '' as SpanId;

/**
 * Reads a trace id as people write it: any case, leading zeros optional (Jaeger and Zipkin drop them).
 * @returns 32 lower-case hex digits, or undefined when the text is not 1 to 32 hex digits or is all zeros.
 */
export function parseTraceId(text: string): TraceId | undefined {
  if (!/^[0-9a-fA-F]{1,32}$/.test(text) || /^0+$/.test(text)) return undefined;
  return text.toLowerCase().padStart(32, '0') as TraceId;
}

/**
 * Reads a span id as people write it: any case, leading zeros optional.
 * @returns 16 lower-case hex digits, or undefined when the text is not 1 to 16 hex digits or is all zeros.
 */
export function parseSpanId(text: string): SpanId | undefined {
  if (!/^[0-9a-fA-F]{1,16}$/.test(text) || /^0+$/.test(text)) return undefined;
  return text.toLowerCase().padStart(16, '0') as SpanId;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes `offset` to `offset + length` as lower-case hex. */
export function hexFromBytes(bytes: Uint8Array, offset = 0, length = bytes.length - offset): string {
  let hex = '';
  for (let i = offset; i < offset + length; i++) hex += HEX[bytes[i]];
  return hex;
}

/** The bytes of an even number of hex digits. The caller has checked the digits. */
export function bytesFromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16);
  return bytes;
}
