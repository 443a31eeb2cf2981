import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { countSpans, decodeAll } from '../decode/decode-all.ts';
import type { OtlpRequest } from '../decode/otlp-checksum.ts';
import { median, nanosPerSpan } from './nanos-per-span.ts';

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
  const count = (body: Uint8Array): number => countSpans(request.decode(body) as unknown as OtlpRequest);
  const pass = (): number => decodeAll(bodies, count);
  nanosPerSpan(WARM_UP_PASSES, pass);
  return median(Array.from({ length: SLICES }, () => nanosPerSpan(PASSES_A_SLICE, pass)));
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
