/** What must hold of a batch whatever was decoded into it. */
import { isDeepStrictEqual } from 'node:util';
import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { DecodeError } from '@clew/wire/otlp/decode-error';
import { decodeOtlpJson } from '@clew/wire/otlp/decode-json';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { generateTraceData } from '../../generate-trace-data.ts';
import { FuzzFinding, magnitude, shapeOf } from '../fuzz-target.ts';
import { MAX_INPUT_BYTES } from '../mutate-bytes.ts';

type Decode = (batch: SpanBatch, body: Uint8Array, limits: DecodeLimits) => void;

/** Two bytes can become a record of 32 words, and a table doubles when it grows. */
const HELD_BYTES_PER_BODY_BYTE = 160;
/** Names of hostile inputs pile up; a worker forgets them as well. */
const MAX_DICTIONARY_BYTES = 8 << 20;

const again = new SpanBatch();

/** A batch that is used for input after input, as a worker does, with a good body that must always decode. */
export class ReusedBatch {
  readonly #batch = new SpanBatch(new Dictionary(1));
  readonly #heldBefore = this.#batch.heldBytes;
  readonly #decode: Decode;
  readonly #goodBody: Uint8Array;
  readonly #good: TraceData;

  constructor(decode: Decode, encode: (data: TraceData) => Uint8Array) {
    this.#decode = decode;
    this.#good = generateTraceData({ seed: 5, maxResources: 1, maxSpansPerScope: 2, maxValueDepth: 1 });
    this.#goodBody = encode(this.#good);
  }

  /** The request's spans, or the error it was refused with. Throws FuzzFinding when the batch is not as it should be. */
  attempt(body: Uint8Array): { data: TraceData; verdict: string } | { error: DecodeError; verdict: string } {
    const batch = this.#batch;
    if (batch.dictionary.byteSize > MAX_DICTIONARY_BYTES) batch.dictionary.clear();
    try {
      this.#decode(batch, body, DEFAULT_DECODE_LIMITS);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#checkRefusal(error, body);
      return { error, verdict: `${error.code} ${shapeOf(error.message)}` };
    }
    this.#checkSize(body.length);
    const data = traceDataFromBatch(batch);
    checkRoundTrip(data);
    const { spanCount, attributeCount, nestedAttributeCount, eventCount, linkCount, resourceCount, scopeCount } = batch;
    const counts = [spanCount, attributeCount, nestedAttributeCount, eventCount, linkCount, resourceCount, scopeCount];
    return { data, verdict: `accepted ${counts.map(magnitude).join(' ')}` };
  }

  #checkRefusal(error: DecodeError, body: Uint8Array): void {
    const batch = this.#batch;
    if (error.byteOffset < 0 || error.byteOffset > body.length) {
      throw new FuzzFinding(`byte ${error.byteOffset} is not in a body of ${body.length}: ${error.message}`);
    }
    if (!error.message.endsWith('.') || !error.message.includes(String(error.byteOffset))) {
      throw new FuzzFinding(`an error that does not say where: ${error.message}`);
    }
    if (batch.spanCount + batch.byteCount + batch.resourceCount !== 0) {
      throw new FuzzFinding('a refused body leaves something in the batch');
    }
    this.#decode(batch, this.#goodBody, DEFAULT_DECODE_LIMITS);
    if (!isDeepStrictEqual(traceDataFromBatch(batch), this.#good)) {
      throw new FuzzFinding('after a refused body a good one decodes to something else');
    }
  }

  #checkSize(bodyLength: number): void {
    const batch = this.#batch;
    const records =
      batch.spanCount + batch.attributeCount + batch.nestedAttributeCount + batch.eventCount + batch.linkCount;
    // A record takes two bytes at least; a resource or scope sent in parts is decoded twice.
    if (records > bodyLength) throw new FuzzFinding(`${records} records from ${bodyLength} bytes`);
    if (batch.byteCount > 3 * bodyLength + 64) {
      throw new FuzzFinding(`an arena of ${batch.byteCount} bytes from ${bodyLength}`);
    }
    if (batch.heldBytes > this.#heldBefore + HELD_BYTES_PER_BODY_BYTE * MAX_INPUT_BYTES) {
      throw new FuzzFinding(`the batch holds ${batch.heldBytes} bytes`);
    }
  }
}

/** Written in either form and read back it is the same. */
function checkRoundTrip(data: TraceData): void {
  decodeOtlpProtobuf(again, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  checkSame(traceDataFromBatch(again), data, 'through protobuf');
  decodeOtlpJson(again, writeOtlpJson(data), DEFAULT_DECODE_LIMITS);
  checkSame(traceDataFromBatch(again), data, 'through JSON');
  if (again.dictionary.byteSize > MAX_DICTIONARY_BYTES) again.dictionary.clear();
}

/** Throws FuzzFinding with the first place where the two differ. */
export function checkSame(actual: unknown, expected: unknown, where: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new FuzzFinding(`${where}: ${firstDifference(actual, expected, '')}`);
}

function firstDifference(actual: unknown, expected: unknown, path: string): string {
  if (typeof actual === 'object' && typeof expected === 'object' && actual !== null && expected !== null) {
    const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
    for (const name of names) {
      const a: unknown = Reflect.get(actual, name);
      const b: unknown = Reflect.get(expected, name);
      if (!isDeepStrictEqual(a, b)) return firstDifference(a, b, `${path}.${/^\d+$/.test(name) ? '#' : name}`);
    }
  }
  return `${path} is "${String(actual)}" (expected "${String(expected)}")`;
}
