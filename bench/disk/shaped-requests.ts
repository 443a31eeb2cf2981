import type { TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';

export interface ShapedRequest {
  readonly body: Uint8Array;
  readonly spanCount: number;
}

/** Spans of a request, about. */
const REQUEST_SPANS = 2_000;
const SPREAD_NANO = 600_000_000_000n;

/**
 * Requests with whole traces, all different, until `spans` is reached or a little passed. Sizes of traces are uniform
 * from 1 to twice the average.
 */
export function* shapedRequests(options: {
  readonly seed: number;
  readonly spans: number;
  readonly traceSpans: number;
  readonly startUnixMs: number;
}): Generator<ShapedRequest> {
  const { traceSpans } = options;
  const traces = Math.max(1, Math.round(REQUEST_SPANS / traceSpans));
  let left = options.spans;
  for (let i = 0; left > 0; i++) {
    const data = generateRealisticTraces({
      seed: options.seed + i * 0x9e3779b9,
      traces,
      maxSpansPerTrace: 2 * traceSpans - 1,
      startTimeUnixNano: BigInt(options.startUnixMs) * 1_000_000n,
      spreadNano: SPREAD_NANO,
    });
    const spanCount = countSpans(data);
    left -= spanCount;
    yield { body: encodeOtlpProtobuf(data), spanCount };
  }
}

function countSpans(data: TraceData): number {
  let count = 0;
  for (const { scopeSpans } of data.resourceSpans) for (const { spans } of scopeSpans) count += spans.length;
  return count;
}
