/** A file of spans in any of the forms people have them in, as one batch: what the receiver would make of it. */
import { SpanBatch, type TraceData } from '@clew/model';
import { parseJaegerJson } from '../jaeger/parse-jaeger-json.ts';
import { DecodeError } from '../otlp/decode-error.ts';
import { decodeOtlpJson } from '../otlp/decode-json.ts';
import type { DecodeLimits } from '../otlp/decode-limits.ts';
import { decodeOtlpProtobuf } from '../otlp/decode-protobuf.ts';
import { encodeOtlpProtobuf } from '../otlp/encode-protobuf.ts';
import { parseZipkinJson } from '../zipkin/parse-zipkin-json.ts';
import { joinJsonLines } from './join-json-lines.ts';
import { sniffTraceFile, type TraceFileFormat } from './sniff-trace-file.ts';
import { TraceFileError } from './trace-file-error.ts';
import { TRACE_FILE_LIMITS } from './trace-file-limits.ts';

export interface ReadTraceFile {
  readonly format: TraceFileFormat;
  readonly batch: SpanBatch;
}

/**
 * Reads OTLP JSON (one document, or one a line as the Collector's file exporter writes), OTLP protobuf, Jaeger JSON or
 * Zipkin v2 JSON.
 * @param bytes the unpacked file
 * @throws TraceFileError naming the place and the value
 */
export function readTraceFile(bytes: Uint8Array<ArrayBuffer>, limits: DecodeLimits = TRACE_FILE_LIMITS): ReadTraceFile {
  const content = withoutByteOrderMark(bytes);
  const format = sniffTraceFile(content);
  const batch = new SpanBatch();
  if (format === 'jaeger') decodeData(batch, parseJaegerJson(parseJson(content)), limits);
  else if (format === 'zipkin') decodeData(batch, parseZipkinJson(parseJson(content)), limits);
  else if (format === 'otlp-protobuf') decode(() => decodeOtlpProtobuf(batch, content, limits));
  else {
    const body = format === 'otlp-json-lines' ? joinJsonLines(content) : content;
    decode(() => decodeOtlpJson(batch, body, limits));
  }
  if (batch.spanCount === 0) {
    throw new TraceFileError(
      'TRACE_FILE_NO_SPANS',
      'trace file: it holds no span (at least 1). Choose a file with spans.',
    );
  }
  return { format, batch };
}

/** By way of the wire form: what came in another dialect is then no different from what came in OTLP. */
function decodeData(batch: SpanBatch, data: TraceData, limits: DecodeLimits): void {
  decode(() => decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), limits));
}

function decode(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw errorOf(error);
  }
}

function errorOf(error: DecodeError): TraceFileError {
  const { position, message } = error;
  const place =
    position === undefined ? `byte ${error.byteOffset}` : `line ${position.line}, column ${position.column}`;
  const code =
    error.code === 'OTLP_TOO_MANY_SPANS' || error.code === 'OTLP_TOO_MANY_RECORDS'
      ? 'TRACE_FILE_TOO_LARGE'
      : error.code === 'OTLP_MALFORMED_JSON'
        ? 'TRACE_FILE_MALFORMED_JSON'
        : 'TRACE_FILE_INVALID_VALUE';
  return new TraceFileError(code, message.replace(/^OTLP request/, 'trace file'), place);
}

function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw whereBroken(bytes);
  }
}

const BEFORE = new TextEncoder().encode('{"x":');

/** Browsers do not agree on telling where JSON breaks; the OTLP reader, which skips what it does not know, tells. */
function whereBroken(bytes: Uint8Array<ArrayBuffer>): TraceFileError {
  const member = new Uint8Array(BEFORE.length + bytes.length + 1);
  member.set(BEFORE);
  member.set(bytes, BEFORE.length);
  member[member.length - 1] = 0x7d;
  try {
    decodeOtlpJson(new SpanBatch(), member, TRACE_FILE_LIMITS);
  } catch (error) {
    if (!(error instanceof DecodeError) || error.position === undefined) throw error;
    const { line, column } = error.position;
    const place = `line ${line}, column ${line === 1 ? column - BEFORE.length : column}`;
    return new TraceFileError(
      'TRACE_FILE_MALFORMED_JSON',
      `trace file: not JSON at ${place}. Correct the file or export it again.`,
      place,
    );
  }
  return new TraceFileError('TRACE_FILE_MALFORMED_JSON', 'trace file: not JSON. Export it again.');
}

function withoutByteOrderMark(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
