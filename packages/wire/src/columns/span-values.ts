/**
 * Some spans of a trace, and with them one value each: the answer to "which spans" and "what has each span here".
 * All numbers little-endian, version 1.
 *
 * | offset | content |
 * |---|---|
 * | 0 | 4 bytes magic "CLSV" |
 * | 4 | u32 format version |
 * | 8 | u32 byte length of the header |
 * | 12 | u32 byte length of the whole body |
 * | 16 | header: UTF-8 JSON, padded with spaces to a multiple of 8 |
 * | … | start: 8 bytes a span, signed nanoseconds since 1970 |
 * | … | span id: 8 bytes a span |
 * | … | value: 4 bytes a span, index into `values` of the header; absent where the header has none |
 */
import type { SpanValues } from '@clew/model';
import { aligned, assertLittleEndian } from './column-layout.ts';

/** "CLSV" read as little-endian u32. */
const MAGIC = 0x56534c43;
const VERSION = 1;
const PREAMBLE_BYTES = 16;

/** A body that is not such spans: cut short, of another version, or inconsistent. */
export class SpanValuesError extends Error {
  readonly code = 'WIRE_SPAN_VALUES_DAMAGED';

  constructor(message: string) {
    super(`span values: ${message}. Ask again, or reload the page.`);
    this.name = 'SpanValuesError';
  }
}

export function encodeSpanValues({ count, start, spanId, values, value }: SpanValues): Uint8Array<ArrayBuffer> {
  assertLittleEndian();
  const json = new TextEncoder().encode(JSON.stringify({ count, ...(values && { values }) }));
  const headerLength = aligned(json.length);
  const length = PREAMBLE_BYTES + headerLength + bytesOf(count, values !== undefined);
  const body = new Uint8Array(length);
  const view = new DataView(body.buffer);
  for (const [at, word] of [MAGIC, VERSION, headerLength, length].entries()) view.setUint32(at * 4, word, true);
  body.set(json, PREAMBLE_BYTES);
  body.fill(0x20, PREAMBLE_BYTES + json.length, PREAMBLE_BYTES + headerLength);
  let offset = PREAMBLE_BYTES + headerLength;
  for (const array of value === undefined ? [start, spanId] : [start, spanId, value]) {
    body.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  }
  return body;
}

/**
 * The arrays are views into `buffer`.
 * @throws SpanValuesError
 */
export function decodeSpanValues(buffer: ArrayBuffer): SpanValues {
  assertLittleEndian();
  const size = buffer.byteLength;
  if (size < PREAMBLE_BYTES) throw new SpanValuesError(`${size} bytes (at least ${PREAMBLE_BYTES})`);
  const view = new DataView(buffer);
  const word = (at: number): number => view.getUint32(at * 4, true);
  if (word(0) !== MAGIC) throw new SpanValuesError(`starts with 0x${word(0).toString(16)}`);
  if (word(1) !== VERSION) throw new SpanValuesError(`format version ${word(1)} (known: ${VERSION})`);
  const headerEnd = PREAMBLE_BYTES + word(2);
  if (word(3) !== size || word(2) % 8 !== 0 || headerEnd > size) {
    throw new SpanValuesError(`${size} bytes with a header of ${word(2)} (${word(3)} bytes announced)`);
  }
  const { count, values } = parseHeader(new Uint8Array(buffer, PREAMBLE_BYTES, word(2)));
  const expected = headerEnd + bytesOf(count, values !== undefined);
  if (size !== expected) throw new SpanValuesError(`${size} bytes for ${count} spans (expected ${expected})`);
  const start = new BigInt64Array(buffer, headerEnd, count);
  const spanId = new Int32Array(buffer, headerEnd + 8 * count, 2 * count);
  if (values === undefined) return { count, start, spanId };
  const value = new Uint32Array(buffer, headerEnd + 16 * count, count);
  for (const index of value)
    if (index >= values.length) throw new SpanValuesError(`value ${index} of ${values.length}`);
  return { count, start, spanId, values, value };
}

function bytesOf(count: number, hasValues: boolean): number {
  return 16 * count + (hasValues ? aligned(4 * count) : 0);
}

function parseHeader(bytes: Uint8Array): { readonly count: number; readonly values?: readonly string[] } {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SpanValuesError(`header is not JSON (${String(error)})`);
  }
  if (typeof header === 'object' && header !== null && 'count' in header) {
    const { count } = header;
    const values = 'values' in header ? header.values : undefined;
    const isTexts = Array.isArray(values) && values.every((value) => typeof value === 'string');
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 && (values === undefined || isTexts)) {
      return isTexts ? { count, values } : { count };
    }
  }
  throw new SpanValuesError('header lacks a field or has one of a wrong type');
}
