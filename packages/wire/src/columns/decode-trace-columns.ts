import { parseTraceId, type TraceColumns } from '@clew/model';
import {
  aligned,
  assertLittleEndian,
  COLUMN_BYTES,
  COLUMNS_MAGIC,
  COLUMNS_PREAMBLE_BYTES,
  COLUMNS_VERSION,
  type ColumnsHeader,
  columnsByteLength,
  MISSING_BYTES,
} from './column-layout.ts';

/** A body that is not the columns of a trace: cut short, of another version, or inconsistent. */
export class TraceColumnsError extends Error {
  readonly code = 'WIRE_TRACE_COLUMNS_DAMAGED';

  constructor(message: string) {
    super(`trace columns: ${message}`);
    this.name = 'TraceColumnsError';
  }
}

/**
 * Reads the binary form of column-layout.ts. The arrays are views into `buffer`: transfer it, do not change it.
 * @throws TraceColumnsError
 */
export function decodeTraceColumns(buffer: ArrayBuffer): TraceColumns {
  assertLittleEndian();
  const columnsOffset = checkedColumnsOffset(buffer);
  const header = parseHeader(buffer, columnsOffset);
  const count = header.spanCount;
  const { missingCount } = header;
  const expected = columnsOffset + columnsByteLength(count, missingCount);
  if (buffer.byteLength !== expected) {
    throw new TraceColumnsError(
      `${buffer.byteLength} bytes for ${count} spans (expected ${expected}). Fetch the trace again.`,
    );
  }
  const traceId = parseTraceId(header.traceId);
  if (traceId === undefined) throw new TraceColumnsError(`trace id "${header.traceId}" is not 32 hex digits.`);

  let next = columnsOffset;
  const take = (bytesEach: number, entries = count): number => {
    const offset = next;
    next += aligned(bytesEach * entries);
    return offset;
  };
  const columns: TraceColumns = {
    traceId,
    spanCount: count,
    omittedSpanCount: header.omittedSpanCount,
    startTimeUnixNano: BigInt(header.startTimeUnixNano),
    durationNano: header.durationNano,
    names: header.names,
    services: header.services,
    // Property order is reading order: it must be the order of COLUMN_BYTES.
    start: new Float64Array(buffer, take(COLUMN_BYTES.start), count),
    duration: new Float64Array(buffer, take(COLUMN_BYTES.duration), count),
    spanId: new Int32Array(buffer, take(COLUMN_BYTES.spanId), count * 2),
    parent: new Int32Array(buffer, take(COLUMN_BYTES.parent), count),
    name: new Uint32Array(buffer, take(COLUMN_BYTES.name), count),
    service: new Uint16Array(buffer, take(COLUMN_BYTES.service), count),
    eventCount: new Uint16Array(buffer, take(COLUMN_BYTES.eventCount), count),
    kind: new Uint8Array(buffer, take(COLUMN_BYTES.kind), count),
    statusCode: new Uint8Array(buffer, take(COLUMN_BYTES.statusCode), count),
    flags: new Uint8Array(buffer, take(COLUMN_BYTES.flags), count),
    missing: {
      spanId: new Int32Array(buffer, take(MISSING_BYTES.spanId, missingCount), missingCount * 2),
      first: new Int32Array(buffer, take(MISSING_BYTES.first, missingCount), missingCount),
      end: new Int32Array(buffer, take(MISSING_BYTES.end, missingCount), missingCount),
    },
  };
  checkReferences(columns);
  return columns;
}

/** Checks the preamble; the offset of the first column. */
function checkedColumnsOffset(buffer: ArrayBuffer): number {
  const size = buffer.byteLength;
  if (size < COLUMNS_PREAMBLE_BYTES) {
    throw new TraceColumnsError(`${size} bytes (at least ${COLUMNS_PREAMBLE_BYTES}). Fetch the trace again.`);
  }
  const view = new DataView(buffer);
  const magic = view.getUint32(0, true);
  if (magic !== COLUMNS_MAGIC) throw new TraceColumnsError(`starts with 0x${magic.toString(16)}: not trace columns.`);
  const version = view.getUint32(4, true);
  if (version !== COLUMNS_VERSION) {
    throw new TraceColumnsError(`format version ${version} (known: ${COLUMNS_VERSION}). Reload the page.`);
  }
  const headerLength = view.getUint32(8, true);
  const total = view.getUint32(12, true);
  if (total !== size) throw new TraceColumnsError(`${size} bytes (${total} announced). Fetch the trace again.`);
  const offset = COLUMNS_PREAMBLE_BYTES + headerLength;
  if (headerLength % 8 !== 0 || offset > size) {
    throw new TraceColumnsError(`header of ${headerLength} bytes in a body of ${size}. Fetch the trace again.`);
  }
  return offset;
}

function parseHeader(buffer: ArrayBuffer, end: number): ColumnsHeader {
  let header: unknown;
  try {
    const bytes = new Uint8Array(buffer, COLUMNS_PREAMBLE_BYTES, end - COLUMNS_PREAMBLE_BYTES);
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new TraceColumnsError(`header is not JSON (${String(error)}). Fetch the trace again.`);
  }
  if (!isHeader(header)) throw new TraceColumnsError('header lacks a field or has one of a wrong type.');
  return header;
}

function isHeader(value: unknown): value is ColumnsHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header: Partial<Record<keyof ColumnsHeader, unknown>> = value;
  return (
    typeof header.traceId === 'string' &&
    isCount(header.spanCount) &&
    isCount(header.omittedSpanCount) &&
    isCount(header.missingCount) &&
    typeof header.startTimeUnixNano === 'string' &&
    /^\d{1,20}$/.test(header.startTimeUnixNano) &&
    typeof header.durationNano === 'number' &&
    isTexts(header.names) &&
    isTexts(header.services)
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A drawing loop trusts these; a damaged body must fail here and not there. */
function checkReferences(columns: TraceColumns): void {
  const { parent, name, service, names, services, spanCount, missing } = columns;
  let before = 0;
  for (const [at, first] of missing?.first.entries() ?? []) {
    const end = missing?.end[at] ?? 0;
    if (first < before || end <= first || end > spanCount) {
      throw new TraceColumnsError(
        `missing parent ${at} has the rows ${first} to ${end} of ${spanCount}. Fetch it again.`,
      );
    }
    before = end;
  }
  for (let row = 0; row < spanCount; row++) {
    if (parent[row] < -1 || parent[row] >= row) {
      throw new TraceColumnsError(`row ${row} has parent row ${parent[row]} (must be before it). Fetch it again.`);
    }
    if (name[row] >= names.length || service[row] >= services.length) {
      throw new TraceColumnsError(
        `row ${row} has name ${name[row]} of ${names.length} and service ${service[row]} of ${services.length}.`,
      );
    }
  }
}
