import type { MissingParents, TraceColumns } from '@clew/model';
import {
  aligned,
  assertLittleEndian,
  COLUMNS_MAGIC,
  COLUMNS_PREAMBLE_BYTES,
  COLUMNS_VERSION,
  type ColumnsHeader,
  columnsByteLength,
} from './column-layout.ts';

const NONE_MISSING: MissingParents = { spanId: new Int32Array(0), first: new Int32Array(0), end: new Int32Array(0) };

/** The binary form of a trace's columns: see column-layout.ts. About 39 bytes a span. */
export function encodeTraceColumns(columns: TraceColumns): Uint8Array<ArrayBuffer> {
  assertLittleEndian();
  const { missing = NONE_MISSING } = columns;
  const header: ColumnsHeader = {
    traceId: columns.traceId,
    spanCount: columns.spanCount,
    omittedSpanCount: columns.omittedSpanCount,
    missingCount: missing.first.length,
    startTimeUnixNano: columns.startTimeUnixNano.toString(),
    durationNano: columns.durationNano,
    names: columns.names,
    services: columns.services,
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = aligned(json.length);
  const length = COLUMNS_PREAMBLE_BYTES + headerLength + columnsByteLength(columns.spanCount, missing.first.length);
  const body = new Uint8Array(length);
  const view = new DataView(body.buffer);
  view.setUint32(0, COLUMNS_MAGIC, true);
  view.setUint32(4, COLUMNS_VERSION, true);
  view.setUint32(8, headerLength, true);
  view.setUint32(12, length, true);
  body.set(json, COLUMNS_PREAMBLE_BYTES);
  body.fill(0x20, COLUMNS_PREAMBLE_BYTES + json.length, COLUMNS_PREAMBLE_BYTES + headerLength);

  let offset = COLUMNS_PREAMBLE_BYTES + headerLength;
  for (const array of [
    columns.start,
    columns.duration,
    columns.spanId,
    columns.parent,
    columns.name,
    columns.service,
    columns.eventCount,
    columns.kind,
    columns.statusCode,
    columns.flags,
    missing.spanId,
    missing.first,
    missing.end,
  ]) {
    body.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  }
  return body;
}
