/**
 * Encoding alone. Out of decoded batches: ClickHouse's Native blocks, what the write path makes. Out of objects: OTLP
 * protobuf, what trace answers are, against protobufjs and @bufbuild/protobuf with the same spans as their own objects.
 */
import { isDeepStrictEqual } from 'node:util';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { Dictionary, SpanBatch } from '@clew/model';
import type { RequestBody } from '@clew/testkit/generate-realistic-traces';
import { otlpBufbuildMessage } from '@clew/testkit/otlp-bufbuild-messages';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import { SpanBlockEncoder } from '../../server/src/store/encode/span-block-encoder.ts';
import { checksumOfBatch } from '../decode/otlp-checksum.ts';
import { median, nanosPerSpan } from '../report/nanos-per-span.ts';

const ROUNDS = 5;
const WARM_UP_ROUNDS = 3;
/** Objects of more requests than these fill the heap three times over, and all that is measured then is its collection. */
const OBJECT_BODIES = 4;
const OBJECT_PASSES = 5;
const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9);

interface Side {
  readonly name: string;
  /** Spans encoded. */
  readonly run: () => number;
  readonly nanos: number[];
}

export function measureEncodeOnly(bodies: readonly RequestBody[], blockSpans: number): void {
  const native = nativeSide(bodies, blockSpans);
  const sides = protobufSides(bodies.slice(0, OBJECT_BODIES));
  for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const side of [native, ...sides]) nanosPerSpan(1, side.run);
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of [native, ...sides]) side.nanos.push(nanosPerSpan(1, side.run));
  }
  console.log(`encode alone, batch to Native blocks: ${median(native.nanos).toFixed(0)} ns/span`);
  const [ours, ...theirs] = sides.map(({ name, nanos }) => ({ name, nanos: median(nanos) }));
  const ratios = theirs.map(
    ({ name, nanos }) => `${name} ${nanos.toFixed(0)} ns/span, ratio ${(nanos / ours.nanos).toFixed(1)}`,
  );
  console.log(
    `encode alone, objects to OTLP protobuf: clew ${ours.nanos.toFixed(0)} ns/span; ${ratios.join('; ')}; fields verified`,
  );
}

function nativeSide(bodies: readonly RequestBody[], blockSpans: number): Side {
  const dictionary = new Dictionary();
  const batches = bodies.map(({ body }) => {
    const batch = new SpanBatch(dictionary);
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    return batch;
  });
  const encoder = new SpanBlockEncoder({ dictionary });
  const run = (): number => {
    let spans = 0;
    while (spans < blockSpans) {
      for (const batch of batches) {
        encoder.add(batch, 'default', RECEIVED_UNIX_MS);
        spans += batch.spanCount;
      }
    }
    const entry = encoder.finish();
    encoder.confirm(entry.token);
    const rows = entry.blocks.find(({ table }) => table === 'spans')?.rowCount;
    if (rows !== spans || entry.spanCount !== spans) throw new Error(`encode bench: ${rows} rows of ${spans} spans`);
    return spans;
  };
  return { name: 'native', run, nanos: [] };
}

function protobufSides(bodies: readonly RequestBody[]): Side[] {
  const ofProtobufjs = otlpMessage('ExportTraceServiceRequest');
  const ofBufbuild = otlpBufbuildMessage('ExportTraceServiceRequest');
  const batch = new SpanBatch();
  const decode = (body: Uint8Array): SpanBatch => {
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    return batch;
  };
  const data = bodies.map(({ body }) => traceDataFromBatch(decode(body)));
  const messages = bodies.map(({ body }) => ofProtobufjs.decode(body));
  const bufbuild = bodies.map(({ body }) => fromBinary(ofBufbuild, body));
  const encoders: readonly (readonly [string, (i: number) => Uint8Array])[] = [
    ['clew', (i) => encodeOtlpProtobuf(data[i])],
    ['protobufjs', (i) => ofProtobufjs.encode(messages[i]).finish()],
    ['@bufbuild/protobuf', (i) => toBinary(ofBufbuild, bufbuild[i])],
  ];
  for (const [name, encode] of encoders) {
    for (const [i, { body }] of bodies.entries()) {
      const expected = checksumOfBatch(decode(body));
      if (!isDeepStrictEqual(checksumOfBatch(decode(encode(i))), expected)) {
        throw new Error(`encode bench: ${name} wrote other fields than it was given`);
      }
    }
  }
  const run = (encode: (i: number) => Uint8Array) => (): number => {
    let spans = 0;
    for (let pass = 0; pass < OBJECT_PASSES; pass++) spans += encodeAll(encode);
    return spans;
  };
  const encodeAll = (encode: (i: number) => Uint8Array): number => {
    let spans = 0;
    for (const [i, { body, spanCount }] of bodies.entries()) {
      // All three write fields in order and leave defaults out: the same length within a few bytes a span.
      const { length } = encode(i);
      if (Math.abs(length - body.length) > 8 * spanCount) throw new Error(`encode bench: ${length} bytes of a request`);
      spans += spanCount;
    }
    return spans;
  };
  return encoders.map(([name, encode]) => ({ name, run: run(encode), nanos: [] }));
}
