/**
 * How fast OTLP protobuf becomes a SpanBatch, against protobufjs on the same bodies in the same process.
 * Both sides must find every span. Figures are process CPU time, medians over rounds that alternate.
 */
import { SpanBatch } from '@clew/model';
import { generateRequestBodies, type RequestBody } from '@clew/testkit/generate-realistic-traces';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';

const ROUNDS = 5;
const SIZES = [
  { bodies: 16, spansPerBody: 512, resources: 4, repeat: 20, baselineRepeat: 3 },
  { bodies: 2, spansPerBody: 8192, resources: 10, repeat: 10, baselineRepeat: 1 },
];

const request = otlpMessage('ExportTraceServiceRequest');

interface DecodedRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly unknown[] }[] }[];
}

function countWithProtobufjs(body: Uint8Array): number {
  const decoded = request.decode(body) as unknown as DecodedRequest;
  let count = 0;
  for (const resourceSpans of decoded.resourceSpans) {
    for (const scopeSpans of resourceSpans.scopeSpans) count += scopeSpans.spans.length;
  }
  return count;
}

/** CPU nanoseconds a span for `repeat` passes over all bodies; throws when a span is missing. */
function nanosPerSpan(bodies: readonly RequestBody[], repeat: number, count: (body: Uint8Array) => number): number {
  const before = process.cpuUsage();
  let spans = 0;
  for (let i = 0; i < repeat; i++) {
    for (const { body, spanCount } of bodies) {
      const found = count(body);
      if (found !== spanCount) throw new Error(`decode bench: ${found} spans found (expected ${spanCount})`);
      spans += found;
    }
  }
  const used = process.cpuUsage(before);
  return ((used.user + used.system) * 1000) / spans;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

for (const size of SIZES) {
  const bodies = generateRequestBodies({ seed: 12345, ...size });
  const bytesPerSpan = bodies.reduce((sum, { body }) => sum + body.length, 0) / (size.bodies * size.spansPerBody);
  const batch = new SpanBatch();
  const countWithBatch = (body: Uint8Array): number => {
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    return batch.spanCount;
  };
  nanosPerSpan(bodies, size.repeat, countWithBatch);
  nanosPerSpan(bodies, size.baselineRepeat, countWithProtobufjs);
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(nanosPerSpan(bodies, size.repeat, countWithBatch));
    baseline.push(nanosPerSpan(bodies, size.baselineRepeat, countWithProtobufjs));
  }
  const [a, b] = [median(ours), median(baseline)];
  console.log(
    `${size.spansPerBody} spans a body, ${bytesPerSpan.toFixed(0)} B/span: ` +
      `clew ${a.toFixed(0)} ns/span, protobufjs ${b.toFixed(0)} ns/span, ratio ${(b / a).toFixed(1)}`,
  );
}
