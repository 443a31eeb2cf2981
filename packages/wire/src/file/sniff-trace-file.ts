import { TraceFileError } from './trace-file-error.ts';

export type TraceFileFormat = 'otlp-json' | 'otlp-json-lines' | 'otlp-protobuf' | 'jaeger' | 'zipkin';

/** Bytes looked at: the first span of any file is in them. */
const LOOKED_AT_BYTES = 256 * 1024;
const SHOWN_CHARACTERS = 40;
/** Tag of field 1, length-delimited: resource_spans. */
const PROTOBUF_FIRST_BYTE = 0x0a;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;

/** A member name is followed by a colon, and within a text its quotes would be escaped. */
const MARKS: readonly (readonly [TraceFileFormat, RegExp])[] = [
  ['otlp-json', /"resource_?[sS]pans"\s*:/],
  ['jaeger', /"(traceID|processes)"\s*:/],
  ['zipkin', /"traceId"\s*:/],
];

/**
 * Which form a file is in, by how it begins.
 * @throws TraceFileError when it is empty or none of the forms that are known
 */
export function sniffTraceFile(bytes: Uint8Array<ArrayBuffer>): TraceFileFormat {
  const first = bytes.findIndex((byte) => byte > 0x20);
  if (first === -1) {
    throw new TraceFileError('TRACE_FILE_EMPTY', 'trace file: it is empty. Choose a file with spans.');
  }
  const start = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT_BYTES));
  if (bytes[first] !== 0x7b && bytes[first] !== 0x5b) {
    if (bytes[0] === PROTOBUF_FIRST_BYTE && bytes[1] !== LINE_FEED && bytes[1] !== QUOTE) return 'otlp-protobuf';
    throw unknownFormat(start);
  }
  let found: TraceFileFormat | undefined;
  let foundAt = Number.POSITIVE_INFINITY;
  for (const [format, mark] of MARKS) {
    const at = start.search(mark);
    if (at === -1 || at >= foundAt) continue;
    found = format;
    foundAt = at;
  }
  if (found === undefined) throw unknownFormat(start);
  // In a list, OTLP spans would stand without their resources: only Zipkin has such lists.
  if (found !== 'otlp-json') return found;
  return isFirstLineWhole(start) ? 'otlp-json-lines' : 'otlp-json';
}

/** One document a line: the first line is a document, and another follows. */
function isFirstLineWhole(start: string): boolean {
  const trimmed = start.trimStart();
  const end = trimmed.indexOf('\n');
  if (end === -1 || trimmed.slice(end).trimStart()[0] !== '{') return false;
  return trimmed.slice(0, end).trimEnd().endsWith('}');
}

function unknownFormat(start: string): TraceFileError {
  const shown = JSON.stringify(start.trimStart().slice(0, SHOWN_CHARACTERS));
  return new TraceFileError(
    'TRACE_FILE_UNKNOWN_FORMAT',
    `trace file: it begins with ${shown} (known: OTLP JSON, one a line or whole, OTLP protobuf, Jaeger JSON, Zipkin v2 JSON). Choose a file in one of these forms.`,
    'line 1, column 1',
  );
}
