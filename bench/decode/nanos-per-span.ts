import type { RequestBody } from '@clew/testkit/generate-realistic-traces';
import type { OtlpRequest } from './otlp-checksum.ts';

/** CPU nanoseconds a span for `repeat` passes over all bodies; throws when a span is missing. */
export function nanosPerSpan(
  bodies: readonly RequestBody[],
  repeat: number,
  count: (body: Uint8Array) => number,
): number {
  const before = process.cpuUsage();
  let spans = 0;
  for (let i = 0; i < repeat; i++) {
    for (const { body, spanCount } of bodies) {
      const found = count(body);
      if (found !== spanCount) throw new Error(`decoding: ${found} spans found (expected ${spanCount})`);
      spans += found;
    }
  }
  const used = process.cpuUsage(before);
  return ((used.user + used.system) * 1000) / spans;
}

export function countSpans({ resourceSpans }: OtlpRequest): number {
  let count = 0;
  for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) count += spans.length;
  return count;
}

/** Of an odd number of values, which it sorts. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
