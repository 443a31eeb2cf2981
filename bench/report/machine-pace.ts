import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';

/**
 * Nanoseconds in which the machine that our goals were set on decodes a span of 604 bytes with protobufjs (reflection),
 * 512 spans a request: what a span costs here can be said in such decodes, whatever the machine.
 */
export const GOAL_MACHINE_DECODE_NANO = 5_830;

const BODIES = 16;
const SPANS_A_BODY = 512;
const WARM_UP_PASSES = 4;
const SLICES = 9;
const PASSES_A_SLICE = 2;

/** CPU nanoseconds a span to decode realistic requests with protobufjs, in this process: the median of nine slices, ~3 s. */
export function measureDecodeNano(): number {
  const bodies = generateRequestBodies({ seed: 12345, bodies: BODIES, spansPerBody: SPANS_A_BODY, resources: 4 });
  const request = otlpMessage('ExportTraceServiceRequest');
  const pass = (): void => {
    for (const { body } of bodies) {
      const { resourceSpans } = request.decode(body) as unknown as DecodedRequest;
      let spans = 0;
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans += scope.spans.length;
      if (spans !== SPANS_A_BODY) throw new Error(`machine pace: ${spans} spans decoded (expected ${SPANS_A_BODY})`);
    }
  };
  for (let i = 0; i < WARM_UP_PASSES; i++) pass();
  const slices: number[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    const before = process.cpuUsage();
    for (let i = 0; i < PASSES_A_SLICE; i++) pass();
    const { user, system } = process.cpuUsage(before);
    slices.push(((user + system) * 1000) / (PASSES_A_SLICE * BODIES * SPANS_A_BODY));
  }
  return slices.sort((a, b) => a - b)[SLICES >> 1];
}

interface DecodedRequest {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly unknown[] }[] }[];
}

/** What a cost of so many CPU seconds a span is in decodes, and spans/s of a core of the goals' machine at that. */
export function atGoalMachine(
  secondsPerSpan: number,
  decodeNano: number,
): { readonly decodes: number; readonly spansPerSecond: number } {
  const decodes = (secondsPerSpan * 1e9) / decodeNano;
  return { decodes, spansPerSecond: 1e9 / (decodes * GOAL_MACHINE_DECODE_NANO) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
