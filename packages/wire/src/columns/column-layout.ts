/**
 * Where the columns of a trace lie in their binary form, version 2. All numbers little-endian.
 *
 * | offset | content |
 * |---|---|
 * | 0 | 4 bytes magic "CLTC" |
 * | 4 | u32 format version |
 * | 8 | u32 byte length of the header |
 * | 12 | u32 byte length of the whole body |
 * | 16 | header: UTF-8 JSON, padded with spaces to a multiple of 8 |
 * | … | the columns in the order of `COLUMN_BYTES`, each padded with zeros to a multiple of 8 |
 * | … | the columns of missing parents in the order of `MISSING_BYTES`, padded likewise |
 */

/** "CLTC" read as little-endian u32. */
export const COLUMNS_MAGIC = 0x43544c43;
export const COLUMNS_VERSION = 2;
/** Bytes before the JSON header. */
export const COLUMNS_PREAMBLE_BYTES = 16;

/** Bytes a span takes in each column, in the order they are written: widest first. */
export const COLUMN_BYTES = {
  start: 8,
  duration: 8,
  spanId: 8,
  parent: 4,
  name: 4,
  service: 2,
  eventCount: 2,
  kind: 1,
  statusCode: 1,
  flags: 1,
} as const;

/** Bytes a missing parent takes in each column. */
export const MISSING_BYTES = { spanId: 8, first: 4, end: 4 } as const;

/** The JSON header: everything that is not a column. */
export interface ColumnsHeader {
  readonly traceId: string;
  readonly spanCount: number;
  readonly omittedSpanCount: number;
  readonly missingCount: number;
  /** Unsigned nanoseconds since 1970, decimal. */
  readonly startTimeUnixNano: string;
  readonly durationNano: number;
  readonly names: readonly string[];
  readonly services: readonly string[];
}

/** The next multiple of 8. */
export function aligned(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}

/** Byte length of all columns of a trace, padding included. */
export function columnsByteLength(spanCount: number, missingCount: number): number {
  let length = 0;
  for (const width of Object.values(COLUMN_BYTES)) length += aligned(width * spanCount);
  for (const width of Object.values(MISSING_BYTES)) length += aligned(width * missingCount);
  return length;
}

/** Typed arrays are views in the machine's byte order; every machine JavaScript runs on today is little-endian. */
export function assertLittleEndian(): void {
  if (new Uint8Array(Uint32Array.of(1).buffer)[0] !== 1) {
    throw new Error('trace columns: this machine is big-endian (only little-endian is supported). Use OTLP instead.');
  }
}
