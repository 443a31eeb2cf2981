import { FLAG_ERROR, parseTraceId, type TraceColumns } from '@clew/model';

/** A span of a test trace. Rows come in depth-first order; `parent` is a row or -1. */
export interface TestSpan {
  readonly parent: number;
  readonly start: number;
  readonly duration: number;
  readonly name?: string;
  readonly service?: string;
  readonly error?: boolean;
}

/** Columns of a small trace, for tests. Row n has the span id n + 1 in both halves. */
export function buildTestTrace(spans: readonly TestSpan[]): TraceColumns {
  const traceId = parseTraceId('1');
  if (traceId === undefined) throw new Error('test trace: the id does not parse.');
  const names = [...new Set(spans.map((span) => span.name ?? 'work'))];
  const services = [...new Set(spans.map((span) => span.service ?? 'shop'))];
  return {
    traceId,
    spanCount: spans.length,
    omittedSpanCount: 0,
    startTimeUnixNano: 1_800_000_000_000_000_000n,
    durationNano: Math.max(0, ...spans.map((span) => span.start + span.duration)),
    names,
    services,
    start: Float64Array.from(spans, (span) => span.start),
    duration: Float64Array.from(spans, (span) => span.duration),
    parent: Int32Array.from(spans, (span) => span.parent),
    spanId: Int32Array.from(
      spans.flatMap((_, row) => {
        const bytes = new DataView(new ArrayBuffer(4));
        bytes.setUint32(0, row + 1);
        return [bytes.getInt32(0, true), bytes.getInt32(0, true)];
      }),
    ),
    name: Uint32Array.from(spans, (span) => names.indexOf(span.name ?? 'work')),
    service: Uint16Array.from(spans, (span) => services.indexOf(span.service ?? 'shop')),
    eventCount: new Uint16Array(spans.length),
    kind: new Uint8Array(spans.length),
    statusCode: new Uint8Array(spans.length),
    flags: Uint8Array.from(spans, (span) => (span.error === true ? FLAG_ERROR : 0)),
  };
}

/**
 * A family of eight:
 * 0 root ─ 1 ─ 2, 3
 *        └ 4 ─ 5 ─ 6
 *        └ 7
 */
export const FAMILY: readonly TestSpan[] = [
  { parent: -1, start: 0, duration: 100, name: 'checkout', service: 'web' },
  { parent: 0, start: 0, duration: 40, name: 'pay', service: 'pay' },
  { parent: 1, start: 5, duration: 10, name: 'SELECT', service: 'pay', error: true },
  { parent: 1, start: 20, duration: 10, name: 'INSERT', service: 'pay' },
  { parent: 0, start: 40, duration: 50, name: 'ship', service: 'ship' },
  { parent: 4, start: 45, duration: 30, name: 'label', service: 'ship' },
  { parent: 5, start: 50, duration: 10, name: 'SELECT', service: 'ship', error: true },
  { parent: 0, start: 92, duration: 5, name: 'render', service: 'web' },
];
