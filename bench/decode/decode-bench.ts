/**
 * How fast OTLP protobuf becomes a SpanBatch, against protobufjs and @bufbuild/protobuf on the same bodies in the same
 * process. All must find the same spans: counts, and sums over their fields. Figures are process CPU time, medians over
 * rounds that alternate.
 */
import { isDeepStrictEqual } from 'node:util';
import { fromBinary } from '@bufbuild/protobuf';
import { SpanBatch } from '@clew/model';
import { generateRequestBodies, type RequestBody } from '@clew/testkit/generate-realistic-traces';
import { otlpBufbuildMessage } from '@clew/testkit/otlp-bufbuild-messages';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { median, nanosPerSpan } from '../report/nanos-per-span.ts';
import { countSpans, decodeAll } from './decode-all.ts';
import { checksumOfBatch, checksumOfRequest, type OtlpRequest } from './otlp-checksum.ts';

const ROUNDS = 5;
const SIZES = [
  { bodies: 16, spansPerBody: 512, resources: 4, repeat: 20, baselineRepeat: 2 },
  { bodies: 2, spansPerBody: 8192, resources: 10, repeat: 10, baselineRepeat: 1 },
];

const ofProtobufjs = otlpMessage('ExportTraceServiceRequest');
const ofBufbuild = otlpBufbuildMessage('ExportTraceServiceRequest');
const batch = new SpanBatch();

const decodeWithProtobufjs = (body: Uint8Array) => ofProtobufjs.decode(body) as unknown as OtlpRequest;
const decodeWithBufbuild = (body: Uint8Array) => fromBinary(ofBufbuild, body) as unknown as OtlpRequest;
function decodeToBatch(body: Uint8Array): SpanBatch {
  decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  return batch;
}

function verify(bodies: readonly RequestBody[]): void {
  for (const { body } of bodies) {
    const ours = checksumOfBatch(decodeToBatch(body));
    for (const theirs of [decodeWithProtobufjs(body), decodeWithBufbuild(body)].map(checksumOfRequest)) {
      if (isDeepStrictEqual(ours, theirs)) continue;
      throw new Error(`decode bench: fields differ: ${JSON.stringify(ours)}, ${JSON.stringify(theirs)}`);
    }
  }
}

for (const size of SIZES) {
  const bodies = generateRequestBodies({ seed: 12345, ...size });
  const bytesPerSpan = bodies.reduce((sum, { body }) => sum + body.length, 0) / (size.bodies * size.spansPerBody);
  verify(bodies);
  const sides = [
    { repeat: size.repeat, count: (body: Uint8Array) => decodeToBatch(body).spanCount, nanos: [] as number[] },
    { repeat: size.baselineRepeat, count: (body: Uint8Array) => countSpans(decodeWithProtobufjs(body)), nanos: [] },
    { repeat: size.baselineRepeat, count: (body: Uint8Array) => countSpans(decodeWithBufbuild(body)), nanos: [] },
  ];
  for (const { repeat, count } of sides) nanosPerSpan(repeat, () => decodeAll(bodies, count));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { repeat, count, nanos } of sides) nanos.push(nanosPerSpan(repeat, () => decodeAll(bodies, count)));
  }
  const [ours, protobufjs, bufbuild] = sides.map(({ nanos }) => median(nanos));
  console.log(
    `${size.spansPerBody} spans a body, ${bytesPerSpan.toFixed(0)} B/span: clew ${ours.toFixed(0)} ns/span; ` +
      `protobufjs ${protobufjs.toFixed(0)} ns/span, ratio ${(protobufjs / ours).toFixed(1)}; ` +
      `@bufbuild/protobuf ${bufbuild.toFixed(0)} ns/span, ratio ${(bufbuild / ours).toFixed(1)}; fields verified`,
  );
}
