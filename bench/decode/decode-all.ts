import type { RequestBody } from '@clew/testkit/generate-realistic-traces';
import type { OtlpRequest } from './otlp-checksum.ts';

/** Decodes every body with `count`, which returns the spans it found; throws when a span is missing. @returns all spans. */
export function decodeAll(bodies: readonly RequestBody[], count: (body: Uint8Array) => number): number {
  let spans = 0;
  for (const { body, spanCount } of bodies) {
    const found = count(body);
    if (found !== spanCount) throw new Error(`decoding: ${found} spans found (expected ${spanCount})`);
    spans += found;
  }
  return spans;
}

export function countSpans({ resourceSpans }: OtlpRequest): number {
  let count = 0;
  for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) count += spans.length;
  return count;
}
